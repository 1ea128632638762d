"""The mark of handlers that visitors may call.

Every public method of a State can be called by anyone who opens a websocket. The guard runs before
each event and refuses it to visitors, unless its handler says:

    @rx.event
    @visitors_may
    async def load(self): ...

Such a handler is itself responsible for what it shows. All others need a signed-in person.
"""

from collections.abc import Callable
from typing import Any, TypeVar

Handler = TypeVar("Handler", bound=Callable[..., Any])

_MARK = "_visitors_may"


def visitors_may(handler: Handler) -> Handler:
    """Mark a handler as open to people who are not signed in; stands below `@rx.event`."""
    setattr(handler, _MARK, True)
    return handler


def is_marked(handler: object) -> bool:
    """Whether the handler's function carries the mark."""
    return bool(getattr(handler, _MARK, False))
