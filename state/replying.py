"""A reply that is being written, as often as a page is told of it."""

import dataclasses
import time
from collections.abc import AsyncGenerator

from agents.answering import AnswerEvent, Ended
from agents.events import Working
from agents.maestro import Anew, Piece, Routed
from app.conversations.replies import Reply
from state.messages import Step

SEND_EVERY = 0.08
"""Seconds between two sendings of a reply that is being written."""


@dataclasses.dataclass(frozen=True)
class AsWritten:
    """How far a reply is; `agents` and `steps` are None where they are as they were before."""

    text: str
    anew: bool
    agents: list[str] | None
    steps: list[Step] | None


async def as_written(reply: Reply[AnswerEvent]) -> AsyncGenerator[AsWritten]:
    """What a page shows of the reply, until it is put down; who works on it is told at once."""
    text, sent_at, agents, anew = "", 0.0, None, False
    steps: dict[str, Step] = {}
    told = False
    async for event in reply.follow():
        match event:
            case Piece(text=piece):
                text += piece
            case Anew():
                text, sent_at, anew = "", 0.0, True
            case Routed(route=route):
                agents = list(route.agents)
            case Working(agent=agent, intent=intent, state=standing):
                steps[f"{intent}/{agent}"] = Step(agent, standing)
                told = True
            case Ended():
                break
            case _:
                continue
        now = time.monotonic()
        if agents is None and not told and now - sent_at < SEND_EVERY:
            continue
        yield AsWritten(text, anew, agents, list(steps.values()) if told else None)
        sent_at, agents, told = now, None, False
    # It says that it has ended before it is put down; whoever looks then would follow it anew.
    await reply.wait()
