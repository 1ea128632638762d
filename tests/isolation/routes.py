"""Probes of every HTTP route: walked from the program's own list, so that a new one is found."""

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import Any
from urllib.parse import quote, urlencode

from starlette.routing import Route, WebSocketRoute

from app.accounts.signing import SESSION_COOKIE
from app.api.application import Under, routes
from tests.isolation.asking import answer
from tests.isolation.binding import watched
from tests.isolation.forging import names_in
from tests.isolation.ledger import Ledger
from tests.isolation.world import World

KIND = "route"
PLACE = re.compile(r"{(\w+)(?::\w+)?}")
SAID: dict[str, tuple[str, ...]] = {"form": ("csv", "jsonl"), "size": ("192",)}
"""What may stand in a place of an address that names no thing."""
FORM = "application/x-www-form-urlencoded"

OF_PLATFORM = "/console/markets/"
"""How the addresses begin that are for who runs the platform, on its host alone."""
MENDED_BY = "put a row with people's words behind it, or say why in GIVES_NOTHING of routes.py"
GIVES_NOTHING = {
    "/.well-known/jwks.json": "public keys",
    "/api/v1/analytics/anomalies": "figures",
    "/api/v1/analytics/conversion-funnel": "figures",
    "/api/v1/analytics/events/{event_id}/roi": "figures",
    "/api/v1/analytics/hypotheses": "figures",
    "/api/v1/analytics/predictions": "figures",
    "/api/v1/social/sentiment": "figures",
    "/api/v1/chat/{conversation_id}/events": "a stream of what /api/v1/chat/{id} gives",
    "/api/v1/communication/messages": "what /api/v1/chat/{id} gives, page by page",
    "/api/asyncapi.json": "the same everywhere",
    "/api/v1/conversations/{conversation_id}/share": "a link, which holds no words",
    "/api/v1/docs": "the same everywhere",
    "/api/v1/openapi.json": "the same everywhere",
    "/api/v1/search/suggestions": "names, of which /api/v1/search gives whole cards",
    "/api/v1/vendors/comparison": "of two ids what /api/v1/vendors/{vendor_id} gives of one",
    "/auth/callback/{way}": "answers of providers",
    "/files/logo/{name}": "a picture, probed with files",
    "/files/photos/{name}": "a picture, probed with files",
    "/healthz": "the same everywhere",
    "/icon-maskable.svg": "colours",
    "/icon-{size:int}.png": "colours",
    "/icon.svg": "colours",
    "/manifest.webmanifest": "the market's name, which is no row of a person's",
    "/metrics": "figures of the process, for its operator",
    "/offline/{locale}": "the market's name, which is no row of a person's",
    "/og/{locale}/{slug}.jpg": "a picture of what the page of a listing on show says",
    "/readyz": "the same everywhere",
    "/robots.txt": "the host's own address",
    "/sitemap.xml": "the host's own address",
    "/sitemaps/{name}.xml": "slugs",
    "/sw.js": "the market's languages",
    "/{key}.txt": "a key that search engines are told",
    "/v1/models": "names of agents, which are the same everywhere",
}
"""Routes to be read that give a market's people nothing people wrote, and why.

Any other must give theirs the canary, so a new one fails here until it is said what it gives.
Routes that change something are deeds: that none reaches theirs is seen by its digest.
"""


class Unclassified(AssertionError):
    """A route of a kind that the probes do not know how to walk."""


@dataclass(frozen=True)
class Walked:
    """One route: where it is, how it is asked, and in which module its names stand."""

    method: str
    path: str
    module: str
    body: str = ""
    """`json`, `form` or empty."""
    fields: tuple[str, ...] = field(default=())
    """What its description says that the body holds."""

    @property
    def gives(self) -> bool:
        """Whether it is read and gives people's words."""
        return self.method == "GET" and self.path not in GIVES_NOTHING

    @property
    def is_api(self) -> bool:
        """Whether it takes tokens and keys, not cookies alone."""
        return self.path.startswith(("/api/", "/v1/"))


@dataclass(frozen=True)
class Request:
    """What is sent, but for the host and who sends it."""

    method: str
    address: str
    body: bytes = b""
    kind: str = ""


def walked() -> list[Walked]:
    """Every route of the program, those within the API by its own description."""
    found: list[Walked] = []
    for route in routes:
        if isinstance(route, Under):
            found += _described(route.app.openapi(), _modules(route.app.routes))
            hidden = ("/api/v1/docs", "/api/v1/openapi.json", "/api/asyncapi.json", "/metrics")
            found += [Walked("GET", path, "app.api.application") for path in hidden]
            found.append(Walked("GET", "/metrics", "app.api.metrics"))
        elif isinstance(route, Route):
            module = _module(route.endpoint)
            for method in sorted((route.methods or set()) - {"HEAD"}):
                found.append(Walked(method, route.path, module, "" if method == "GET" else "form"))
        elif not isinstance(route, WebSocketRoute):  # They have probes of their own.
            raise Unclassified(f"teach tests/isolation/routes.py to walk {route!r}")
    return found


def _described(document: dict[str, Any], modules: dict[str, str]) -> list[Walked]:
    return [
        Walked(
            method.upper(),
            path,
            modules.get(path, "app.api.chat"),
            "json" if "requestBody" in told else "",
            tuple(_fields(document, told)),
        )
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    ]


def _fields(document: dict[str, Any], told: dict[str, Any]) -> Iterator[str]:
    for content in told.get("requestBody", {}).get("content", {}).values():
        name = content["schema"].get("$ref", "").rpartition("/")[2]
        yield from document["components"]["schemas"].get(name, content["schema"])["properties"]


def _modules(known: Any) -> dict[str, str]:
    """Where the endpoints of the API stand, those of its routers among them."""
    found: dict[str, str] = {}
    for route in known:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            found |= _modules(inner.routes)
        elif getattr(route, "endpoint", None) is not None:
            found[route.path] = route.endpoint.__module__
    return found


def _module(endpoint: Any) -> str:
    """Where an endpoint stands; `answering` and its kin wrap the one that was written."""
    for cell in getattr(endpoint, "__closure__", None) or ():
        inner = cell.cell_contents
        if callable(inner) and getattr(inner, "__module__", "").startswith("app."):
            return inner.__module__
    return endpoint.__module__


async def control(world: World, ledger: Ledger, only: str = "") -> None:
    """Ask as theirs for what is their own."""
    for route in walked():
        if route.gives and only in ("", route.module):
            words = f"{route.path} gives its own people nothing of theirs: {MENDED_BY}"
            ledger.control(KIND, await _gives_its_own(world, route), words)


async def probe(world: World, ledger: Ledger, only: str = "") -> None:
    """Ask every route for what is theirs, as each of our people and with what was stolen.

    What is only read is asked with every value by our owner, who may do most, and by all others
    with every other one, so that each is asked by some of them; a deed with a few, and by our owner
    with ids of other tables too.
    """
    for number, route in enumerate(walked()):
        if only not in ("", route.module):
            continue
        await world.renew()
        for turn, who in enumerate((*world.tokens, *(world.bearers if route.is_api else ()))):
            values = world.forged()
            if route.method != "GET":
                values = [values[0], values[1], str(world.theirs.id)]
            if who != "owner":
                values = values[(number + turn) % 2 :: 2]
            elif route.body or PLACE.search(route.path):
                values += world.some_ids(number)
            for request in _requests(route, values):
                words = f"{who} got {request.method} {request.address}"
                ledger.probe(KIND, await _through(world, who, request), words)
        for who, token in world.tokens.items() if route.path.startswith(OF_PLATFORM) else ():
            got = await _given_to_platform(world, route, token)
            ledger.probe(KIND, got, f"{who} got {route.path} of the platform")


async def _gives_its_own(world: World, route: Walked) -> bool:
    if route.path.startswith(OF_PLATFORM):
        return await _given_to_platform(world, route, world.platform_token)
    headers = {"cookie": f"{SESSION_COOKIE}={world.their_token}"}
    for request in _requests(route, [*world.forged(), *world.ids()]):
        got = await answer(request.method, request.address, world.theirs.host, headers)
        if world.canary in got.text:
            return True
    return False


async def _given_to_platform(world: World, route: Walked, token: str) -> bool:
    """Whether the platform's host gives a word of theirs to who has this sign-in."""
    told = {"market_id": str(world.theirs.id), "job_id": world.export_id}
    address = PLACE.sub(lambda found: told[found.group(1)], route.path)
    headers = {"cookie": f"{SESSION_COOKIE}={token}"}
    got = await answer(route.method, address, world.platform.host, headers)
    return world.leaks_into(got.text)


def asked_of(world: World, module: str) -> Iterator[Callable[[], Awaitable[bool]]]:
    """A request to every route of a module as each of our people, to be sent one by one."""
    found = [route for route in walked() if route.module == module]
    for value in (*world.forged()[:2], world.tokens["owner"], *world.ids()):
        for route in found:
            for who in ("owner", "visitor", "key"):
                for request in _requests(route, [value]):
                    yield partial(_through, world, who, request)


async def _through(world: World, who: str, request: Request) -> bool:
    """Whether the answer holds what is theirs, or a transaction was bound to another market."""
    headers = world.headers(who) | {"origin": f"http://{world.ours.host}"}
    if request.kind:
        headers["content-type"] = request.kind
    with watched() as bound:
        got = await answer(request.method, request.address, world.ours.host, headers, request.body)
    leaked = world.leaks_into(got.text + json.dumps(got.headers))
    return leaked or world.strays(bound)


def _requests(route: Walked, values: list[str]) -> Iterator[Request]:
    """The requests to make of a route: each value in each place."""
    for value in values:
        for path in _paths(route.path, value):
            query = urlencode({"q": "plumber on call", "id": value, "market": value})
            for address in (path, f"{path}?{query}"):
                yield Request(route.method, address, *_body(route, value))


def _paths(path: str, value: str) -> Iterator[str]:
    names = [found.group(1) for found in PLACE.finditer(path)]
    for told in product(*(SAID.get(name, (value,)) for name in names)):
        left = iter(told)
        yield PLACE.sub(lambda _place, left=left: quote(next(left), safe=""), path)


def _body(route: Walked, value: str) -> tuple[bytes, str]:
    if route.body == "json":
        told = dict.fromkeys(route.fields, value) | {"locale": "en"}
        return json.dumps(told).encode(), "application/json"
    if route.body == "form":
        fields = dict.fromkeys(names_in(route.module), value) | {"locale": "en"}
        return urlencode(dict(list(fields.items())[:19])).encode(), FORM
    return b"", ""
