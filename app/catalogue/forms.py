"""What a person wrote into the form of a listing, by the same rules as a row of a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from app.catalogue.inputs import LISTS, ListingFields
from app.catalogue.models import Listing
from app.i18n import N_
from app.markets.shaping import NotAccepted
from app.rows import LISTS as SEPARATORS

PER_LOCALE = ("title", "description", "city")
PLAIN = ("category", "lat", "lon", "radius_km", "photo")
NUMBERS = ("lat", "lon", "radius_km", "amount")

PROBLEMS = {
    "title": N_("A title in at least one language is needed, of up to 200 characters."),
    "description": N_("A description in at least one language is needed."),
    "category": N_("Choose a category."),
    "amount": N_("The price must be a number such as 49.90."),
    "currency": N_("This is not a currency code such as EUR."),
    "unit": N_("At most 200 characters, please."),
    "city": N_("At most 200 characters, please."),
    "lat": N_("Latitude and longitude are degrees such as 52.52 and 13.40, both or neither."),
    "radius_km": N_("The distance must be a number of kilometres."),
    "languages": N_("One of these is not a language."),
    "tags": N_("At most 50 short tags, please."),
    "photo": N_("The address of a picture starts with https://."),
}
"""What is said of each field that is not what it must be."""


class ListingRefused(NotAccepted):
    """Some fields are not what they must be; `problems` are message ids by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        field, message = next(iter(problems.items()))
        super().__init__(message, field=field)
        self.problems = dict(problems)


def listing_fields(form: Mapping[str, object], locales: Sequence[str]) -> ListingFields:
    """The listing that a form describes; raises `ListingRefused`.

    Texts per language are called `title.ru`; a price is `amount`, `currency` and `unit`;
    `languages` and `tags` are parted by commas. Fields that nobody knows are left alone.
    """
    told: dict[str, Any] = {}
    for name in PER_LOCALE:
        texts = {code: text for code in locales if (text := _text(form, f"{name}.{code}"))}
        if texts or name != "city":
            told[name] = texts
    for name in PLAIN:
        if text := _number(form, name) if name in NUMBERS else _text(form, name):
            told[name] = text
    if amount := _number(form, "amount"):
        told["price"] = {"amount": amount}
        for name in ("currency", "unit"):
            if text := _text(form, name):
                told["price"][name] = text
    for name in LISTS:
        parts = (part.strip() for part in SEPARATORS.split(_text(form, name)))
        told[name] = [part for part in parts if part]
    try:
        return ListingFields.model_validate(told)
    except ValidationError as error:
        raise ListingRefused(_problems(error)) from error


def form_of(listing: Listing, locales: Sequence[str], default_locale: str) -> dict[str, str]:
    """A listing as its form shows it."""
    told = {
        f"{name}.{code}": getattr(listing, name).get(code, "")
        for name in ("title", "description")
        for code in locales
    }
    for code in locales:
        usual = listing.city if code == default_locale else ""
        told[f"city.{code}"] = listing.city_names.get(code, usual or "")
    amount = listing.price_amount
    return told | {
        "category": listing.category,
        "amount": "" if amount is None else f"{amount:f}",
        "currency": listing.price_currency or "",
        "unit": listing.price_unit or "",
        "lat": _written(listing.lat),
        "lon": _written(listing.lon),
        "radius_km": _written(listing.radius_km),
        "languages": ", ".join(listing.languages),
        "tags": ", ".join(listing.tags),
        "photo": listing.photo or "",
    }


def _text(form: Mapping[str, object], name: str) -> str:
    value = form.get(name)
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def _number(form: Mapping[str, object], name: str) -> str:
    return _text(form, name).replace("\xa0", "").replace(" ", "").replace(",", ".")


def _written(number: float | None) -> str:
    return "" if number is None else f"{number:g}" if number == int(number) else str(number)


def _problems(error: ValidationError) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in error.errors():
        where = [str(part) for part in each["loc"]]
        name = where[0] if where else "lat"
        if name == "price":
            name = where[1] if len(where) > 1 else "amount"
        name = "lat" if name == "lon" else name
        found[name] = PROBLEMS.get(name, PROBLEMS["title"])
    return found
