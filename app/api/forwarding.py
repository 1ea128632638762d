"""What proxies in front say of a request: whose it is, by which host and scheme it came.

`Forwarded` stands before everything else. It writes what trusted proxies said into the request
itself, and takes their headers out of it, so that nothing behind reads a header that anybody can
write. `AGORA_TRUSTED_PROXY_HOPS` says how many proxies there are, `AGORA_TRUSTED_PROXIES` where
they stand.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.settings import settings

_FOR, _HOST, _SCHEME = b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto"
_TAKEN_OUT = frozenset({_FOR, _HOST, _SCHEME, b"x-forwarded-port", b"x-real-ip", b"forwarded"})
_HOST_FORM = re.compile(r"[A-Za-z0-9._-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")
_PORT = re.compile(r"\[(.+)\](:\d{1,5})?|([^:]+):\d{1,5}")

Headers = list[tuple[bytes, bytes]]
Address = IPv4Address | IPv6Address


class Forwarded:
    """The program behind its proxies."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request as the one that the visitor sent."""
        if scope["type"] in {"http", "websocket"}:
            scope = _as_sent(scope)
            if scope.get("scheme") == "https":
                send = _keeping_cookies_safe(send)
        await self.app(scope, receive, send)


def _as_sent(scope: Scope) -> Scope:
    headers: Headers = list(scope["headers"])
    sent = dict(scope)
    sent["headers"] = [pair for pair in headers if pair[0].lower() not in _TAKEN_OUT]
    passed, client = _way(scope, _values(headers, _FOR))
    if not passed:
        return sent
    sent["client"] = (client, 0)
    host = _told(_values(headers, _HOST), passed)
    if _HOST_FORM.fullmatch(host):
        kept = [pair for pair in sent["headers"] if pair[0].lower() != b"host"]
        sent["headers"] = [(b"host", host.encode("latin-1")), *kept]
    scheme = _told(_values(headers, _SCHEME), passed).lower()
    if scheme in {"http", "https"}:
        of_socket = scope["type"] == "websocket"
        sent["scheme"] = scheme.replace("http", "ws") if of_socket else scheme
    return sent


def _keeping_cookies_safe(send: Send) -> Send:
    """Send cookies that came by TLS back by TLS alone, also where `AGORA_PUBLIC_SCHEME` is http."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [
                (
                    name,
                    value + b"; Secure"
                    if name.lower() == b"set-cookie" and not _is_secure(value)
                    else value,
                )
                for name, value in message.get("headers", ())
            ]
        await send(message)

    return sending


def _is_secure(cookie: bytes) -> bool:
    return any(part.strip().lower() == b"secure" for part in cookie.split(b";")[1:])


def _way(scope: Scope, forwarded_for: list[str]) -> tuple[int, str]:
    """How many trusted proxies the request passed, and the address that the first of them saw.

    Each wrote down whom it heard from, so the way is followed backwards, from the one that stands
    on the other end of the connection, for as long as a trusted one is met.
    """
    told = settings()
    peer = scope.get("client")
    met = _address(peer[0]) if peer else None
    passed = 0
    while met is not None and passed < told.trusted_proxy_hops:
        here = met
        if not any(here in network for network in told.trusted_proxies):
            break
        passed += 1
        former = forwarded_for[-passed] if passed <= len(forwarded_for) else ""
        met = _address(former)
        if met is None:
            # Nothing more is known of the way than the proxy itself.
            return passed, str(here)
    return passed, str(met)


def _told(values: list[str], passed: int) -> str:
    """What the first trusted proxy said: some add a value to those before, some pass them on."""
    return values[-min(passed, len(values))] if values else ""


def _values(headers: Headers, wanted: bytes) -> list[str]:
    return [
        part.strip()
        for name, value in headers
        if name.lower() == wanted
        for part in value.decode("latin-1").split(",")
    ]


def _address(text: str) -> Address | None:
    """The address in `1.2.3.4`, `1.2.3.4:5`, `::1` or `[::1]:5`; None for anything else."""
    if with_port := _PORT.fullmatch(text):
        text = with_port[1] or with_port[3]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    # A socket of both families calls 10.0.0.1 ::ffff:10.0.0.1.
    return getattr(address, "ipv4_mapped", None) or address
