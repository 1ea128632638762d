"""Documents over HTTP: taken in from the console's form, and taken out by who may see them."""

from urllib.parse import quote
from uuid import UUID

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from app.accounts.permissions import Permission
from app.api.forms import locale_in, see_other
from app.api.guarding import ROOMY
from app.api.requests import BadBody, actor_of, answering, marketplace_of
from app.database import tenant_session
from app.errors import AppError, NotFound
from app.knowledge import documents
from app.knowledge.access import checked_access
from app.knowledge.citing import shown_document
from app.knowledge.documents import LARGEST, File, FileTooLarge
from app.knowledge.extraction.kinds import KINDS
from app.knowledge.storing import file_of

MOST_FILES = 20
# Several files in one form may be as large as one alone.
ROOMY["/console/documents"] = LARGEST + 256 * 1024


async def take(request: Request) -> Response:
    """Take the files of a form in, as new documents or as the next version of one."""
    market = await marketplace_of(request)
    actor = await actor_of(request, market)
    # Before anything of a stranger's is read.
    actor.must(Permission.EDIT_KNOWLEDGE)
    try:
        async with request.form(max_files=MOST_FILES, max_fields=6) as form:
            told = {name: text for name, text in form.items() if isinstance(text, str)}
            sent = [
                File(await file.read(), file.filename or "", file.content_type or "")
                for file in form.getlist("files")
                if isinstance(file, UploadFile) and file.filename
            ]
    except HTTPException as error:
        raise BadBody("The form cannot be read.") from error
    page = f"/{locale_in(told, market)}/admin/knowledge"
    if not sent:
        return see_other(page, told="none")
    known = 0
    try:
        if told.get("document_id"):
            document_id, seen = _identified(told)
            page = f"{page}/documents/{document_id}"
            async with tenant_session(market.id) as session:
                taken = await documents.replace(session, actor, document_id, sent[0], seen)
            known = int(taken.known)
        else:
            access = checked_access(told.get("access"))
            for file in sent:
                async with tenant_session(market.id) as session:
                    taken = await documents.take_in(session, actor, file, access=access)
                known += taken.known
    except FileTooLarge:
        return see_other(page, told="too_large")
    except AppError as error:
        if error.status in (401, 404):
            raise
        return see_other(page, told="refused")
    return see_other(page, told="known" if known == len(sent) else "taken")


def _identified(told: dict[str, str]) -> tuple[UUID, int]:
    try:
        return UUID(told["document_id"]), int(told.get("version", "")[:10])
    except ValueError:
        raise NotFound("There is no such document.") from None


async def take_out(request: Request) -> Response:
    """The file of the version that a document shows, for those who may see it."""
    market = await marketplace_of(request)
    actor = await actor_of(request, market)
    try:
        document_id = UUID(request.path_params["document_id"])
    except ValueError:
        raise NotFound("There is no such document.") from None
    async with tenant_session(market.id) as session:
        document, version = await shown_document(session, actor, document_id)
    file = file_of(market.id, version.digest)
    if not file.is_file():
        raise NotFound("The file is gone.")
    name = quote(version.name or f"{document.title}.{version.kind}", safe="")
    headers = {
        # Saved, never shown: what strangers wrote must not run on this host.
        "content-disposition": f"attachment; filename*=UTF-8''{name}",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
        "cache-control": "private, no-store",
    }
    media = KINDS.get(version.kind, "application/octet-stream")
    return FileResponse(file, media_type=media, headers=headers)


routes = [
    Route("/console/documents", answering(take), methods=["POST"]),
    Route("/files/documents/{document_id}", answering(take_out), methods=["GET"]),
]
