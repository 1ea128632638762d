"""Maestro: understands a message, sends specialists, and makes one cited answer of it."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Sequence
from functools import cache

from agents.base import (
    MESSAGE_LIMIT,
    Citation,
    Deps,
    Finding,
    Found,
    Intent,
    Request,
    Route,
)
from agents.communication import Communication
from agents.context import in_context, is_unclear, leaning
from agents.intents import Intents, Reading
from agents.needs import clauses
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


@dataclasses.dataclass(frozen=True)
class _Settled:
    """What is wanted and what was found for it."""

    intent: Intent
    findings: tuple[Finding, ...] = ()
    unmet: tuple[str, ...] = ()


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
        asked = dataclasses.replace(request, message=checked(request.message))
        request, understood = await in_context(asked, self._intents)
        settled = await self._settled(request, understood)
        if not settled.findings:
            whole = await leaning(request, understood, self._intents)
            if whole and (again := await self._settled(*whole)).findings:
                (request, understood), settled = whole, again
        intent, findings = settled.intent, settled.findings
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
            purpose=_purpose(settled, understood, request),
            locale=request.locale,
            message=request.message,
            market=request.market.named(request.locale),
            evidence=tuple(
                Evidence(number, found.kind, found.title, found.text, found.facts)
                for number, found in enumerate(findings, start=1)
            ),
            offers=() if findings else await self._offers(request, intent),
            unmet=settled.unmet,
            by_price=request.wish == "cheaper",
            cheapest=_cheapest(findings),
            speaking=_speaking(findings, request),
        )
        yield Cited(citations)
        text = ""
        async for piece in self._deps.model.stream(brief):
            text += piece
            yield Piece(piece)
        yield Done(route.agents[0], text, self._deps.model.name)

    async def _settled(self, request: Request, understood: Reading) -> _Settled:
        """What the message wants, settled by what the market has for it, and what was found."""
        intent = understood.intent
        sure = understood.confidence[intent] >= SURE
        if intent in ("small_talk", "out_of_scope") and sure:
            return _Settled(intent)
        wanted = await self._two_wants(request)
        if wanted is not None:
            services, passages = await self._both(*wanted)
            return _Settled(intent, (*services.findings, *passages.findings), services.unmet)
        if intent == "find_service" and sure:
            found = await self._vendor.run(request)
            return _Settled(intent, found.findings, found.unmet)
        services, passages = await self._both(request, request)
        told: dict[Intent, Found] = {"find_service": services, "question": passages}
        # A need that no example is near reads as foreign; what the market has settles it.
        order: tuple[Intent, ...] = (intent, "find_service", "question")
        if intent == "out_of_scope":
            order = ("find_service",)
        elif intent == "small_talk":
            order = ("question",)
        for settled in order:
            if (found := told.get(settled)) and found.findings:
                return _Settled(settled, found.findings, found.unmet)
        return _Settled(intent)

    async def _both(self, service: Request, question: Request) -> tuple[Found, Found]:
        async with asyncio.TaskGroup() as group:
            services = group.create_task(self._vendor.run(service))
            passages = group.create_task(self._communication.run(question))
        return services.result(), passages.result()

    async def _two_wants(self, request: Request) -> tuple[Request, Request] | None:
        """The part that wants a service and the part that asks a question, if there are both."""
        parts = clauses(request.message)
        if len(parts) < 2:
            return None
        wants: dict[str, list[str]] = {"find_service": [], "question": []}
        for part in parts:
            read = await self._intents.read(part)
            if read.confidence[read.intent] >= SURE and read.intent in wants:
                wants[read.intent].append(part)
        if not all(wants.values()):
            return None
        service, question = (". ".join(said) for said in wants.values())
        return (
            dataclasses.replace(request, message=service),
            dataclasses.replace(request, message=question),
        )

    async def _offers(self, request: Request, intent: Intent) -> tuple[str, ...]:
        """Categories to suggest: those nearest to a need, else those with the most services."""
        async with tenant_session(request.market.id) as session:
            counted = await reading.counted_categories(session, request.locale)
        names = [category.name for category in counted]
        if intent not in ("small_talk", "out_of_scope") and len(names) > OFFERS:
            wanted, *near = await self._deps.embedder.embed([request.message, *names])
            ranked = sorted(
                zip(near, names, strict=True), key=lambda pair: -float(pair[0] @ wanted)
            )
            names = [name for _, name in ranked]
        return tuple(names[:OFFERS])


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


def _agents(intent: Intent, findings: Sequence[Finding]) -> tuple[str, ...]:
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


def _purpose(settled: _Settled, understood: Reading, request: Request) -> Purpose:
    if not settled.findings and request.wish == "others":
        return "exhausted"
    if not settled.findings and is_unclear(request.message, understood):
        return "unclear"
    match settled.intent:
        case "small_talk":
            return understood.talk
        case "out_of_scope":
            return "decline"
        case intent:
            if len({found.kind for found in settled.findings}) > 1:
                return "both"
            return "offer" if intent == "find_service" else "explain"


def _cheapest(findings: Sequence[Finding]) -> int | None:
    """The number of the lowest price, if prices are for the same thing and differ."""
    priced = [
        (found.amount, found.unit, number)
        for number, found in enumerate(findings, start=1)
        if found.kind == "listing" and found.amount is not None
    ]
    if len(priced) < 2 or len({unit for _, unit, _ in priced}) > 1:
        return None
    amounts = sorted(amount for amount, _, _ in priced)
    return min(priced)[2] if amounts[0] < amounts[1] else None


def _speaking(findings: Sequence[Finding], request: Request) -> tuple[int, ...]:
    """The numbers of the services that speak the language of a reader from elsewhere.

    Nobody has to say that a service speaks the market's own language, or when all of them do.
    """
    if request.locale == request.market.default_locale:
        return ()
    language = request.locale.split("-", maxsplit=1)[0]
    offers = [
        (number, found) for number, found in enumerate(findings, start=1) if found.kind == "listing"
    ]
    able = tuple(number for number, found in offers if language in found.speaks)
    return () if len(able) == len(offers) else able
