"""What ours say of services, answer and moderate; see `deeds`."""

from collections.abc import Awaitable, Callable

from app.catalogue.models import Listing
from app.database import tenant_session
from app.reviews.models import Review
from tests.factories import ROWS
from tests.isolation.deeds import posted
from tests.isolation.world import World
from tests.review_rows import rated


async def _reviewed(world: World) -> tuple[Listing, Review]:
    """A listing of ours with a review."""
    async with tenant_session(world.ours.id) as session:
        offer: Listing = await ROWS["listing"](session)
        (said,) = await rated(session, offer, 4)
        return offer, said


async def _forms(world: World) -> None:
    offer, said = await _reviewed(world)
    told = {"listing": offer.slug, "review": str(said.id), "reason": "rude", "note": "Twice."}
    await posted(world, "/reviews/report", told)
    told = {"listing": offer.slug, "stars": "5", "text": "Dry.", "name": "Ada", "written": "en"}
    await posted(world, "/reviews/write", told)
    await posted(world, "/reviews/withdraw", told)


REVIEW_DEEDS: dict[str, Callable[[World], Awaitable[None]]] = {"app/api/reviewing.py": _forms}
"""By the file whose places a deed reaches."""
