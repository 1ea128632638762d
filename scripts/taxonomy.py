"""Makes app/catalogue/taxonomy.json from the npm package @openstreetmap/id-tagging-schema.

Run it with the unpacked package as its only argument:

    npm pack @openstreetmap/id-tagging-schema
    tar xzf openstreetmap-id-tagging-schema-*.tgz
    python scripts/taxonomy.py package

It keeps the kinds of place that offer a service, with their names and search terms in our
locales, one kind a line so that an update reads well as a diff.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "app" / "catalogue" / "taxonomy.json"
LICENCE = ROOT / "app" / "catalogue" / "taxonomy.LICENSE"

# Our locale -> the package's file.
LOCALES = {
    "en": "en",
    "ru": "ru",
    "de": "de",
    "es": "es",
    "fr": "fr",
    "ar": "ar",
    "uk": "uk",
    "tr": "tr",
    "kk": "kk",
    "zh": "zh-CN",
    "it": "it",
    "pl": "pl",
}

WHOLE_GROUPS = ("craft", "office", "shop", "healthcare", "education")

# Kinds of the whole groups that are no service anybody looks for in a market.
LEFT_OUT = {
    "office/yes",
    "office/vacant",
    "office/quango",
    "office/physician",
    "office/administrative",
    "office/travel_agent",
    "office/political_party",
    "office/bail_bond_agent-US-PH",
    "office/government/prosecutor",
    "office/government/tax",
    "office/diplomatic",
    "office/diplomatic/liaison",
    "office/diplomatic/embassy",
    "office/diplomatic/consulate",
    "shop/yes",
    "shop/vacant",
    "shop/outpost",
    "healthcare/yes",
    "education/yes",
}

# Of the mixed groups only these offer a service.
AMENITY = {
    "animal_boarding",
    "animal_breeding",
    "animal_shelter",
    "arts_centre",
    "bank",
    "bar",
    "bicycle_rental",
    "bicycle_repair_station",
    "boat_rental",
    "boat_storage",
    "bureau_de_change",
    "cafe",
    "car_pooling",
    "car_rental",
    "car_sharing",
    "car_wash",
    "charging_station",
    "childcare",
    "cinema",
    "clinic",
    "college",
    "community_centre",
    "conference_centre",
    "courthouse",
    "coworking_space",
    "crematorium",
    "dancing_school",
    "dentist",
    "dive_centre",
    "doctors",
    "dojo",
    "driver_training",
    "driving_school",
    "events_venue",
    "exhibition_centre",
    "fast_food",
    "fuel",
    "funeral_hall",
    "hospital",
    "internet_cafe",
    "karaoke_box",
    "kindergarten",
    "language_school",
    "library",
    "luggage_locker",
    "marketplace",
    "money_transfer",
    "motorcycle_rental",
    "music_school",
    "nightclub",
    "nursing_home",
    "parking",
    "pharmacy",
    "photo_booth",
    "planetarium",
    "police",
    "post_office",
    "prep_school",
    "pub",
    "public_bath",
    "recycling",
    "recycling_centre",
    "research_institute",
    "restaurant",
    "school",
    "shower",
    "social_centre",
    "social_facility",
    "studio",
    "taxi",
    "theatre",
    "toy_library",
    "university",
    "vehicle_inspection",
    "veterinary",
    "veterinary_pharmacy",
    "waste_disposal",
}
AMENITY_PARENTS = (
    "clinic",
    "doctors",
    "social_facility",
    "studio",
    "taxi",
    "restaurant",
    "cafe",
    "fast_food",
)
LEISURE = {
    "amusement_arcade",
    "beach_resort",
    "bowling_alley",
    "dance",
    "escape_game",
    "fitness_centre",
    "fitness_centre/yoga",
    "golf_course",
    "hackerspace",
    "horse_riding",
    "ice_rink",
    "indoor_play",
    "marina",
    "miniature_golf",
    "playground/indoor",
    "resort",
    "sauna",
    "sports_centre",
    "sports_centre/climbing",
    "sports_centre/climbing_adventure",
    "sports_centre/horse_racing",
    "sports_centre/karting",
    "sports_centre/shooting",
    "sports_centre/swimming",
    "sports_hall",
    "stadium",
    "summer_camp",
    "swimming_pool",
    "trampoline_park",
    "water_park",
}
TOURISM = {
    "apartment",
    "aquarium",
    "camp_site",
    "caravan_site",
    "chalet",
    "gallery",
    "guest_house",
    "hostel",
    "hotel",
    "information/office",
    "motel",
    "museum",
    "theme_park",
    "trail_riding_station",
    "zoo",
    "zoo/petting",
}


def is_service(key: str) -> bool:
    """Whether somebody would look for this kind of place in a market of services."""
    group, _, kind = key.partition("/")
    if group in WHOLE_GROUPS:
        return bool(kind) and key not in LEFT_OUT
    if group == "amenity":
        return kind in AMENITY or (kind.partition("/")[0] in AMENITY_PARENTS and "-" not in kind)
    if group == "leisure":
        return kind in LEISURE
    return group == "tourism" and kind in TOURISM


def described_by(key: str, presets: dict[str, Any]) -> str:
    """The key whose name `key` borrows, itself where it has its own."""
    name = str(presets.get(key, {}).get("name", ""))
    if re.fullmatch(r"\{[\w/]+\}", name):
        return described_by(name[1:-1], presets)
    return key


def words(text: str) -> list[str]:
    """The terms of a comma-separated (sometimes semicolon or Arabic comma) list, each once."""
    parts = (part.strip() for part in re.split(r"[,;،，、\n]", text))
    return list(dict.fromkeys(part for part in parts if part))


def taxonomy(package: Path) -> list[dict[str, Any]]:
    presets: dict[str, Any] = json.loads((package / "dist" / "presets.json").read_text("utf-8"))
    texts: dict[str, dict[str, Any]] = {}
    for locale, file in LOCALES.items():
        content = json.loads((package / f"dist/translations/{file}.json").read_text("utf-8"))
        texts[locale] = content[file]["presets"]["presets"]
    kinds: list[dict[str, Any]] = []
    for key in sorted(filter(is_service, presets)):
        sources = dict.fromkeys((key, described_by(key, presets)))
        names: dict[str, str] = {}
        terms: dict[str, list[str]] = {}
        for locale in LOCALES:
            found: list[str] = []
            for source in sources:
                text = texts[locale].get(source, {})
                if text.get("name") and locale not in names:
                    names[locale] = text["name"].strip()
                found += words(text.get("aliases", "")) + words(text.get("terms", ""))
            kept = [term for term in dict.fromkeys(found) if term != names.get(locale)]
            if kept:
                terms[locale] = kept
        if "en" in names:
            icon = presets[key].get("icon", "")
            kinds.append({"key": key, "icon": icon, "names": names, "terms": terms})
    return kinds


def main(package: Path) -> None:
    kinds = taxonomy(package)
    lines = (json.dumps(kind, ensure_ascii=False, separators=(",", ":")) for kind in kinds)
    TARGET.write_text("[\n" + ",\n".join(lines) + "\n]\n", "utf-8")
    version = json.loads((package / "package.json").read_text("utf-8"))["version"]
    licence = (package / "LICENSE.md").read_text("utf-8").removeprefix("## ").strip()
    LICENCE.write_text(
        f"taxonomy.json is taken from @openstreetmap/id-tagging-schema {version}"
        f" (ISC License), reduced by scripts/taxonomy.py.\n\n{licence}\n",
        "utf-8",
    )
    print(f"{len(kinds)} kinds, {TARGET.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
