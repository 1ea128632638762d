"""In whose name an agent works, and with whose eyes it reads."""

from agents.base import Request
from app.accounts import actors
from app.accounts.actors import Actor, visitor
from app.accounts.permissions import GRANTS, Role
from app.accounts.signing import member_by_id
from app.database import TenantSession


def actor_of(request: Request) -> Actor:
    """The person who asks, with what any member may do; a visitor where nobody is signed in.

    What else their roles allow is not lent to agents.
    """
    if request.person_id is None:
        return visitor(request.market.id)
    return Actor(
        market_id=request.market.id,
        kind="person",
        id=request.person_id,
        permissions=GRANTS[Role.MEMBER],
        roles=frozenset({Role.MEMBER}),
    )


async def reader_of(session: TenantSession, request: Request) -> Actor:
    """The person who asks with all that their roles let them see; for agents that only read.

    The request does not tell how the sign-in was proved. Where the market asks its staff for a
    second factor, what the sign-in may read tells whether it was given.
    """
    member = await member_by_id(session, request.person_id) if request.person_id else None
    if member is None:
        return visitor(request.market.id)
    second = request.market.asks_second_factor and "staff" not in request.access
    return actors.person(request.market.id, member, second_factor=second)
