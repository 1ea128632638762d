"""What a proxy says is believed when it is ours, and taken out of the request in any case."""

from collections.abc import Generator
from typing import Any

import pytest
from pydantic import ValidationError
from starlette.types import Message, Receive, Scope, Send

from app.api.forwarding import Forwarded
from app.settings import Settings, settings

PROXY, OUTER = "10.0.0.4", "203.0.113.9"
VISITOR = "192.0.2.7"
SPOOFED = [
    ("X-Forwarded-For", "198.51.100.1"),
    ("X-Forwarded-Host", "elsewhere.example"),
    ("X-Forwarded-Proto", "https"),
    ("Forwarded", "for=198.51.100.1;host=elsewhere.example;proto=https"),
    ("X-Real-IP", "198.51.100.1"),
]
TRUTH = {"client": VISITOR, "host": "kazan.example", "scheme": "http"}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Generator[Any]:
    """Start with these settings: `told(hops=1, proxies="10.0.0.4")`."""

    def telling(hops: int, proxies: str = "") -> None:
        monkeypatch.setenv("AGORA_TRUSTED_PROXY_HOPS", str(hops))
        monkeypatch.setenv("AGORA_TRUSTED_PROXIES", proxies)
        settings.cache_clear()

    yield telling
    settings.cache_clear()


async def sent(
    peer: str,
    *headers: tuple[str, str],
    kind: str = "http",
    cookie: str = "",
) -> tuple[dict[str, str], Scope, list[Message]]:
    """What the program is asked, and what the visitor is answered."""
    asked: list[Scope] = []
    answers: list[Message] = []

    async def program(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope)
        kept = [(b"set-cookie", cookie.encode())] if cookie else []
        await send({"type": "http.response.start", "status": 200, "headers": kept})

    async def receive() -> Message:
        raise AssertionError("nothing is read")

    async def send(message: Message) -> None:
        answers.append(message)

    raw = [(name.lower().encode(), value.encode()) for name, value in headers]
    scope = {
        "type": kind,
        "scheme": "http" if kind == "http" else "ws",
        "client": (peer, 5000),
        "path": "/en",
        "headers": [(b"host", b"kazan.example"), *raw],
    }
    await Forwarded(program)(scope, receive, send)
    found = asked[0]
    names = dict(found["headers"])
    shown = {
        "client": found["client"][0],
        "host": names[b"host"].decode(),
        "scheme": found["scheme"],
    }
    return shown, found, answers


@pytest.mark.parametrize(
    ("hops", "proxies"), [(0, ""), (0, VISITOR), (1, ""), (1, PROXY), (8, "10.0.0.0/8")]
)
async def test_who_is_no_proxy_of_ours_is_not_believed(told: Any, hops: int, proxies: str):
    told(hops, proxies)
    shown, scope, _ = await sent(VISITOR, *SPOOFED)
    assert shown == TRUTH
    assert [name for name, _ in scope["headers"]] == [b"host"], "nothing behind may read them"


async def test_a_proxy_says_who_came_by_which_host_and_scheme(told: Any):
    told(1, PROXY)
    shown, scope, _ = await sent(
        PROXY,
        ("X-Forwarded-For", VISITOR),
        ("X-Forwarded-Host", "kazan.example:8443"),
        ("X-Forwarded-Proto", "https"),
    )
    assert shown == {"client": VISITOR, "host": "kazan.example:8443", "scheme": "https"}
    assert [name for name, _ in scope["headers"]] == [b"host"]
    shown, _, _ = await sent(PROXY, ("X-Forwarded-Proto", "https"), kind="websocket")
    assert shown["scheme"] == "wss"


async def test_private_networks_are_believed_where_no_proxy_is_named(told: Any):
    told(1)
    for proxy in (PROXY, "127.0.0.1", "::1", "::ffff:10.0.0.4", "172.16.3.4", "fd00::1"):
        shown, _, _ = await sent(proxy, ("X-Forwarded-For", VISITOR))
        assert shown["client"] == VISITOR, proxy


@pytest.mark.parametrize(
    ("hops", "proxies", "forwarded_for", "client"),
    [
        # What a visitor wrote stands before what the proxies wrote.
        (1, PROXY, "198.51.100.1, 192.0.2.7", VISITOR),
        (2, f"{PROXY} {OUTER}", f"198.51.100.1, {VISITOR}, {OUTER}", VISITOR),
        # No more of them than there are, though all would be in our network.
        (1, "10.0.0.0/8", "198.51.100.1, 10.9.9.9", "10.9.9.9"),
        # Somebody who came past the outer one is no proxy.
        (2, f"{PROXY} {OUTER}", f"198.51.100.1, {VISITOR}", VISITOR),
        (2, PROXY, f"{VISITOR}, {OUTER}", OUTER),
        # With a port, or of the other family.
        (1, PROXY, f"{VISITOR}:40000", VISITOR),
        (1, PROXY, "[2001:db8::7]:40000", "2001:db8::7"),
        (1, PROXY, "2001:db8::7", "2001:db8::7"),
        # Where a proxy says nothing that is an address, it is all that is known.
        (1, PROXY, "unknown", PROXY),
        (1, PROXY, "192.0.2.7'--", PROXY),
        (2, f"{PROXY} {OUTER}", OUTER, OUTER),
    ],
)
async def test_the_way_is_followed_backwards(
    told: Any, hops: int, proxies: str, forwarded_for: str, client: str
):
    told(hops, proxies)
    shown, _, _ = await sent(PROXY, ("X-Forwarded-For", forwarded_for))
    assert shown["client"] == client


async def test_of_several_values_the_one_of_the_first_trusted_proxy_counts(told: Any):
    told(1, PROXY)
    shown, _, _ = await sent(
        PROXY,
        ("X-Forwarded-For", VISITOR),
        ("X-Forwarded-Host", "elsewhere.example"),
        ("X-Forwarded-Host", "perm.example"),
        ("X-Forwarded-Proto", "http, https"),
    )
    assert (shown["host"], shown["scheme"]) == ("perm.example", "https")
    told(2, f"{PROXY} {OUTER}")
    shown, _, _ = await sent(
        PROXY,
        ("X-Forwarded-For", f"{VISITOR}, {OUTER}"),
        ("X-Forwarded-Host", "elsewhere.example, perm.example, inner.local"),
        ("X-Forwarded-Proto", "https"),
    )
    assert (shown["host"], shown["scheme"]) == ("perm.example", "https")


@pytest.mark.parametrize("host", ["", "a b", "kazan.example/..", "kazan.example\x00", "é.example"])
async def test_what_is_no_host_is_not_taken_for_one(told: Any, host: str):
    told(1, PROXY)
    shown, _, _ = await sent(PROXY, ("X-Forwarded-Host", host), ("X-Forwarded-Proto", "gopher"))
    assert (shown["host"], shown["scheme"]) == ("kazan.example", "http")


@pytest.mark.parametrize("cookie", ["a=b; Path=/; HttpOnly", "a=secure; Path=/", "a=b; secure"])
async def test_cookies_go_back_by_tls_alone_where_they_came_by_it(told: Any, cookie: str):
    told(1, PROXY)
    _, _, safe = await sent(PROXY, ("X-Forwarded-Proto", "https"), cookie=cookie)
    _, _, plain = await sent(VISITOR, ("X-Forwarded-Proto", "https"), cookie=cookie)
    kept = safe[0]["headers"][0][1].decode()
    assert [part.strip().lower() for part in kept.split(";")].count("secure") == 1
    assert plain[0]["headers"][0][1].decode() == cookie


def test_what_is_no_network_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch):
    for value in ("everybody", "10.0.0.1/8", "10.0.0.0/33"):
        monkeypatch.setenv("AGORA_TRUSTED_PROXIES", value)
        with pytest.raises(ValidationError):
            Settings()
