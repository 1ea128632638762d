"""From a model in a chain to something that can be called.

What calls models weighs many megabytes of imports, so that it comes with the first call.
"""

import sys

from app.inference.calling import Chat
from app.inference.leaving import Leaving
from app.inference.settling import settled
from app.inference.targets import Target


def chat_at(target: Target, url: str) -> Chat:
    """The model, at one of its endpoint's addresses, or on this machine.

    What goes outside is masked on its way, see `app.inference.leaving`.
    """
    if target.kind.local:
        from app.inference.local import LocalChat  # noqa: PLC0415

        return Leaving(target, url, lambda _near: LocalChat(target))
    from app.inference import served  # noqa: PLC0415

    # Made before it is asked, for it has only so long for its first word from then on.
    likely = served.chat_at(target, url, near=target.inside)

    def chat(near: bool) -> Chat:
        return likely if near is target.inside else served.chat_at(target, url, near=near)

    return Leaving(target, url, chat)


async def let_go() -> None:
    """Settle, close connections and end this machine's models, as a process does at its end."""
    await settled()
    if "app.inference.served" in sys.modules:
        from app.inference import served  # noqa: PLC0415

        await served.close_clients()
    if "app.inference.vector_wire" in sys.modules:
        from app.inference import vector_wire  # noqa: PLC0415

        await vector_wire.close_clients()
    if "app.inference.local" in sys.modules:
        from app.inference import local  # noqa: PLC0415

        await local.stop_all()
