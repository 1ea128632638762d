"""Reading a message together with what was said before it."""

import dataclasses
from difflib import SequenceMatcher

from agents.base import Request, Wish
from agents.intents import Intents, Reading, examples
from agents.needs import adds_to_the_last, is_short, wants_cheaper, wants_more

PLAIN = 0.6
"""A message that is understood this surely as a question or small talk stands for itself."""

LIKE_A_WORD = 0.6
"""How alike a lone word must be to a word of small talk to be taken for it."""


MOSTLY = 0.7
"""Of the letters of a message, how many must say slots for it to say nothing else."""


async def in_context(request: Request, intents: Intents) -> tuple[Request, Reading]:
    """The request with what it leans on written out, and how it is understood.

    "Anything cheaper?" asks about the last need again, "and at night?" adds to it.
    """
    understood = await intents.read(request.message)
    base = _base(request)
    if base is None:
        return request, understood
    wish = _wish(request.message)
    answers = _only_says_slots(request)
    alone = _is_plain(understood) or not adds_to_the_last(request.message)
    if wish == "best" and not answers and alone:
        return request, understood
    whole = base if wish != "best" else f"{base}. {request.message}"
    earlier = await intents.read(base)
    if earlier.intent in ("chat", "out_of_scope") or (answers and earlier.intent == "question"):
        return request, understood
    return dataclasses.replace(request, message=whole, wish=wish), earlier


async def leaning(
    request: Request, understood: Reading, intents: Intents
) -> tuple[Request, Reading] | None:
    """The request as an addition to the last need, for when alone it finds nothing."""
    base = _base(request)
    if base is None or request.wish != "best" or not is_short(request.message):
        return None
    if _is_plain(understood):
        return None
    earlier = await intents.read(base)
    if earlier.intent != "find_service":
        return None
    return dataclasses.replace(request, message=f"{base}. {request.message}"), earlier


def is_unclear(message: str, understood: Reading) -> bool:
    """Whether a message holds no word that could be meant: only signs, or a lone string of keys."""
    words = [word for word in message.lower().split() if any(sign.isalpha() for sign in word)]
    if not words:
        return True
    if len(words) > 1 or understood.intent != "chat":
        return False
    known = {
        part
        for (intent, _), text in examples()
        if intent == "chat"
        for part in text.lower().strip("?!. ").split()
    }
    said = words[0].strip("?!.,،؟ ")
    return max(SequenceMatcher(None, said, part).ratio() for part in known) < LIKE_A_WORD


def _only_says_slots(request: Request) -> bool:
    """Whether a message hardly says more than a day, a sum or a number: it answers a question."""
    letters = sum(sign.isalnum() for sign in request.message)
    spans = {(slot.start, slot.end) for slot in request.slots}
    said = {place for start, end in spans for place in range(start, end)}
    told = sum(request.message[place].isalnum() for place in said)
    return letters > 0 and told / letters >= MOSTLY


def _is_plain(understood: Reading) -> bool:
    return max(understood.confidence["question"], understood.confidence["chat"]) >= PLAIN


def _wish(message: str) -> Wish:
    if wants_cheaper(message):
        return "cheaper"
    return "others" if wants_more(message) else "best"


def _base(request: Request) -> str | None:
    """The last message that stands for itself, with what was added to it since."""
    added: list[str] = []
    for said in reversed(request.history):
        if said.author != "person" or _wish(said.text) != "best":
            continue
        added.insert(0, said.text)
        if not adds_to_the_last(said.text):
            return ". ".join(added)
    return None
