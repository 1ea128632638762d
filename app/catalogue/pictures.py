"""How a kind of service looks: a symbol of `assets/icons.svg`, a hue, and a pattern per listing.

Listings without a photo are shown as a tile in the colour of their kind; the same listing always
gets the same tile.
"""

import zlib
from functools import cache

PATTERNS = 6
"""How many tile patterns the style sheet knows, numbered from 0."""

SPREAD = 16
"""By how many degrees the hue of a listing may differ from that of its kind."""

_NEUTRAL = ("tools", 150)

# For each hue in degrees: symbol, then the last parts of the keys that it stands for.
_LOOKS: dict[int, dict[str, str]] = {
    230: {
        "droplet": "plumber water_utility water shower water_sports",
        "air-conditioning": "hvac insulator",
        "wash-machine": "laundry self_service dry_cleaning carpet_cleaning household_linen",
        "ironing": "ironing",
        "pool": "swimming swimming_pool swimming_teacher water_park public_bath",
        "sailboat": "boatbuilder boat boat_rental boat_storage marina sailmaker rigger",
        "scuba-diving": "dive_centre scuba_diving",
        "window": "window_construction window_cleaning glaziery window_blind",
    },
    85: {
        "bolt": "electrician electrical energy_supplier charging_station lighting",
        "plug": "appliance appliance_repair vacuum_cleaner",
        "key": "locksmith key_cutter",
        "hammer": "carpenter joiner handyman sawmill doityourself repair renovation trade",
        "tools": "hardware tool_hire metal_construction tinsmith blacksmith",
        "wall": "plasterer stonemason tiler tiles bathroom_furnishing",
        "paint": "painter paint",
        "home": "roofer scaffolder apartment chalet",
        "door": "doors",
        "flame": "chimney_sweeper fireplace gas fuel bbq",
        "tool": "floorer parquet_layer carpet_layer flooring furniture_assembly",
        "truck-loading": "moving_company storage_rental",
        "trash": "junk_removal waste_disposal recycling recycling_centre",
        "bug": "pest_control",
    },
    150: {
        "plant-2": "gardener garden_centre groundskeeping agrarian forestry",
        "flower": "florist",
        "spray": "cleaning chemist",
        "leaf": "farm health_food organic herbalist alternative ayurveda naturopathy homeopathy",
        "tent": "camp_site summer_camp outdoor caravan_site caravan",
        "horse-toy": "horse_riding trail_riding_station horse_racing saddler",
    },
    55: {
        "paw": "veterinary pet pet_grooming animal_boarding animal_breeding animal_shelter "
        "pet_sitter zoo petting veterinary_pharmacy",
        "dog": "dog_trainer dog_walker",
        "bread": "bakery",
        "cake": "confectionery pastry",
        "chef-hat": "caterer private_chef restaurant",
        "coffee": "cafe coffee coffee_shop teahouse tea",
        "pizza": "pizza fast_food italian",
        "meat": "butcher steakhouse barbecue",
        "fish": "fishing seafood sushi aquarium",
        "beer": "brewery bar pub",
        "glass-full": "wine winery alcohol distillery",
        "ice-cream-2": "ice_cream",
        "shopping-cart": "supermarket convenience greengrocer general",
    },
    350: {
        "scissors": "hairdresser barber hairdresser_supply wigs",
        "sparkles": "beauty nails tanning cosmetics makeup_artist perfumery piercing tattoo",
        "massage": "massage",
        "needle-thread": "tailor dressmaker sewing fabric upholsterer curtain suits",
        "hanger": "clothes boutique fashion underwear workwear fashion_accessories bag",
        "shoe": "shoemaker shoe_repair shoes leather",
        "diamond": "jewelry gold_buyer",
        "heart": "wedding wedding_planner",
        "gift": "gift party variety_store",
        "balloon": "children_entertainer event_planner events_venue",
    },
    20: {
        "heartbeat": "doctors clinic hospital general internal cardiology paediatrics surgery "
        "rehabilitation ambulatory_care",
        "stethoscope": "physiotherapist osteopathy chiropractic orthopaedics occupational_therapist"
        " acupuncture",
        "dental": "dentist orthodontics",
        "eye": "optician optometrist ophthalmology",
        "ear": "audiologist hearing_aids otolaryngology",
        "pill": "pharmacy medical_supply",
        "flask": "laboratory sample_collection blood_donation",
        "brain": "psychotherapist psychologist counselling psychiatrist therapist neurology",
        "apple": "nutritionist nutrition_supplements",
        "mood-kid": "babysitter childcare kindergarten baby_goods indoor_play midwife",
        "wheelchair": "caregiver nursing_home assisted_living day_care hospice group_home",
        "message-language": "speech_therapist",
    },
    265: {
        "school": "tutor school prep_school university college educational_institution",
        "language": "language_school language_teacher translator interpreter",
        "music": "music_school music_teacher musician musical_instrument music dj karaoke_box",
        "microphone-2": "host audio radio",
        "barbell": "fitness_centre personal_trainer sports_centre sports_hall dojo sports",
        "yoga": "yoga",
        "confetti": "dancing_school dance nightclub",
        "steering-wheel": "driving_school driver_training driver",
        "book": "books library bookbinder",
        "palette": "art graphic_design arts_centre handicraft craft sculptor pottery gallery",
        "ticket": "ticket cinema theatre museum theme_park amusement_arcade escape_game",
        "camera": "photographer photo camera photo_booth photographic_laboratory "
        "photo_restoration frame",
        "movie": "videographer video television studio",
    },
    200: {
        "car": "car car_repair car_parts car_rental taxi second_hand car_wash tyres "
        "vehicle_inspection car_sharing",
        "crane": "towing",
        "bike": "bicycle bicycle_repair_station bicycle_rental",
        "motorbike": "motorcycle motorcycle_repair motorcycle_rental",
        "package": "courier post_office",
        "plane": "travel_agency guide office hotel hostel guest_house motel resort",
        "device-laptop": "computer computer_repair it internet_cafe electronics_repair "
        "electronics printer_ink",
        "device-mobile": "mobile_phone phone_repair mobile_phone_accessories telecommunication",
        "code": "web_developer",
        "printer": "copyshop stationery signmaker",
        "clock": "watchmaker clockmaker watches",
    },
    290: {
        "scale": "lawyer immigration_advice courthouse",
        "rubber-stamp": "notary government register_office",
        "calculator": "accountant tax_advisor financial financial_advisor bank",
        "umbrella": "insurance",
        "building-estate": "estate_agent property_management",
        "ruler-2": "architect surveyor engineer",
        "sofa": "interior_decoration furniture kitchen bed carpet antiques",
        "briefcase": "consulting company coworking coworking_space employment_agency",
        "speakerphone": "advertising_agency newspaper",
        "shield": "security private_investigator",
        "candle": "funeral_directors funeral_hall crematorium candles",
    },
}


@cache
def _by_kind() -> dict[str, tuple[str, int]]:
    return {
        kind: (symbol, hue)
        for hue, symbols in _LOOKS.items()
        for symbol, kinds in symbols.items()
        for kind in kinds.split()
    }


@cache
def look_of(key: str) -> tuple[str, int]:
    """The symbol and the hue (degrees) of a category's key, the nearest where it has none."""
    for part in reversed(key.split("/")[1:]):
        if found := _by_kind().get(part):
            return found
    return _NEUTRAL


def symbols() -> set[str]:
    """Every symbol that kinds of service use."""
    return {symbol for symbol, _ in _by_kind().values()} | {_NEUTRAL[0]}


def tile_of(key: str, slug: str) -> tuple[str, int, int]:
    """Symbol, hue and pattern of a listing's tile; its hue is near that of its kind."""
    symbol, hue = look_of(key)
    number = zlib.crc32(slug.encode())
    return symbol, (hue + number // PATTERNS % (2 * SPREAD + 1) - SPREAD) % 360, number % PATTERNS
