"""What ours do with their own approvals, quotes and shortlists; see `deeds`."""

import io
import json
from collections.abc import Awaitable, Callable
from uuid import UUID

from PIL import Image

from app.approvals.models import Approval
from app.catalogue.models import Listing
from app.catalogue.photos.showing import photos_of, shown_photo
from app.database import tenant_session
from tests.factories import ROWS
from tests.isolation import handlers
from tests.isolation.asking import answer
from tests.isolation.deeds import a_row, posted, work_off
from tests.isolation.world import PLUMBERS, World


async def _approval(world: World) -> Approval:
    async with tenant_session(world.ours.id) as session:
        return await ROWS["approval"](session, person_id=world.people["owner"])


async def _over_http(world: World) -> None:
    approval = await _approval(world)
    path = f"/api/v1/approvals/{approval.id}"
    headers = world.headers("owner")
    await answer("GET", "/api/v1/approvals", world.ours.host, headers)
    await answer("GET", path, world.ours.host, headers)
    told = {"version": 1, "arguments": {"message": "Two taps"}}
    headers |= {"content-type": "application/json", "origin": f"http://{world.ours.host}"}
    await answer("PATCH", path, world.ours.host, headers, _json(told))
    await posted(world, f"{path}/decision", data={"verdict": "refuse", "version": 2})


async def _vendors(world: World) -> None:
    async with tenant_session(world.ours.id) as session:
        one: Listing = await ROWS["listing"](session)
        two: Listing = await ROWS["listing"](session)
    ids = f"{one.id},{two.id}"
    for place in ("search?q=tap", f"comparison?ids={ids}", str(one.provider_id)):
        await answer("GET", f"/api/v1/vendors/{place}", world.ours.host)
    headers = world.headers("owner")
    headers |= {"content-type": "application/json", "idempotency-key": str(one.id)}
    told = {"listing_ids": [str(one.id)], "message": "A leaking tap"}
    path = "/api/v1/vendors/request-quote"
    await answer("POST", path, world.ours.host, headers, _json(told))


async def _cards(world: World) -> None:
    approval = await _approval(world)
    kept = {"_conversation": str(approval.conversation_id)}
    told = {"approval_id": str(approval.id)}
    await handlers.send(world, "ApprovalState.follow", {}, kept)
    await handlers.send(world, "ApprovalState.refuse", told | {"version": 1}, kept)


async def _quoting(world: World) -> None:
    async with tenant_session(world.ours.id) as session:
        offer: Listing = await ROWS["listing"](session)
        talk = await ROWS["conversation"](session, person_id=world.people["owner"], last_seq=2)
        await ROWS["conversation_event"](session, conversation_id=talk.id, seq=1)
        cited = {"kind": "listing", "external_id": offer.external_id}
        reply = await ROWS["conversation_event"](
            session,
            conversation_id=talk.id,
            seq=2,
            kind="reply",
            payload={"text": "", "asked": 1, "citations": [cited]},
        )
    kept = {"message_id": str(reply.id)}
    open_one = {"ConversationState.conversation_id": str(talk.id)}
    for deed in ("keep", "propose"):
        await handlers.send(world, f"QuotingState.{deed}", kept, open_one)


async def _office(world: World) -> None:
    request = await a_row(world, "quote_request")
    await handlers.send(world, "OfficeQuotesState.answer", {"form": {"request": request}})


async def _shortlist(world: World) -> None:
    async with tenant_session(world.ours.id) as session:
        offer: Listing = await ROWS["listing"](session)
    await handlers.send(world, "ShortlistState.keep", {"slug": offer.slug})
    await handlers.send(world, "ShortlistState.drop", {"listing_id": str(offer.id)})


async def _photos(world: World) -> None:
    """A photo that they hang in a listing of their own, look at, describe, move and take down."""
    listing = await a_row(world, "listing")
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "#2a7").save(out, "PNG")
    path = f"/files/listings/{listing}"
    for name, data in (("a.png", out.getvalue()), ("b.png", b"none")):
        await posted(world, path, {"page": "admin"}, file=("files", name, data))
    async with tenant_session(world.ours.id) as session:
        (photo,) = await photos_of(session, UUID(listing))
    shown = shown_photo(photo, "en")
    await answer("GET", shown.src, world.ours.host)
    kept, told = {"listing_id": listing}, {"photo_id": str(photo.id)}
    await handlers.send(world, "PhotosState.arrived", {"told": "[]"}, kept)
    await handlers.send(world, "PhotosState.move", told | {"place": 1}, kept)
    form = {"photo": str(photo.id), "alt.en": "A tap"}
    await handlers.send(world, "PhotosState.describe", {"form": form}, kept)
    await handlers.send(world, "PhotosState.remove", told, kept)
    await work_off(world, "photo.sweep")


async def _shared(world: World) -> None:
    """The picture of a listing of their own, as a network asks for it."""
    async with tenant_session(world.ours.id) as session:
        offer: Listing = await ROWS["listing"](session)
    await answer("GET", f"/og/en/{offer.slug}.jpg", world.ours.host)


def _json(told: object) -> bytes:
    return json.dumps(told).encode()


async def _category(world: World) -> None:
    await handlers.send(world, "CategoryState.load", {}, place=PLUMBERS.slug)


OFFER_DEEDS: dict[str, Callable[[World], Awaitable[None]]] = {
    "agents/quoting.py": _quoting,
    "agents/tools/using.py": _quoting,
    "app/api/approvals.py": _over_http,
    "app/api/photos.py": _photos,
    "app/api/sharing.py": _shared,
    "app/api/vendors.py": _vendors,
    "app/catalogue/photos/sweeping.py": _photos,
    "state/approvals.py": _cards,
    "state/category.py": _category,
    "state/office/quotes.py": _office,
    "state/photos.py": _photos,
    "state/quoting.py": _quoting,
    "state/shortlist.py": _shortlist,
}
"""By the file whose places a deed reaches."""
