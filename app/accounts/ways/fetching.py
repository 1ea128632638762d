"""Requests to providers, whose addresses and answers are not to be trusted.

Where they may go is for `app.outbound` to say. Redirects are not followed.
"""

import asyncio
import json
import ssl
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx

from app.errors import AppError, Unavailable
from app.outbound import AddressRefused, address_of, is_web_address
from app.settings import settings

SECONDS = 10
"""The longest that one answer may take, from the look-up of the name to its last byte."""
LARGEST = 256 * 1024


class WayDown(Unavailable):
    """The provider does not answer, or answers with a failure of its own."""

    code = "way_down"


class AnswerRefused(AppError):
    """What the provider answered cannot be believed; `reason` is for the operator's log."""

    code = "way_failed"
    reason = ""


def check_address(address: str) -> None:
    """Raise `AddressRefused` unless `address` is an https URL that a server may ask."""
    if not is_web_address(address, plain=settings().local_sign_in_ways):
        raise AddressRefused("Give the address of the provider as https://…, without a password.")


def not_believed(reason: str) -> AnswerRefused:
    """The error to raise for an answer that is wrong in this way."""
    error = AnswerRefused("The answer of the sign-in provider could not be verified.")
    error.reason = reason
    return error


async def ask(
    address: str,
    *,
    form: str | None = None,
    headers: Mapping[str, str] | None = None,
    largest: int = LARGEST,
) -> tuple[int, Any]:
    """The status and the JSON that `address` answers with; `form` is sent by POST.

    Raises `AddressRefused`, `WayDown` or `AnswerRefused`.
    """
    check_address(address)
    sent = {"accept": "application/json", "accept-encoding": "identity", "user-agent": "Agora"}
    sent |= dict(headers or {})
    if form is not None:
        sent["content-type"] = "application/x-www-form-urlencoded"
    down = WayDown("The sign-in provider does not answer. Try again later, or another way.")
    try:
        async with (
            asyncio.timeout(SECONDS),
            httpx.AsyncClient(transport=_Looked(), trust_env=False, timeout=SECONDS) as client,
            client.stream(
                "GET" if form is None else "POST", address, content=form, headers=sent
            ) as answer,
        ):
            body = await _body(answer, largest)
            status = answer.status_code
    except (httpx.HTTPError, OSError, TimeoutError) as error:
        raise down from error
    if status >= 500:
        raise down
    try:
        return status, json.loads(body)
    except (ValueError, RecursionError) as error:
        raise not_believed("no JSON") from error


async def _body(answer: httpx.Response, largest: int) -> bytes:
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise not_believed("packed")
    body = bytearray()
    async for piece in answer.aiter_raw():
        body += piece
        if len(body) > largest:
            raise not_believed("too large")
    return bytes(body)


class _Looked(httpx.AsyncBaseTransport):
    """Connects to an address that was looked at, under the name that was asked for."""

    def __init__(self) -> None:
        self._inner = httpx.AsyncHTTPTransport(verify=_certificates())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.raw_host.decode("ascii")
        address = await address_of(
            host, request.url.port or 443, private=settings().local_sign_in_ways
        )
        request.url = request.url.copy_with(host=address)
        request.extensions = {**request.extensions, "sni_hostname": host}
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


@cache
def _certificates() -> ssl.SSLContext:
    return ssl.create_default_context()
