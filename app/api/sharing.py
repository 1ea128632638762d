"""The picture that stands for a listing where its page is shared, for whoever reads the page."""

import re
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.accounts import limits
from app.api.requests import address_of, answering, marketplace_of
from app.catalogue.reading import listing_by_slug
from app.catalogue.sharing.keeping import kept_or_drawn
from app.catalogue.sharing.showing import draws, edition_of, shared
from app.database import tenant_session
from app.errors import NotFound
from app.rendering.sending import is_named

_SLUG = re.compile(r"[\w-]{1,200}")
_HEADERS = {
    # Not for good: a listing that is hidden takes its picture with it.
    "cache-control": "public, max-age=3600",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'",
}


async def picture(request: Request) -> Response:
    """The picture of a listing on show, in a language of the market, as it is now.

    The `v` in the address is for those who keep it: it differs where the picture does.
    """
    market = await marketplace_of(request)
    locale, slug = request.path_params["locale"], request.path_params["slug"]
    if locale not in market.locales or not _SLUG.fullmatch(slug) or not draws(locale):
        raise NotFound("There is no such file.")
    await limits.spend("shared_picture", market.id, address_of(request))
    async with tenant_session(market.id) as session:
        detail = await listing_by_slug(session, slug, locale)
    if detail is None:
        raise NotFound("There is no such file.")
    told = shared(market, locale, detail)
    edition = edition_of(told)
    headers = _HEADERS | {"etag": f'"{edition}"', "content-language": locale}
    if is_named(request.headers.get("if-none-match", "").encode(), headers["etag"].encode()):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    drawn = await kept_or_drawn(market.id, edition, told)
    return Response(drawn, media_type="image/jpeg", headers=headers)


routes = [Route("/og/{locale}/{slug}.jpg", answering(picture), methods=["GET"])]
