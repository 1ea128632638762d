"""What search engines are told of services and providers beside what people read."""

from collections.abc import Sequence
from typing import Any

from app.catalogue.cards import ListingCard, ListingDetail
from app.catalogue.ratings import MOST_STARS
from app.catalogue.towns import rough
from app.reviews.reading import Said
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


def service(visit: Visit, detail: ListingDetail, reviews: Sequence[Said] = ()) -> dict[str, Any]:
    """A service with its offer, where and by whom, as https://schema.org/Service.

    `reviews` are those that stand on the page.
    """
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
        "aggregateRating": aggregate(detail.rating.average, detail.rating.count),
        "review": [review(one) for one in reviews],
    }


def reviewed(visit: Visit, detail: ListingDetail, reviews: Sequence[Said]) -> dict[str, Any]:
    """A service with what is said of it, on the page of that; its offer stands on its own."""
    return {
        "@type": "Service",
        "name": detail.card.title,
        "serviceType": detail.card.category_name,
        "url": settings().origin(visit.market.host) + detail.card.url,
        "aggregateRating": aggregate(detail.rating.average, detail.rating.count),
        "review": [review(one) for one in reviews],
    }


def aggregate(average: float, count: int) -> dict[str, Any] | None:
    """The mean of all reviews, as https://schema.org/AggregateRating; None where there are none."""
    if not count:
        return None
    return {
        "@type": "AggregateRating",
        "ratingValue": round(average, 2),
        "bestRating": MOST_STARS,
        "worstRating": 1,
        "reviewCount": count,
    }


def review(said: Said) -> dict[str, Any]:
    """What one person says, as https://schema.org/Review."""
    return {
        "@type": "Review",
        "author": {"@type": "Person", "name": said.name},
        "datePublished": said.at.date().isoformat(),
        "inLanguage": said.locale,
        "reviewBody": said.text,
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": said.stars,
            "bestRating": MOST_STARS,
            "worstRating": 1,
        },
    }


def address_of(city: str) -> dict[str, str] | None:
    """A town as https://schema.org/PostalAddress; None for no town."""
    return {"@type": "PostalAddress", "addressLocality": city} if city else None
