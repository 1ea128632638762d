"""Who may open a socket: the scheme of requests, and a way for browsers to send a token."""

from starlette.types import Scope
from starlette.websockets import WebSocket

from app.accounts import limits
from app.accounts.permissions import Permission
from app.api.callers import Caller, any_caller
from app.api.requests import address_of, marketplace_of, refuse_foreign
from app.markets.directory import MarketCard
from app.markets.quotas import spend_call

PROTOCOL = "agora.chat.v1"
"""The subprotocol. A browser, which can send no header, gives its token as a second one."""
_BEARER = "bearer."


async def accept(websocket: WebSocket) -> None:
    """Accept the connection, whoever it is from, so that a refusal can say why."""
    offered: list[str] = websocket.scope.get("subprotocols", [])
    _take_token(websocket.scope, offered)
    await websocket.accept(PROTOCOL if PROTOCOL in offered else None)


async def admitted(websocket: WebSocket) -> tuple[MarketCard, Caller]:
    """The market and who connects, by the same scheme as a request's; raises `AppError`."""
    market = await marketplace_of(websocket)
    refuse_foreign(websocket)
    await limits.spend("socket", market.id, address_of(websocket))
    await limits.spend("api_market", market.id)
    await spend_call(market)
    caller = await any_caller(websocket, market)
    caller.actor.must(Permission.READ)
    return market, caller


def _take_token(scope: Scope, offered: list[str]) -> None:
    """Make the header of it that a browser could not send; a header that was sent counts."""
    token = next((one for one in offered if one.startswith(_BEARER)), None)
    if token is None or any(name == b"authorization" for name, _ in scope["headers"]):
        return
    header = (b"authorization", b"Bearer " + token.removeprefix(_BEARER).encode("latin-1"))
    scope["headers"] = [*scope["headers"], header]
