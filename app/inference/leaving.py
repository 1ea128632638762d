"""What leaves for endpoints outside this installation: masked, unless the market's rule says not.

An endpoint is ours where its model runs on this machine, or where who runs the platform said that
it is inside and its address is of no public network. Everything else is outside. What cannot be
masked is not sent.
"""

import asyncio
import dataclasses
import ipaddress
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from urllib.parse import urlsplit

from app.inference.calling import Call, Called, CallFailed, Chat, ChatEvent, Finished, Text, Turn
from app.inference.targets import Target
from app.outbound import address_of, is_public
from app.trust.masking import Masking, Unmasking

SIGNS = (
    "Signs such as <PERSON-BCD1> or <PHONE-BCD1> stand for data that you are not shown. "
    "Where you need one, copy it exactly, with its brackets."
)
"""What a model is told where something was masked."""

_log = logging.getLogger(__name__)


class Leaving:
    """A model at one address of an endpoint; what is asked of it is masked where it must be.

    `chat` makes the chat itself; given True it connects to addresses of our own network alone.
    """

    def __init__(self, target: Target, url: str, chat: Callable[[bool], Chat]) -> None:
        self._target, self._url, self._chat = target, url, chat

    async def stream(self, call: Call) -> AsyncGenerator[ChatEvent]:
        """See `Chat.stream`; raises `CallFailed` of `unmasked`, and sends nothing then."""
        if call.may_leave or self._target.kind.local:
            events = self._chat(False).stream(call)
        elif await is_ours(self._target, self._url):
            events = self._chat(True).stream(call)
        else:
            events = self._masked(call)
        async with aclosing(events):
            async for event in events:
                yield event

    async def _masked(self, call: Call) -> AsyncGenerator[ChatEvent]:
        masking = Masking()
        try:
            # It takes milliseconds for each thousand letters, in which nobody else should wait.
            masked = await asyncio.to_thread(masked_call, call, masking)
        except Exception as error:
            # The error may hold what was to be masked, so that not even its text is written.
            _log.error("Personal data could not be masked: %s", type(error).__name__)
            raise CallFailed("unmasked") from None
        call.masked.update(masking.counts - call.masked)
        unmasking = Unmasking(masking)
        async with aclosing(self._chat(False).stream(masked)) as events:
            async for event in events:
                match event:
                    case Text(text):
                        if piece := unmasking.passed(text):
                            yield Text(piece)
                    case Called(wish):
                        told = masking.unmasked(wish.arguments, in_json=True)
                        yield Called(dataclasses.replace(wish, arguments=told))
                    case Finished():
                        if piece := unmasking.rest():
                            yield Text(piece)
                        yield event


async def is_ours(target: Target, url: str) -> bool:
    """Whether an endpoint's address is of this machine or of a network of ours."""
    if not target.inside:
        return False
    host = urlsplit(url).hostname or ""
    try:
        return not is_public(str(ipaddress.ip_address(host)))
    except ValueError:
        pass
    if target.kind.key == "hub":
        # Its client looks names up by itself, so that what was looked at may not be what is used.
        return False
    try:
        return not is_public(await address_of(host, 0, private=True))
    except OSError:
        return False


def masked_call(call: Call, masking: Masking) -> Call:
    """The call with all that anybody said in it masked."""
    wishes = [wish for turn in call.turns for wish in turn.calls]
    texts = [turn.text for turn in call.turns] + [wish.arguments for wish in wishes]
    masked = iter(masking.mask(texts))
    turns = [dataclasses.replace(turn, text=next(masked)) for turn in call.turns]
    arguments = {id(wish): next(masked) for wish in wishes}
    told = (Turn("system", SIGNS),) if masking.counts else ()
    return dataclasses.replace(call, turns=(*told, *(_with(turn, arguments) for turn in turns)))


def _with(turn: Turn, arguments: dict[int, str]) -> Turn:
    calls = tuple(dataclasses.replace(wish, arguments=arguments[id(wish)]) for wish in turn.calls)
    return dataclasses.replace(turn, calls=calls)
