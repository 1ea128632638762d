"""A tab without a browser: a state tree whose events pass the guard, as those of a websocket do."""

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from reflex.event import Event
from reflex.state import BaseState, State, StateUpdate

import state.conversations
import state.home  # noqa: F401  (registers the handlers that the tests send)
from app.accounts.signing import SESSION_COOKIE
from app.embedded.postgres import Postgres
from app.markets.directory import MarketCard
from state.guard import Guard

Part = TypeVar("Part", bound=BaseState)


@dataclasses.dataclass
class Tab:
    """One tab on a market's host."""

    market: MarketCard
    root: State
    token: str = ""
    """Of who is signed in."""

    def visit(self, path: str, token: str = "") -> None:
        """Load a page, with the cookie that the browser has by now."""
        self.token = token
        data = {
            "pathname": path,
            "asPath": path,
            "query": {},
            "headers": {
                "host": self.market.host,
                "origin": f"http://{self.market.host}",
                "cookie": f"{SESSION_COOKIE}={token}" if token else "",
            },
            "ip": "192.0.2.9",
            "token": "a-tab",
            "sid": "a-socket",
        }
        self.root.router_data = self.root._update_router_vars(data, self.root.router_data)

    async def guarded(self, handler: Any, **payload: Any) -> StateUpdate | None:
        """What the guard says to an event: None lets it pass."""
        (event,) = Event.from_event_type(handler(*payload.values()))
        app: Any = None
        return await Guard().preprocess(app, self.root, event)

    async def of(self, part: type[Part]) -> Part:
        """One state of the tab."""
        return await self.root.get_state(part)


@pytest.fixture
def tab(database: Postgres) -> Callable[[MarketCard], Tab]:
    return lambda market: Tab(market, State(_reflex_internal_init=True))  # pyright: ignore[reportCallIssue]
