"""What search engines are told of services and providers beside what people read."""

from typing import Any

from app.catalogue.cards import ListingCard, ListingDetail
from app.catalogue.towns import rough
from app.settings import settings
from state.page import Visit


def item_list(visit: Visit, name: str, cards: list[ListingCard]) -> dict[str, Any]:
    """A list of services, as https://schema.org/ItemList."""
    origin = settings().origin(visit.market.host)
    return {
        "@type": "ItemList",
        "name": name,
        "numberOfItems": len(cards),
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": card.title,
                "url": origin + card.url,
            }
            for position, card in enumerate(cards, start=1)
        ],
    }


def service(visit: Visit, detail: ListingDetail) -> dict[str, Any]:
    """A service with its offer, where and by whom, as https://schema.org/Service."""
    card = detail.card
    origin = settings().origin(visit.market.host)
    offer = None
    if detail.amount is not None:
        offer = {
            "@type": "Offer",
            "price": str(detail.amount),
            "priceCurrency": detail.currency,
            "url": visit.address(),
            "priceSpecification": {
                "@type": "UnitPriceSpecification",
                "price": str(detail.amount),
                "priceCurrency": detail.currency,
                "unitText": card.unit,
            },
        }
    area: dict[str, Any] | None = None
    if detail.lat is not None and detail.lon is not None and detail.radius_km:
        area = {
            "@type": "GeoCircle",
            "geoMidpoint": {
                "@type": "GeoCoordinates",
                "latitude": rough(detail.lat),
                "longitude": rough(detail.lon),
            },
            "geoRadius": round(detail.radius_km * 1000),
        }
    elif card.city:
        area = {"@type": "City", "name": card.city}
    return {
        "@type": "Service",
        "name": card.title,
        "description": detail.description,
        "serviceType": card.category_name,
        "url": visit.address(),
        "availableChannel": {"@type": "ServiceChannel", "availableLanguage": card.languages}
        if card.languages
        else None,
        "image": [origin + photo.src for photo in detail.photos],
        "areaServed": area,
        "offers": offer,
        "provider": {
            "@type": "LocalBusiness",
            "@id": f"{origin}{card.provider_url}#provider",
            "name": card.provider,
            "url": origin + card.provider_url,
            "address": address_of(card.city),
        },
    }


def address_of(city: str) -> dict[str, str] | None:
    """A town as https://schema.org/PostalAddress; None for no town."""
    return {"@type": "PostalAddress", "addressLocality": city} if city else None
