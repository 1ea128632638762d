"""What ours say of services, answer and moderate; see `deeds`."""

from collections.abc import Awaitable, Callable

from sqlmodel import col, select

from app.accounts.models import RoleGrant
from app.catalogue.models import Listing
from app.database import tenant_session
from app.reviews.models import Review
from tests.factories import ROWS
from tests.isolation import handlers
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


async def _office(world: World) -> None:
    """Answer what is said of the provider that our owner acts for."""
    async with tenant_session(world.ours.id) as session:
        grant = select(RoleGrant.provider_id).where(
            RoleGrant.person_id == world.people["owner"], col(RoleGrant.provider_id).is_not(None)
        )
        offer: Listing = await ROWS["listing"](
            session, provider_id=(await session.exec(grant)).one()
        )
        (said,) = await rated(session, offer, 4)
    form = {"review": str(said.id), f"answer-{said.id}": "Thank you."}
    await handlers.send(world, "OfficeReviewsState.answer", {"form": form})


async def _console(world: World) -> None:
    _offer, said = await _reviewed(world)
    form = {"review": str(said.id), f"reason-{said.id}": "A phone number."}
    await handlers.send(world, "AdminReviewsState.hide", {"form": form})
    await handlers.send(world, "AdminReviewsState.restore", {"review_id": str(said.id)})


REVIEW_DEEDS: dict[str, Callable[[World], Awaitable[None]]] = {
    "app/api/reviewing.py": _forms,
    "state/admin/reviews.py": _console,
    "state/office/reviews.py": _office,
}
"""By the file whose places a deed reaches."""
