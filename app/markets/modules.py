"""What a market can do without: each module stands for some addresses and what leads to them.

A module that is switched off answers 404 under its addresses and its links vanish. What it has
stored stays and comes back with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession
from app.errors import NotFound
from app.i18n import N_
from app.markets.shaping import NotAccepted, keep, market_as_it_is, market_to_edit


@dataclass(frozen=True)
class Module:
    """`pages` are first parts of a path after the language, `routes` beginnings of a path."""

    key: str
    name: str
    about: str
    pages: tuple[str, ...] = ()
    routes: tuple[str, ...] = ()


MODULES: tuple[Module, ...] = (
    Module(
        "chat",
        N_("Ask Maestro"),
        N_("Visitors ask in their own words and get an answer from what the market offers."),
        pages=("chat", "texts"),
        routes=(
            "/api/v1/chat",
            "/api/v1/communication/chat",
            "/api/v1/communication/messages",
            "/api/v1/communication/proposals",
            "/api/v1/communication/marketing-texts",
            "/api/v1/conversations",
            "/api/v1/approvals",
            "/files/attachments",
            "/files/conversations",
            "/texts",
            "/ws/chat",
        ),
    ),
    Module(
        "search",
        N_("Search"),
        N_("The search box and the page of what was found. Categories stay."),
        pages=("search",),
        routes=("/api/v1/search",),
    ),
    Module(
        "help",
        N_("Help"),
        N_("The help articles of the market."),
        pages=("help",),
        routes=("/api/v1/communication/faq",),
    ),
    Module(
        "signup",
        N_("Open sign-up"),
        N_("Anybody can make an account. Without it people come by invitation."),
        pages=("signup",),
        routes=("/auth/signup", "/api/auth/register"),
    ),
    Module(
        "office",
        N_("Providers' office"),
        N_("Providers write their own profiles and listings."),
        pages=("office",),
    ),
    Module(
        "planning",
        N_("Planning of events"),
        N_("Members prepare events: a plan of tasks, a timeline, and who comes."),
        pages=("events",),
        routes=("/api/v1/planning", "/api/v1/finance", "/events"),
    ),
    Module(
        "api",
        N_("Public API"),
        N_("Programs of others search and ask over HTTP. The market's own pages need it not."),
        routes=(
            "/api/v1/search",
            "/api/v1/chat",
            "/api/v1/communication",
            "/api/v1/approvals",
            "/api/v1/conversations",
            "/api/v1/feedback",
            "/ws/chat",
            "/api/v1/vendors",
            "/api/v1/listings",
            "/api/v1/planning",
            "/api/v1/finance",
            "/api/v1/openapi.json",
            "/api/v1/docs",
            "/v1",
        ),
    ),
)

KEYS = frozenset(module.key for module in MODULES)


class Switched(Protocol):
    """A market that knows which modules it does without, as `MarketCard` does."""

    @property
    def switched_off(self) -> frozenset[str]:
        """Keys of modules."""
        ...


class SwitchedOff(NotFound):
    """The market does without this module."""


def check_on(market: Switched, key: str) -> None:
    """Raise `SwitchedOff` when the market does without this module."""
    if key in market.switched_off:
        raise SwitchedOff("This market does without this.")


def has_page(market: Switched, first: str) -> bool:
    """Whether the market has pages under this first part of a path."""
    return not any(
        module.key in market.switched_off and first in module.pages for module in MODULES
    )


def check_route(market: Switched, path: str) -> None:
    """Raise `SwitchedOff` when `path` belongs to a module that the market does without."""
    for module in MODULES:
        if module.key in market.switched_off and any(
            path == start or path.startswith(f"{start}/") for start in module.routes
        ):
            raise SwitchedOff("This market does without this.")


async def modules_of(session: TenantSession, actor: Actor) -> tuple[list[str], int]:
    """The keys of what is switched off, and the version that an editor begins from."""
    market = await market_as_it_is(session, actor, Permission.SHAPE)
    return sorted(set(market.switched_off) & KEYS), market.version


async def switch_off(session: TenantSession, actor: Actor, off: Sequence[str], seen: int) -> int:
    """Do without exactly these modules; returns the new version.

    Raises `NotAccepted` and `Conflict`.
    """
    market = await market_to_edit(session, actor, Permission.SHAPE, seen)
    unknown = [key for key in off if key not in list(KEYS)]
    if unknown:
        raise NotAccepted("There is no such module.", field="modules")
    before = {"switched_off": sorted(market.switched_off)}
    market.switched_off = sorted(set(off))
    after = {"switched_off": market.switched_off}
    return await keep(session, actor, market, "market.modules_switched", before, after)
