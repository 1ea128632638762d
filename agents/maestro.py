"""Maestro: understands a message, sends specialists, and makes one cited answer of it."""

import asyncio
import dataclasses
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from functools import cache

from agents.attachments import FromFiles, beside, from_files, of_files, settles, with_files
from agents.base import MESSAGE_LIMIT, Deps, Request, Result, Route
from agents.briefing import brief_of, citations_of, offers_for, purpose_of, purpose_of_findings
from agents.clarifying import clarification, doubtful, simply
from agents.context import in_context, leaning
from agents.events import (
    Anew,
    Blocked,
    Cited,
    Done,
    Event,
    Piece,
    Routed,
    Slotted,
    Traced,
    Working,
)
from agents.gathering import remembering, with_slots
from agents.graph import Node, Outcome, run_graph
from agents.intents import Intents, Reading
from agents.merging import Merged, merged
from agents.proposing import Wanted, proposed, quotes_wanted
from agents.registry import specialists
from agents.routing import SIMPLE, Step, Want, agents_of, steps_of, wants_of
from agents.settling import Settled, Settling
from agents.tracing import trace_of, trace_of_settled
from app.errors import AppError
from app.inference.composer import Composer
from app.inference.model import Afresh, Brief, Credit
from app.inference.writing import Writer
from app.search.embeddings import sentence_embedder
from app.search.serving import search_index

STEP_SECONDS = 20.0
"""The longest that one specialist may take."""

WHOLE_SECONDS = 40.0
"""The longest that all of them may take together; what is done by then is answered with."""


@dataclasses.dataclass(frozen=True)
class Understood:
    """A message as it was understood."""

    request: Request
    reading: Reading
    wants: tuple[Want, ...]

    @property
    def route(self) -> Route:
        """The decision, before anybody has looked."""
        first = self.wants[0]
        return Route(first.intent, first.confidence, agents_of(self.wants))


class Maestro:
    """Routes messages of any market; keeps no state between them."""

    def __init__(
        self, deps: Deps, *, step_seconds: float = STEP_SECONDS, seconds: float = WHOLE_SECONDS
    ) -> None:
        self._deps = deps
        self._step_seconds, self._seconds = step_seconds, seconds
        self._intents = Intents(deps.embedder)
        self.agents = specialists(deps)
        for agent in self.agents.values():
            agent.life.register()
        self._settling = Settling(
            self._intents, self.agents["vendor"], self.agents["communication"]
        )

    async def understand(self, request: Request) -> Understood:
        """What a message wants, with what was said before it; does nothing else."""
        asked = await with_slots(request)
        request, reading = await in_context(asked, self._intents)
        if request.agent in self.agents:
            want = Want("overview" if request.agent == "dashboard" else "question", "", 1.0)
            return Understood(request, reading, (want,))
        wants = await wants_of(request.message, reading, self._intents)
        continues = request.message != asked.message or any(
            want.intent not in SIMPLE for want in wants
        )
        return Understood(remembering(request, continues=continues), reading, wants)

    async def answer(self, request: Request) -> AsyncIterator[Event]:
        """Answer one message; yields `Routed`, `Cited`, some `Piece` and `Done`, in that order.

        `Working` may stand around `Routed`, `Blocked` after `Cited`, `Anew` among the pieces, and
        `Traced` anywhere.

        Writes nothing but what agents keep for the person and put before them. Raises `AppError`
        for a message that is empty or longer than `MESSAGE_LIMIT` characters.
        """
        start = time.monotonic()
        request = dataclasses.replace(request, message=checked(request.message))
        understood = await self.understand(request)
        asked, wants = understood.request, understood.wants
        files = await from_files(asked, self._deps.embedder)
        if asked.agent in self.agents:
            steps = (Step(asked.agent, wants[0].intent, asked.message),)
            answering = self._by_steps(understood, steps, files)
        elif quotes := await quotes_wanted(request):
            answering = self._proposed(understood, quotes)
        elif settles(files, understood.reading):
            answering = self._said(understood, of_files(files), 0.0, 0.0, files.note)
        elif all(want.intent in SIMPLE for want in wants):
            answering = self._settled(understood, start, files)
        elif doubtful(understood.reading) and len(wants) == 1:
            answering = self._clarified(understood, start)
        else:
            steps = steps_of(wants, {name: type(made) for name, made in self.agents.items()})
            answering = self._by_steps(understood, steps, files)
        async with aclosing(answering) as events:
            async for event in events:
                yield event

    async def _settled(
        self, understood: Understood, start: float, files: FromFiles
    ) -> AsyncGenerator[Event]:
        """The answer to a want that what the market has settles."""
        began = time.monotonic() - start
        request, reading = understood.request, understood.reading
        settled = with_files(await self._settling.settle(request, reading), files)
        if not settled.findings:
            whole = await leaning(request, reading, self._intents)
            if whole and (again := await self._settling.settle(*whole)).findings:
                (request, reading), settled = whole, again
        understood = dataclasses.replace(understood, request=request, reading=reading)
        took = time.monotonic() - start - began
        async with aclosing(self._said(understood, settled, began, took, files.note)) as events:
            async for event in events:
                yield event

    async def _said(
        self, understood: Understood, settled: Settled, began: float, took: float, note: str = ""
    ) -> AsyncGenerator[Event]:
        request, reading = understood.request, understood.reading
        intent, findings = settled.intent, settled.findings
        route = Route(intent, reading.confidence[intent], settled.agents)
        yield Routed(route, trace_of_settled(understood, route, settled, began, took))
        if request.slots or request.kept:
            yield Slotted(request.slots)
        yield Cited(citations_of(findings))
        if note and not findings:
            yield Piece(note)
            yield Done(route.agents[0], note, Composer.name)
            return
        offers = () if findings else await offers_for(request, intent, self._deps.embedder)
        brief = brief_of(
            request,
            purpose_of(intent, findings, reading, request),
            findings,
            route.agents[0],
            unmet=settled.unmet,
            offers=offers,
        )
        first = f"{note}\n\n" if note else ""
        async with aclosing(self._written(brief, route.agents[0], first)) as events:
            async for event in events:
                yield event

    async def _proposed(self, understood: Understood, wanted: Wanted) -> AsyncGenerator[Event]:
        """What was put before the person, of the services that an earlier answer named."""
        route = Route("find_service", 1.0, ("vendor",))
        yield Routed(route, trace_of(understood, route.agents))
        yield Cited(())
        text = await proposed(understood.request, wanted)
        yield Piece(text)
        yield Done("vendor", text, Composer.name)

    async def _clarified(self, understood: Understood, start: float) -> AsyncGenerator[Event]:
        """What the market has for a message of unclear intent, or the question what is meant."""
        request, reading = understood.request, understood.reading
        began = time.monotonic() - start
        settled = await self._settling.settle(request, simply(reading))
        if settled.findings:
            took = time.monotonic() - start - began
            async with aclosing(self._said(understood, settled, began, took)) as events:
                async for event in events:
                    yield event
            return
        route = Route(reading.intent, reading.confidence[reading.intent], ("maestro",))
        yield Routed(route, trace_of(understood, route.agents))
        yield Cited(())
        text = clarification(reading, request.locale)
        yield Piece(text)
        yield Done("maestro", text, Composer.name)

    async def _by_steps(
        self, understood: Understood, steps: tuple[Step, ...], files: FromFiles
    ) -> AsyncGenerator[Event]:
        """The answer to wants that several specialists work on."""
        request = understood.request
        agents = tuple(dict.fromkeys(step.agent for step in steps))
        route = dataclasses.replace(understood.route, agents=agents)
        yield Routed(route, trace_of(understood, agents))
        news: asyncio.Queue[Working | None] = asyncio.Queue()
        work = asyncio.create_task(self._worked_off(request, steps, news), name="steps")
        try:
            while (told := await news.get()) is not None:
                yield told
            outcomes = await work
        finally:
            # Who stops the answer stops every specialist, and waits until they have let go.
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
        whole = beside(merged(request, understood.wants, steps, outcomes), files)
        yield Traced(trace_of(understood, agents, whole.steps))
        if request.slots or request.kept or whole.asks:
            yield Slotted(request.slots, whole.asks)
        yield Cited(citations_of(whole.findings))
        if whole.blocks:
            yield Blocked(whole.blocks)
        async with aclosing(self._told(request, understood, whole)) as events:
            async for event in events:
                yield event

    async def _worked_off(
        self, request: Request, steps: tuple[Step, ...], news: asyncio.Queue[Working | None]
    ) -> dict[str, Outcome[Result]]:
        by_key = {step.key: step for step in steps}

        def began(key: str) -> None:
            news.put_nowait(Working(by_key[key].agent, by_key[key].intent, "began"))

        def ended(key: str, outcome: Outcome[Result]) -> None:
            news.put_nowait(Working(by_key[key].agent, by_key[key].intent, outcome.state))

        try:
            nodes = [self._node(request, step) for step in steps]
            return await run_graph(nodes, self._seconds, began, ended)
        finally:
            news.put_nowait(None)

    def _node(self, request: Request, step: Step) -> Node[Result]:
        agent = self.agents.get(step.agent)
        if agent is None:
            return Node(step.key, None, step.needs)

        async def work(given: Mapping[str, Result]) -> Result:
            return await agent.perform(
                dataclasses.replace(
                    request,
                    message=step.message or request.message,
                    intent=step.intent,
                    given={key.partition("/")[2]: result for key, result in given.items()},
                )
            )

        return Node(step.key, work, step.needs, self._step_seconds)

    async def _told(
        self, request: Request, understood: Understood, whole: Merged
    ) -> AsyncGenerator[Event]:
        """What the specialists say, then what a model writes over what they found."""
        if not whole.findings:
            text = whole.text or clarification(understood.reading, request.locale)
            yield Piece(text)
            yield Done(whole.lead, text, Composer.name)
            return
        kinds = {found.kind for found in whole.findings}
        purpose = "offer" if "listing" in kinds else "explain"
        brief = brief_of(
            request,
            purpose_of_findings(whole.findings, purpose),
            whole.findings,
            whole.lead,
            unmet=whole.unmet,
        )
        first = f"{whole.text}\n\n" if whole.text else ""
        async with aclosing(self._written(brief, whole.lead, first)) as events:
            async for event in events:
                yield event

    async def _written(self, brief: Brief, agent: str, first: str = "") -> AsyncGenerator[Event]:
        """What the model writes; `first` stands before it, also when it begins anew."""
        text, credit = first, None
        if first:
            yield Piece(first)
        async for written in self._deps.model.stream(brief):
            match written:
                case str():
                    text += written
                    yield Piece(written)
                case Afresh(model, reason):
                    text = first
                    yield Anew(model, reason)
                    if first:
                        yield Piece(first)
                case Credit():
                    credit = written
        model = credit.model if credit else self._deps.model.name
        yield Done(agent, text, model, credit)


@cache
def maestro() -> Maestro:
    """The Maestro of this process, with the configured index and model."""
    embedder = sentence_embedder()
    return Maestro(
        Deps(index=search_index(), embedder=embedder, model=Writer(Composer(embedder), embedder))
    )


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
