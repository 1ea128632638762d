"""Approved replies as examples to learn from, without what is personal in them.

An example is the very prompt that a model is given (`app.inference.prompting`), with the sources
as the reply cited them, and the reply.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from app.inference.model import Brief, Evidence
from app.inference.prompting import turns_of
from app.training.approvals import Reply
from app.trust.masking import found_in
from app.trust.wrapping import Wrapping

HELD_OUT = 5
"""One conversation in so many is never learnt from, and tells whether learning helped."""
_ROLES = {"system": "system", "person": "user", "agent": "assistant"}
_NAME_PART = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True)
class Example:
    """What a model is told and should say; `held_out` examples only measure."""

    messages: list[dict[str, str]]
    held_out: bool


def examples_of(replies: Sequence[Reply], agent: str, market: str) -> list[Example]:
    """An example of each reply of the agent. A conversation is held out or learnt from, whole."""
    return [
        Example(_messages(reply, market), _is_held_out(reply))
        for reply in replies
        if reply.payload.get("agent") == agent
    ]


def without_personal(text: str, known: Iterable[str] = ()) -> str:
    """The text with `<PERSON>` and the like for what is personal, and for what is `known`."""
    for value in sorted(filter(None, known), key=len, reverse=True):
        text = re.sub(rf"(?i)(?<!\w){re.escape(value)}(?!\w)", "<PERSON>", text)
    pieces, end = list[str](), 0
    for span in found_in(text):
        pieces += (text[end : span.start], f"<{span.kind}>")
        end = span.end
    return "".join((*pieces, text[end:]))


def _messages(reply: Reply, market: str) -> list[dict[str, str]]:
    # Short words are left: to take out each "an" of a person called An would spoil every sentence.
    known = [reply.email, reply.name, *_NAME_PART.findall(reply.name)]
    brief = Brief(
        purpose=_purpose(reply.payload["citations"]),
        locale=reply.locale,
        message=without_personal(reply.asked, known),
        market=market,
        evidence=tuple(_evidence(citation) for citation in reply.payload["citations"]),
    )
    turns = turns_of(brief, _marks(reply))
    told = [{"role": _ROLES[turn.role], "content": turn.text} for turn in turns]
    said = without_personal(reply.payload["text"], known)
    return [*told, {"role": "assistant", "content": said}]


def _marks(reply: Reply) -> Wrapping:
    """Marks that differ from reply to reply, as from call to call, and stay the same for each."""
    wrapping = Wrapping()
    wrapping.word = f"data-{reply.id.hex[:12]}"
    return wrapping


def _evidence(citation: dict[str, Any]) -> Evidence:
    """A source as the reply showed it: what the market itself publishes."""
    return Evidence(
        number=citation["number"],
        kind=citation["kind"],
        title=citation["title"],
        text=citation.get("detail", ""),
        facts=tuple(filter(None, (citation.get("price", ""),))),
    )


def _purpose(citations: Sequence[dict[str, Any]]) -> Any:
    kinds = {citation["kind"] == "listing" for citation in citations}
    return "offer" if kinds == {True} else "explain" if kinds == {False} else "both"


def _is_held_out(reply: Reply) -> bool:
    return blake2b(reply.conversation_id.bytes, digest_size=4).digest()[0] % HELD_OUT == 0
