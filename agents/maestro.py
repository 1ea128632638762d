"""Maestro: understands a message, sends specialists, and makes one cited answer of it."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from functools import cache

from agents.base import (
    MESSAGE_LIMIT,
    Citation,
    Deps,
    Finding,
    Intent,
    Request,
    Route,
)
from agents.communication import Communication
from agents.intents import Intents, Reading
from agents.vendor import Vendor
from app.catalogue import reading
from app.database import tenant_session
from app.errors import AppError
from app.inference.composer import Composer
from app.inference.model import Brief, Evidence, Purpose
from app.search.embeddings import sentence_embedder
from app.search.serving import search_index

SURE = 0.55
"""Below this confidence two specialists look, and what they find decides."""

OFFERS = 5


@dataclasses.dataclass(frozen=True)
class Routed:
    """First, exactly once: the decision."""

    route: Route


@dataclasses.dataclass(frozen=True)
class Cited:
    """Once, before the text: what its numbers refer to."""

    citations: tuple[Citation, ...]


@dataclasses.dataclass(frozen=True)
class Piece:
    """Some more of the text."""

    text: str


@dataclasses.dataclass(frozen=True)
class Done:
    """Last, exactly once: who answered, with which model, and the whole text."""

    agent: str
    text: str
    model: str


Event = Routed | Cited | Piece | Done


class Maestro:
    """Routes messages of any market; keeps no state between them."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._intents = Intents(deps.embedder)
        self._vendor = Vendor(deps)
        self._communication = Communication(deps)

    async def answer(self, request: Request) -> AsyncIterator[Event]:
        """Answer one message; yields `Routed`, `Cited`, some `Piece` and `Done`, in that order.

        Writes nothing. Raises `AppError` for a message that is empty or longer than
        `MESSAGE_LIMIT` characters.
        """
        request = dataclasses.replace(request, message=checked(request.message))
        understood = await self._intents.read(request.message)
        intent, findings = await self._found(request, understood)
        route = Route(
            intent=intent,
            confidence=understood.confidence[intent],
            agents=_agents(intent, findings),
        )
        yield Routed(route)
        citations = tuple(
            Citation(
                number=number,
                kind=found.kind,
                external_id=found.external_id,
                title=found.title,
                url=found.url,
                detail=" · ".join(found.facts),
                price=found.price,
            )
            for number, found in enumerate(findings, start=1)
        )
        brief = Brief(
            purpose=_purpose(intent, understood),
            locale=request.locale,
            message=request.message,
            market=request.market.named(request.locale),
            evidence=tuple(
                Evidence(number, found.kind, found.title, found.text, found.facts)
                for number, found in enumerate(findings, start=1)
            ),
            offers=() if findings else await self._offers(request),
        )
        yield Cited(citations)
        text = ""
        async for piece in self._deps.model.stream(brief):
            text += piece
            yield Piece(piece)
        yield Done(route.agents[0], text, self._deps.model.name)

    async def _found(self, request: Request, understood: Reading) -> tuple[Intent, list[Finding]]:
        """What the message wants, settled by what the market has for it, and what was found."""
        intent = understood.intent
        sure = understood.confidence[intent] >= SURE
        if intent == "small_talk" or (intent == "out_of_scope" and sure):
            return intent, []
        if intent == "find_service" and sure:
            return intent, await self._vendor.run(request)
        async with asyncio.TaskGroup() as group:
            services = group.create_task(self._vendor.run(request))
            passages = group.create_task(self._communication.run(request))
        found: dict[Intent, list[Finding]] = {
            "find_service": services.result(),
            "question": passages.result(),
        }
        # A need that no example is near reads as foreign; what the market has settles it.
        order: tuple[Intent, ...] = (intent, "find_service", "question")
        if intent == "out_of_scope":
            order = ("find_service",)
        settled: Intent | None = next((told for told in order if found.get(told)), None)
        return (settled, found[settled]) if settled else (intent, [])

    async def _offers(self, request: Request) -> tuple[str, ...]:
        async with tenant_session(request.market.id) as session:
            counted = await reading.counted_categories(session, request.locale)
        return tuple(category.name for category in counted[:OFFERS])


@cache
def maestro() -> Maestro:
    """The Maestro of this process, with the configured index and model."""
    embedder = sentence_embedder()
    return Maestro(Deps(index=search_index(), embedder=embedder, model=Composer(embedder)))


def answer(request: Request) -> AsyncIterator[Event]:
    """Answer one message with the configured parts; see `Maestro.answer`."""
    return maestro().answer(request)


def checked(message: str) -> str:
    """The message without space around it; raises `AppError` when it cannot be answered."""
    message = message.replace("\x00", "").strip()
    if not message:
        raise AppError("Write a message first.")
    if len(message) > MESSAGE_LIMIT:
        raise AppError("A message may have at most %(limit)s characters.", limit=MESSAGE_LIMIT)
    return message


def _agents(intent: Intent, findings: list[Finding]) -> tuple[str, ...]:
    kinds = {found.kind for found in findings}
    by_kind = [
        agent.name
        for agent, kind in ((Vendor, "listing"), (Communication, "article"))
        if kind in kinds
    ]
    if by_kind:
        return tuple(by_kind)
    return {"find_service": (Vendor.name,), "question": (Communication.name,)}.get(
        intent, ("maestro",)
    )


def _purpose(intent: Intent, understood: Reading) -> Purpose:
    if intent == "small_talk":
        return understood.talk
    if intent == "out_of_scope":
        return "decline"
    return "offer" if intent == "find_service" else "explain"
