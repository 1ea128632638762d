"""RabbitMQ or Kafka, by FastStream: where what happened is sent, and where our consumers hear it.

In RabbitMQ events go to the topic exchange `agora.events` under their names, and the durable queue
`agora` holds those for our own consumers; others bind queues of their own. In Kafka they go to the
topic `agora.events` with their subject as the key, so that a subject's events stay in order.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, cast
from urllib.parse import urlsplit

from app.outbox.envelopes import CONTENT_TYPE, Envelope, written

EXCHANGE = "agora.events"
QUEUE = "agora"
SEND_SECONDS = 10
_AGAIN_SECONDS = 2.0
_UNREAD = 8
"""Events that a process takes from the queue before it has done with them."""

_log = logging.getLogger(__name__)

Send = Callable[[Envelope], Awaitable[None]]
"""Returns when the broker has said that it keeps the event; raises `Unreachable`."""
Receive = Callable[[bytes], Awaitable[None]]


class Unreachable(Exception):
    """The broker does not answer; what it was to be told waits."""


@asynccontextmanager
async def connected(url: str, receive: Receive) -> AsyncGenerator[Send]:
    """Send to the broker, and receive from it, as long as the block lasts; raises `Unreachable`."""
    making = _kafka if urlsplit(url).scheme == "kafka" else _rabbit
    broker, send = making(url, _patient(receive))
    try:
        async with asyncio.timeout(SEND_SECONDS):
            await broker.start()
    except Exception as error:
        # What is half open is closed; why it is not open is what counts.
        with suppress(Exception):
            await broker.stop()
        raise Unreachable(_said(error)) from error
    try:
        yield send
    finally:
        with suppress(Exception):
            async with asyncio.timeout(SEND_SECONDS):
                await broker.stop()


def _patient(receive: Receive) -> Receive:
    async def received(body: bytes) -> None:
        try:
            await receive(body)
        except Exception:
            _log.exception("An event from the broker was not taken in and is given back.")
            # The broker gives it back at once, and again, for as long as the database is away.
            await asyncio.sleep(_AGAIN_SECONDS)
            raise

    return received


async def _as_it_is(message: Any) -> bytes:
    return cast("bytes", message.body)


def _rabbit(url: str, receive: Receive) -> tuple[Any, Send]:
    # A process that has no broker should not pay for its client.
    from faststream import AckPolicy  # noqa: PLC0415
    from faststream.rabbit import (  # noqa: PLC0415
        Channel,
        ExchangeType,
        RabbitBroker,
        RabbitExchange,
        RabbitQueue,
    )

    broker = RabbitBroker(
        url, default_channel=Channel(prefetch_count=_UNREAD), logger=None, apply_types=False
    )
    exchange = RabbitExchange(EXCHANGE, type=ExchangeType.TOPIC, durable=True)
    queue = RabbitQueue(QUEUE, durable=True, routing_key="#")
    broker.subscriber(queue, exchange, ack_policy=AckPolicy.NACK_ON_ERROR, decoder=_as_it_is)(
        receive
    )

    async def send(told: Envelope) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await broker.publish(
                    written(told),
                    exchange=exchange,
                    routing_key=told.type,
                    persist=True,
                    message_id=str(told.id),
                    message_type=told.type,
                    content_type=CONTENT_TYPE,
                    headers={"market": str(told.market)},
                    timestamp=told.time,
                )
        except (OSError, TimeoutError) as error:
            raise Unreachable(_said(error)) from error

    return broker, send


def _kafka(url: str, receive: Receive) -> tuple[Any, Send]:
    from faststream import AckPolicy  # noqa: PLC0415
    from faststream.kafka import KafkaBroker  # noqa: PLC0415

    broker = KafkaBroker(
        urlsplit(url).netloc.split(","),
        acks="all",
        enable_idempotence=True,
        logger=None,
        apply_types=False,
    )
    broker.subscriber(
        EXCHANGE,
        group_id=QUEUE,
        auto_offset_reset="earliest",
        ack_policy=AckPolicy.NACK_ON_ERROR,
        decoder=_as_it_is,
    )(receive)

    async def send(told: Envelope) -> None:
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await broker.publish(
                    written(told),
                    EXCHANGE,
                    key=told.subject.encode(),
                    headers={"content-type": CONTENT_TYPE, "market": str(told.market)},
                )
        except (OSError, TimeoutError) as error:
            raise Unreachable(_said(error)) from error

    return broker, send


def _said(error: BaseException) -> str:
    # Some carry the address with its password; the kind of failure is enough.
    return type(error).__name__
