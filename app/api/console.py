"""What the console sends as files and takes as files: the logo, the audit log, archives."""

from collections.abc import AsyncGenerator

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from app.accounts.permissions import Permission
from app.api.forms import locale_in, see_other
from app.api.guarding import ROOMY
from app.api.requests import BadBody, actor_of, answering, market_of
from app.audit.reading import sought_of, taken_out
from app.database import tenant_session
from app.errors import Conflict, NotFound
from app.markets import directory
from app.markets.archive import archive_of
from app.markets.closing_archive import hand_out
from app.markets.logos import LARGEST, LogoRefused, LogoTooLarge, hang_logo, logo_file
from app.markets.quotas import QuotaUsedUp

_FOR_GOOD = {
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'",
}

_PRIVATE = {"cache-control": "private, no-store", "x-content-type-options": "nosniff"}
_FORMS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}

# The form's other fields and its frame take a little room beside the file.
ROOMY["/console/logo"] = LARGEST + 64 * 1024


async def logo(request: Request) -> Response:
    """A logo of this market; its name changes with what it shows, so it may be kept for good."""
    market = await market_of(request)
    file = logo_file(market.id, request.path_params["name"])
    if not file.is_file():
        raise NotFound("There is no such file.")
    return FileResponse(file, media_type="image/webp", headers=_FOR_GOOD)


async def upload_logo(request: Request) -> Response:
    """Take the form of the brand's page, and lead back to it."""
    market = await market_of(request)
    actor = await actor_of(request, market)
    # Before anything of a stranger's is read.
    actor.must(Permission.SHAPE)
    try:
        async with request.form(max_files=1, max_fields=5) as form:
            told = {name: text for name, text in form.items() if isinstance(text, str)}
            file = form.get("file")
            data = await file.read() if isinstance(file, UploadFile) else b""
    except HTTPException as error:
        raise BadBody("The form cannot be read.") from error
    page = f"/{locale_in(told, market)}/admin/brand"
    version = told.get("version", "")
    seen = int(version) if version.isdecimal() and len(version) < 10 else 0
    if not data:
        return see_other(page, logo="none")
    try:
        async with tenant_session(market.id) as session:
            await hang_logo(session, actor, data, seen, alone="alone" in told)
    except LogoTooLarge:
        return see_other(page, logo="too_large")
    except LogoRefused:
        return see_other(page, logo="not_an_image")
    except Conflict:
        return see_other(page, logo="conflict")
    except QuotaUsedUp:
        return see_other(page, logo="no_room")
    directory.forget_market(market.id)
    return see_other(page, logo="done")


async def audit(request: Request) -> Response:
    """The audit log as a file; the query narrows it as the page's filters do."""
    market = await market_of(request)
    actor = await actor_of(request, market)
    form = request.path_params["form"]
    if form not in _FORMS:
        raise NotFound("There is no such file.")
    asked = {
        name: request.query_params.get(name, "") for name in ("words", "noun", "since", "until")
    }
    sought = sought_of(asked, market.timezone)
    # Who may not take it out learns so before the answer begins.
    actor.must(Permission.SEE_AUDIT)

    async def lines() -> AsyncGenerator[bytes]:
        async with tenant_session(market.id) as session:
            async for text in taken_out(session, actor, sought, form):
                yield text.encode()

    name = f"{market.key}-audit.{form}"
    return StreamingResponse(
        lines(),
        media_type=_FORMS[form],
        headers=_PRIVATE | {"content-disposition": f'attachment; filename="{name}"'},
    )


async def archive(request: Request) -> Response:
    """An archive of the market, for who may export it."""
    market = await market_of(request)
    actor = await actor_of(request, market)
    async with tenant_session(market.id) as session:
        found = await archive_of(session, actor, request.path_params["job_id"])
    return FileResponse(
        found.file, media_type="application/zip", filename=found.name, headers=_PRIVATE
    )


async def archive_for_platform(request: Request) -> Response:
    """An archive of any market, for who runs the platform, on its own host."""
    home = await market_of(request)
    actor = await actor_of(request, home)
    actor.must(Permission.PLATFORM)
    if not home.is_platform:
        raise NotFound("There is no such file.")
    market_id, job_id = request.path_params["market_id"], request.path_params["job_id"]
    found = await hand_out(actor, market_id, job_id)
    return FileResponse(
        found.file, media_type="application/zip", filename=found.name, headers=_PRIVATE
    )


routes = [
    Route("/files/logo/{name}", answering(logo), methods=["GET"]),
    Route("/console/audit.{form}", answering(audit), methods=["GET"]),
    Route("/console/exports/{job_id:uuid}", answering(archive), methods=["GET"]),
    Route(
        "/console/markets/{market_id:uuid}/exports/{job_id:uuid}",
        answering(archive_for_platform),
        methods=["GET"],
    ),
    Route("/console/logo", answering(upload_logo), methods=["POST"]),
]
