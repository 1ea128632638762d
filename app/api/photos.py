"""Photos of listings: shown with what is on show, and taken from those who write a listing."""

from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from app.accounts import limits, notes
from app.accounts.actors import Actor
from app.api.forms import locale_in, see_other
from app.api.guarding import ROOMY
from app.api.problems import locale_of
from app.api.requests import BadBody, actor_of, answering, marketplace_of
from app.catalogue.editing import must_write_for, to_edit
from app.catalogue.photos.drawing import LARGEST, PhotoRefused, draw
from app.catalogue.photos.hanging import MOST, TooManyPhotos, hang
from app.catalogue.photos.refusals import LONGEST_NAME, NOTE, Problem, said
from app.catalogue.photos.seeing import is_on_show, must_see
from app.catalogue.photos.storing import MEDIA, file_of
from app.database import tenant_session
from app.errors import NotFound, TooMany
from app.i18n import N_
from app.markets.directory import MarketCard
from app.markets.quotas import QuotaUsedUp
from app.rendering.sending import is_named

_HEADERS = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'",
}
# Under its name a picture never changes; who may see it does, so nobody keeps it for good.
_SHOWN = _HEADERS | {"cache-control": "public, max-age=3600"}
_FOR_FEW = _HEADERS | {"cache-control": "private, no-cache"}
_LASTS = timedelta(minutes=5)
_PAGES = {"office": "office/services", "admin": "admin/listings"}

# Several files of a form that a browser without JavaScript sends at once.
ROOMY["/files/listings/"] = 4 * LARGEST


async def picture(request: Request) -> Response:
    """A picture of a photo whose listing the caller may see: one on show, or one to write."""
    market = await marketplace_of(request)
    name = request.path_params["name"]
    file = file_of(market.id, name)
    photo_id = UUID(name.partition("-")[0])
    async with tenant_session(market.id) as session:
        shown = await is_on_show(session, photo_id)
    if not shown:
        actor = await actor_of(request, market)
        async with tenant_session(market.id) as session:
            await must_see(session, actor, photo_id)
    if not file.is_file():
        raise NotFound("There is no such file.")
    headers = (_SHOWN if shown else _FOR_FEW) | {"etag": f'"{name}"'}
    if is_named(request.headers.get("if-none-match", "").encode(), headers["etag"].encode()):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return FileResponse(file, media_type=MEDIA[file.suffix], headers=headers)


async def take(request: Request) -> Response:
    """Hang the photos of a form, and lead back to the page with what is wrong with the others.

    A script that asks for JSON is told `{"hung": n, "problems": [...]}` instead.
    """
    market = await marketplace_of(request)
    actor = await actor_of(request, market)
    try:
        listing_id = UUID(request.path_params["listing_id"])
    except ValueError:
        raise NotFound("There is no such listing.") from None
    # Before anything of a stranger's is read.
    async with tenant_session(market.id) as session:
        must_write_for(actor, (await to_edit(session, actor, listing_id, None)).provider_id)
    try:
        async with request.form(max_files=MOST, max_fields=5) as form:
            told = {name: text for name, text in form.items() if isinstance(text, str)}
            hung, problems = await _hung(market, actor, listing_id, form)
    except HTTPException as error:
        raise BadBody("Send at most %(count)s photos at once.", count=MOST) from error
    if "application/json" in request.headers.get("accept", ""):
        status = HTTPStatus.CREATED if hung else HTTPStatus.UNPROCESSABLE_ENTITY
        locale = locale_of(request)
        return JSONResponse({"hung": hung, "problems": said(problems, locale)}, status)
    note = notes.write(NOTE, market.id, _LASTS, {"hung": hung, "problems": problems})
    page = _PAGES.get(told.get("page", ""), _PAGES["office"])
    back = see_other(f"/{locale_in(told, market)}/{page}/{listing_id}", photos=note)
    back.headers["location"] += "#photos"
    return back


async def _hung(
    market: MarketCard, actor: Actor, listing_id: UUID, form: FormData
) -> tuple[int, list[Problem]]:
    """How many of a form's files hang now, and what is wrong with the others."""
    hung, problems = 0, list[Problem]()
    for file in form.getlist("files"):
        # A form in which nothing was chosen sends one file without a name.
        if not isinstance(file, UploadFile) or not file.filename:
            continue
        try:
            await limits.spend("photo", market.id, str(actor.person_id or actor.address))
            drawn = await draw(await file.read(LARGEST + 1))
            async with tenant_session(market.id) as session:
                await hang(session, actor, market, listing_id, drawn)
        except (PhotoRefused, TooManyPhotos, QuotaUsedUp, TooMany) as error:
            problems.append((file.filename[-LONGEST_NAME:], error.message, dict(error.params)))
        else:
            hung += 1
    if not hung and not problems:
        problems.append(("", N_("Choose a file first."), {}))
    return hung, problems


routes = [
    Route("/files/photos/{name}", answering(picture), methods=["GET"]),
    Route("/files/listings/{listing_id}", answering(take), methods=["POST"]),
]
