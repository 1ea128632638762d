"""What listings were rated: from how many reviews gave how many stars follows everything shown."""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

from babel.numbers import format_decimal
from sqlmodel import col

from app.catalogue.models import Listing

MOST_STARS = 5


@dataclasses.dataclass(frozen=True)
class Rating:
    """How many reviews gave one star, two, and so on to `MOST_STARS`."""

    given: tuple[int, ...] = (0,) * MOST_STARS

    @property
    def count(self) -> int:
        """How many reviews there are."""
        return sum(self.given)

    @property
    def average(self) -> float:
        """The mean of their stars, 0 where there are none."""
        stars = sum(stars * count for stars, count in enumerate(self.given, start=1))
        return stars / self.count if self.count else 0.0

    def written(self, locale: str) -> str:
        """The mean as the language writes it, `4.7` or `4,7`; empty where there is none."""
        if not self.count:
            return ""
        return format_decimal(round(self.average, 1), "0.0", locale=locale.replace("-", "_"))


def rating_of(listing: Listing) -> Rating:
    """What a listing was rated."""
    return Rating(tuple(listing.stars))


def rating_of_all(listings: Iterable[Sequence[int]]) -> Rating:
    """What several were rated together, by their `Listing.stars`."""
    return Rating(tuple(sum(each) for each in zip(*listings, strict=True)) or Rating().given)


def reviews_given() -> Any:
    """In a query, how many reviews a listing has."""
    return sum((_given(stars) for stars in range(2, MOST_STARS + 1)), _given(1))


def stars_given() -> Any:
    """In a query, how many stars they gave it together."""
    return sum((stars * _given(stars) for stars in range(2, MOST_STARS + 1)), _given(1))


def _given(stars: int) -> Any:
    # Postgres counts the parts of an array from 1, as people count stars.
    given: Any = col(Listing.stars)
    return given[stars]
