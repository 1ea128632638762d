"""A relay that is killed between the broker's confirmation and its own note of it.

`python -m tests.database.outbox.dying_relay EXCHANGE QUEUE`, with the settings in the environment.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from app.outbox import brokers, relaying
from app.outbox.brokers import Receive, Send
from app.outbox.envelopes import Envelope
from tests.database.outbox import counting


@asynccontextmanager
async def deadly(url: str, receive: Receive) -> AsyncGenerator[Send]:
    async with brokers.connected(url, receive) as send:

        async def send_and_die(told: Envelope) -> None:
            await send(told)
            os.kill(os.getpid(), signal.SIGKILL)

        yield send_and_die


if __name__ == "__main__":
    brokers.EXCHANGE, brokers.QUEUE = sys.argv[1:]
    relaying.connected = deadly
    counting.register()
    asyncio.run(relaying.relay_due())
