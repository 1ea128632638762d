"""`POST /console/upload`: a file of rows for the console's imports."""

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.accounts.permissions import Permission
from app.api.forms import locale_in, see_other
from app.api.guarding import ROOMY
from app.api.requests import BadBody, actor_of, answering, marketplace_of
from app.catalogue.uploads import LARGEST, FileRefused, receive
from app.database import tenant_session
from app.social.uploads import MENTION

# The form's other fields and its frame take a little room beside the file.
ROOMY["/console/upload"] = LARGEST + 64 * 1024


async def upload(request: Request) -> Response:
    """Take the form of the imports' page, and lead back to it."""
    market = await marketplace_of(request)
    actor = await actor_of(request, market)
    # Before anything of a stranger's is read; what the kind needs is asked where it is kept.
    if not any(map(actor.may, (Permission.EDIT_KNOWLEDGE, MENTION.needs))):
        actor.must(Permission.EDIT_CATALOGUE)
    try:
        async with request.form(max_files=1, max_fields=5) as form:
            told = {name: text for name, text in form.items() if isinstance(text, str)}
            file = form.get("file")
            name = file.filename or "" if isinstance(file, UploadFile) else ""
            data = await file.read() if isinstance(file, UploadFile) else b""
    except HTTPException as error:
        raise BadBody("The form cannot be read.") from error
    page = f"/{locale_in(told, market)}/admin/imports"
    kind = told.get("kind", "listing")
    try:
        async with tenant_session(market.id) as session:
            await receive(session, actor, kind, name, data)
    except FileRefused:
        return see_other(page, file="refused")
    return see_other(page, file="received")


routes = [Route("/console/upload", answering(upload), methods=["POST"])]
