"""What a page's load handlers declare about the page that is being rendered.

The declarations belong to the server render that runs now (a context variable); in a handler
that runs over the websocket they do nothing, so the same handler serves both.
"""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal

Hydration = Literal["load", "interaction", "none"]

# These would make a page that is shared carry what belongs to one visitor.
_NEVER_SHARED = frozenset({"set-cookie", "www-authenticate", "authorization"})

_ORIGIN = re.compile(r"https:|https?://[A-Za-z0-9.-]+(:\d{1,5})?")


@dataclass
class Declaration:
    """Status, headers, life time, hydration of one render, and the things that it shows.

    `pictures` are the origins beside our own that it may fetch pictures from.
    """

    status: int = 200
    location: str | None = None
    lifetime: float = 0.0
    hydrate: Hydration = "load"
    things: set[str] = field(default_factory=set[str])
    pictures: set[str] = field(default_factory=set[str])
    headers: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def is_public(self) -> bool:
        """Whether the page may be kept and shown to everybody."""
        return (
            self.lifetime > 0
            and self.location is None
            and self.status in (200, 404, 410)
            and not _NEVER_SHARED & self.headers.keys()
        )


_current: ContextVar[Declaration | None] = ContextVar("server_render", default=None)


@contextmanager
def declaring(declaration: Declaration) -> Generator[Declaration]:
    """Collect in `declaration` what handlers declare inside the block."""
    token = _current.set(declaration)
    try:
        yield declaration
    finally:
        _current.reset(token)


class ServerRender:
    """The calls a load handler may make; `ssr` is the one instance."""

    @property
    def active(self) -> bool:
        """Whether the handler runs for a server render rather than for a websocket."""
        return _current.get() is not None

    def status(self, code: int) -> None:
        """Answer with this HTTP status, for example 404 when what the page shows is gone.

        With 301, 302, 303, 307 or 308 a following `rx.redirect` uses it.
        """
        if declaration := _current.get():
            declaration.status = code

    def cache(self, seconds: float) -> None:
        """Declare the page public: the same for everybody, to be kept for `seconds`.

        A page that differs by visitor must never call this.
        """
        if declaration := _current.get():
            declaration.lifetime = seconds

    def shows(self, *things: str) -> None:
        """Name what the page shows, as a change of it is announced (`listing:ID`).

        A change of other named things leaves the kept page as it is. A page that names nothing is
        made anew after any change.
        """
        if declaration := _current.get():
            declaration.things.update(things)

    def pictures_from(self, origin: str) -> None:
        """Let the page fetch pictures from this origin too, such as `https://tiles.example.org`.

        Those that stand in its HTML need no word. With `https:` they may come from anywhere.
        """
        if not _ORIGIN.fullmatch(origin):
            raise ValueError(f"an origin is a scheme, a host and perhaps a port, not {origin!r}")
        if declaration := _current.get():
            declaration.pictures.add(origin)

    def hydrate(self, mode: Hydration) -> None:
        """Say when JavaScript starts.

        "load" at once, "interaction" with the visitor's first input (the socket with the first
        event), "none" never.
        """
        if mode not in ("load", "interaction", "none"):
            raise ValueError(f"hydrate is one of load, interaction and none, not {mode!r}")
        if declaration := _current.get():
            declaration.hydrate = mode

    def header(self, name: str, value: str) -> None:
        """Add a response header; a page that sets a cookie is never kept."""
        if "\n" in value or "\r" in value:
            raise ValueError("a header value has no line breaks")
        if declaration := _current.get():
            declaration.headers[name.lower()] = value


ssr = ServerRender()
