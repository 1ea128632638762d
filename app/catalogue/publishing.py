"""What of the catalogue everybody may see: every public road asks here."""

from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists
from sqlmodel import col, select

from app.catalogue.models import Listing, Provider


class ListingState(StrEnum):
    """How far a listing is on its way to the public."""

    DRAFT = "draft"
    """Being written by its provider."""
    WAITING = "waiting"
    """Sent to the market's staff, who look at it."""
    PUBLISHED = "published"
    HIDDEN = "hidden"
    """Taken off the pages by the staff."""
    REFUSED = "refused"
    """Sent back to its provider, with a reason."""


class ProviderState(StrEnum):
    """Whether a provider's listings may be seen at all."""

    PUBLISHED = "published"
    HIDDEN = "hidden"


def on_show() -> ColumnElement[bool]:
    """A listing that everybody may see: it is published, and so is its provider."""
    seen = select(Provider.id).where(Provider.state == ProviderState.PUBLISHED)
    return and_(col(Listing.state) == ListingState.PUBLISHED, col(Listing.provider_id).in_(seen))


def showing() -> ColumnElement[bool]:
    """A provider who has a page: published, with something on show."""
    offered = exists().where(
        col(Listing.provider_id) == col(Provider.id), col(Listing.state) == ListingState.PUBLISHED
    )
    return and_(col(Provider.state) == ProviderState.PUBLISHED, offered)
