"""Wants that what the market has settles: a service, a question, or neither."""

import asyncio
import dataclasses

from agents.base import BaseAgent, Finding, Intent, Request, Result
from agents.intents import Intents, Reading
from agents.needs import clauses
from agents.routing import SURE, WORKERS


@dataclasses.dataclass(frozen=True)
class Settled:
    """What is wanted and what was found for it."""

    intent: Intent
    findings: tuple[Finding, ...] = ()
    unmet: tuple[str, ...] = ()
    looked: tuple[str, ...] = ()
    """The agents that looked, whether they found something or not."""

    @property
    def agents(self) -> tuple[str, ...]:
        """Whose work the answer is."""
        kinds = {found.kind for found in self.findings}
        told = {"article", "passage", "file"}
        found = [
            agent
            for agent, own in (("vendor", {"listing"}), ("communication", told))
            if kinds & own
        ]
        return tuple(found) or WORKERS[self.intent]


BOTH = ("vendor", "communication")


class Settling:
    """Looks for services and for answers, and lets what is found decide where words do not."""

    def __init__(self, intents: Intents, vendor: BaseAgent, communication: BaseAgent) -> None:
        self._intents = intents
        self._vendor, self._communication = vendor, communication

    async def settle(self, request: Request, understood: Reading) -> Settled:
        """What the message wants, settled by what the market has for it, and what was found."""
        intent = understood.intent
        sure = understood.confidence[intent] >= SURE
        if intent in ("chat", "out_of_scope") and sure:
            return Settled(intent)
        wanted = await self._two_wants(request)
        if wanted is not None:
            services, passages = await self._both(*wanted)
            both = (*services.findings, *passages.findings)
            return Settled(intent, both, services.unmet, BOTH)
        if intent == "find_service" and sure:
            found = await self._vendor.perform(dataclasses.replace(request, intent=intent))
            return Settled(intent, found.findings, found.unmet, ("vendor",))
        services, passages = await self._both(request, request)
        told: dict[Intent, Result] = {"find_service": services, "question": passages}
        # A need that no example is near reads as foreign; what the market has settles it.
        order: tuple[Intent, ...] = (intent, "find_service", "question")
        if intent == "out_of_scope":
            order = ("find_service",)
        elif intent == "chat":
            order = ("question",)
        for settled in order:
            if (found := told.get(settled)) and found.findings:
                return Settled(settled, found.findings, found.unmet, BOTH)
        return Settled(intent, looked=BOTH)

    async def _both(self, service: Request, question: Request) -> tuple[Result, Result]:
        async with asyncio.TaskGroup() as group:
            services = group.create_task(
                self._vendor.perform(dataclasses.replace(service, intent="find_service"))
            )
            passages = group.create_task(
                self._communication.perform(dataclasses.replace(question, intent="question"))
            )
        return services.result(), passages.result()

    async def _two_wants(self, request: Request) -> tuple[Request, Request] | None:
        """The part that wants a service and the part that asks a question, if there are both."""
        parts = clauses(request.message)
        if len(parts) < 2:
            return None
        wants: dict[str, list[str]] = {"find_service": [], "question": []}
        for part, read in zip(parts, await self._intents.read_all(parts), strict=True):
            if read.confidence[read.intent] >= SURE and read.intent in wants:
                wants[read.intent].append(part)
        if not all(wants.values()):
            return None
        service, question = (". ".join(said) for said in wants.values())
        return (
            dataclasses.replace(request, message=service),
            dataclasses.replace(request, message=question),
        )
