"""Files in a conversation: put there, taken back, and opened by its person alone."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.encoders import jsonable_encoder
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from app.accounts import limits
from app.accounts.actors import SignInNeeded
from app.accounts.permissions import Permission
from app.api.attached import AttachedFile, AttachedFiles, attachment_id_of, shown_attached
from app.api.callers import Caller, Marketplace, Signed
from app.api.conversations import Begun
from app.api.guarding import ROOMY
from app.api.planned import Id
from app.api.problems import locale_of
from app.api.requests import BadBody, answering, caller_of, marketplace_of
from app.conversations import log
from app.conversations.attachments import storing, taking
from app.database import tenant_session
from app.errors import NotFound
from app.knowledge.documents import File
from app.knowledge.extraction.kinds import KINDS
from app.markets.directory import MarketCard

router = APIRouter(prefix="/api/v1/conversations", tags=["Conversations"])
# The form's frame takes a little room beside the file.
ROOMY["/api/v1/conversations/*/attachments"] = taking.LARGEST + 64 * 1024
ROOMY["/files/conversations/"] = taking.LARGEST + 64 * 1024

_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "format": "binary"}},
                    "required": ["file"],
                }
            }
        },
    }
}


def _owner(caller: Caller) -> UUID:
    """The person who asks; a key has no conversations."""
    if caller.person_id is None:
        raise SignInNeeded("Sign in to do this.")
    return caller.person_id


def _id(told: str) -> UUID:
    try:
        return UUID(told)
    except ValueError:
        raise NotFound("There is no such conversation.") from None


@router.post(
    "",
    response_model=Begun,
    status_code=HTTPStatus.CREATED,
    summary="Begin a conversation",
    operation_id="beginConversation",
)
async def begin(request: Request, market: Marketplace, caller: Signed) -> Any:
    """An empty conversation of the caller's, to put files into before the first message."""
    caller.actor.must(Permission.KEEP_ACCOUNT)
    locale = locale_of(request)
    locale = locale if locale in market.locales else market.default_locale
    async with tenant_session(market.id) as session:
        return {"conversation_id": await log.start(session, locale, _owner(caller))}


@router.post(
    "/{conversation_id}/attachments",
    response_model=AttachedFile,
    status_code=HTTPStatus.CREATED,
    openapi_extra=_FORM,
    summary="Put a file into a conversation",
    operation_id="attachFile",
)
async def attach(request: Request, market: Marketplace, caller: Signed, conversation_id: Id) -> Any:
    """Have a file read, to be sent with the next message: PDF, DOCX, PPTX, XLSX, HTML, Markdown,
    CSV or text, of 16 MB at most. Its text is used for answers in this conversation alone.
    """
    return await _taken(request, market, caller, conversation_id)


@router.get(
    "/{conversation_id}/attachments",
    response_model=AttachedFiles,
    summary="List the files of a conversation",
    operation_id="listAttachments",
)
async def listed(request: Request, market: Marketplace, caller: Signed, conversation_id: Id) -> Any:
    """The files of a conversation, and how far reading them is."""
    async with tenant_session(market.id) as session:
        found = await taking.attached(session, _id(conversation_id), _owner(caller), sent=None)
    locale = locale_of(request)
    return {"attachments": [shown_attached(market, one, locale) for one in found]}


@router.delete(
    "/{conversation_id}/attachments/{attachment_id}",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Take a file back",
    operation_id="removeAttachment",
)
async def remove(
    market: Marketplace, caller: Signed, conversation_id: Id, attachment_id: Id
) -> None:
    """Delete a file that was not sent yet; one that was is deleted with its conversation."""
    async with tenant_session(market.id) as session:
        await taking.remove(
            session, _id(conversation_id), _owner(caller), attachment_id_of(attachment_id)
        )


async def take(request: Request) -> Response:
    """Take the form of the chat page, which a market has without the public API, too."""
    market = await marketplace_of(request)
    actor, member = await caller_of(request, market)
    told = await _taken(request, market, Caller(actor, member), request.path_params["conversation"])
    return JSONResponse(jsonable_encoder(told), HTTPStatus.CREATED)


async def take_out(request: Request) -> Response:
    """The file, for the person whose conversation it is in."""
    market = await marketplace_of(request)
    _actor, member = await caller_of(request, market)
    attachment_id = attachment_id_of(request.path_params["attachment_id"])
    async with tenant_session(market.id) as session:
        row = await taking.own(session, member.id if member else None, attachment_id)
    file = storing.file_of(market.id, row.id)
    if not file.is_file():
        raise NotFound("The file is gone.")
    headers = {
        # Saved, never shown: what somebody else may have written must not run on this host.
        "content-disposition": f"attachment; filename*=UTF-8''{quote(row.name, safe='')}",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
        "cache-control": "private, no-store",
    }
    media = KINDS.get(row.kind, "application/octet-stream")
    return FileResponse(file, media_type=media, headers=headers)


async def _taken(
    request: Request, market: MarketCard, caller: Caller, conversation_id: str
) -> dict[str, Any]:
    held, person_id = _id(conversation_id), _owner(caller)
    # Before anything of a stranger's is read.
    caller.actor.must(Permission.KEEP_ACCOUNT)
    async with tenant_session(market.id) as session:
        await log.check_may_open(session, held, person_id)
    await limits.spend("attachment", market.id, str(person_id))
    file = await _sent(request)
    async with tenant_session(market.id) as session:
        made = await taking.take_in(session, held, person_id, file)
    return shown_attached(market, made, locale_of(request))


async def _sent(request: Request) -> File:
    """The file of a form; raises `BadBody`."""
    try:
        async with request.form(max_files=1, max_fields=2) as form:
            file = form.get("file")
            if isinstance(file, UploadFile):
                return File(await file.read(), file.filename or "", file.content_type or "")
    except HTTPException as error:
        raise BadBody("The form cannot be read.") from error
    raise BadBody("Send a file as the field “file” of a form.")


routes = [
    Route("/files/conversations/{conversation}", answering(take), methods=["POST"]),
    Route("/files/attachments/{attachment_id}", answering(take_out), methods=["GET"]),
]
