"""The places that bind a market, broken one after another as ours get there."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any
from uuid import UUID

from app.accounts.limits import forget_attempts
from app.inference import relaying
from tests.isolation import handlers, routes, working
from tests.isolation.agent_deeds import AGENT_DEEDS
from tests.isolation.analytics_deeds import ANALYTICS_DEEDS
from tests.isolation.binding import Place, places, through, watched
from tests.isolation.budget_deeds import BUDGET_DEEDS
from tests.isolation.chat_deeds import CHAT_DEEDS
from tests.isolation.deeds import DEEDS as _DEEDS
from tests.isolation.offer_deeds import OFFER_DEEDS
from tests.isolation.review_deeds import REVIEW_DEEDS
from tests.isolation.search_deeds import SEARCH_DEEDS
from tests.isolation.seo_deeds import SEO_DEEDS
from tests.isolation.social_deeds import SOCIAL_DEEDS
from tests.isolation.talk_deeds import TALK_DEEDS
from tests.isolation.world import World

Ask = Callable[[], Awaitable[Any]]
DEEDS = (
    _DEEDS
    | AGENT_DEEDS
    | ANALYTICS_DEEDS
    | BUDGET_DEEDS
    | CHAT_DEEDS
    | OFFER_DEEDS
    | REVIEW_DEEDS
    | SEARCH_DEEDS
    | SEO_DEEDS
    | SOCIAL_DEEDS
    | TALK_DEEDS
)
_MOST = 60
"""Requests of one module at most: what these do not reach needs a deed."""


async def unnoticed(world: World, skipped: Callable[[str], bool]) -> set[Place]:
    """The places where theirs could be bound unseen, but for those in files that are `skipped`.

    A request that gets to such a place finds theirs bound there, one place a
    request, and is made again for the next; once the watch over transactions has seen it, the
    place is done. What binds a market is asked by a deed where there is one, and by the handlers,
    routes and jobs of its own module; what stands behind many modules is broken on the way.
    """
    left = {place for place in places() if not skipped(place[0])}
    for path in [*sorted({path for path, _ in left}), ""]:
        of = {place for place in left if path in ("", place[0])}
        for request in _requests(world, path):
            unseen: set[Place] = set()
            while of & left:
                broken, noticed = await _with_one_broken(world, request, left - unseen)
                if broken is None:
                    break
                (left if noticed else unseen).symmetric_difference_update({broken})
    return left


async def _with_one_broken(
    world: World, request: Ask, candidates: set[Place]
) -> tuple[Place | None, bool]:
    """The first candidate that the request came to, and whether it was seen to bind theirs."""
    broken: list[Place] = []

    def opened(place: Place, asked: UUID) -> UUID:
        if not broken and place in candidates:
            broken.append(place)
        return world.theirs.id if [place] == broken else asked

    await forget_attempts()
    relaying.forget()
    await world.renew()
    with through(opened), watched() as bound, suppress(Exception):
        # What is bound wrongly may fail in any way.
        await request()
    return (broken[0] if broken else None), world.theirs.id in bound


def _requests(world: World, path: str) -> Iterator[Ask]:
    """What may reach the places of a file; for no file, all that may reach what is left."""
    if not path:
        yield from working.asked_of(world)
        yield from handlers.asked_of(world, "state.admin.model_trial")
        return
    if path in DEEDS:
        yield partial(DEEDS[path], world)
    module = path.removesuffix(".py").replace("/", ".")
    count = 0
    for asked in (handlers.asked_of, routes.asked_of, working.asked_of):
        for request in asked(world, module):
            yield request
            count += 1
            if count >= _MOST:
                return
