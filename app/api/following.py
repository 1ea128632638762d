"""What happens in a conversation, as events that a reader can take up again where it stopped.

Streams of HTTP and sockets tell the same events. Each says with its id how far its reader is: the
last entry of the log, and after a dot the characters of the reply that is written after it.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from agents import answering as answers
from agents.answering import AnswerEvent, Began, Ended
from agents.base import Citation
from agents.events import Working
from agents.maestro import Anew, Cited, Piece, Routed
from app.api.attached import shown_files
from app.api.requests import BadBody
from app.conversations import blocks, hearing, log, reading
from app.conversations.log import Entry
from app.conversations.reading import Spoken
from app.conversations.replies import Reply
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.settings import settings

LOOKS_AGAIN = 15.0
"""Seconds after which a reader who waits for an answer looks for what no news told: that the
process died which was to write it."""
RESTS = 600.0
"""Seconds after which any other reader looks. News are told anew when the database was away, so
there is hardly anything to find, and of thousands of open sockets most are silent."""


@dataclass(frozen=True)
class Place:
    """How far a reader is: the last log entry, and the characters of the reply after it."""

    seq: int = 0
    characters: int = 0

    @classmethod
    def of(cls, told: str) -> "Place":
        """Read `12` or `12.345`; raises `BadBody`."""
        seq, _, characters = told.partition(".")
        ours = seq.isdecimal() and (characters or "0").isdecimal() and told.isascii()
        if not ours or len(told) > 19:
            raise BadBody("This is not an event id: %(id)s", id=told[:40])
        return cls(int(seq), int(characters or 0))

    def __str__(self) -> str:
        """The event id."""
        return f"{self.seq}.{self.characters}" if self.characters else str(self.seq)


@dataclass(frozen=True)
class Told:
    """One event; without a place it is none to go on from."""

    kind: str
    place: Place | None
    data: dict[str, Any]


async def feed(
    market: MarketCard, conversation_id: UUID, person_id: UUID | None, place: Place
) -> AsyncGenerator[Told]:
    """Everything that happens after `place`, for as long as the reader reads.

    Raises `NotFound` when the person may not, or may no longer, read the conversation.
    """
    with hearing.watching(market.id, conversation_id) as watch:
        is_behind, is_owed = True, False
        while True:
            reply = answers.running(conversation_id)
            if reply is not None:
                is_behind = True
                async with aclosing(
                    live(market, conversation_id, reply, place, all_of_it=True)
                ) as events:
                    async for told in events:
                        place = told.place or place
                        # It is in the log by then, and nothing of it is left to look for.
                        is_behind, is_owed = told.kind != "done", False
                        yield told
                continue
            if is_behind:
                async with tenant_session(market.id) as session:
                    await log.check_may_open(session, conversation_id, person_id)
                    is_owed = await reading.is_owed(session, conversation_id)
                    entries = await log.events_after(session, conversation_id, place.seq)
                for told in kept(market, conversation_id, entries, place, all_of_it=True):
                    yield told
                place = _after(entries, place)
                if entries:
                    continue
            heard = await watch.next(LOOKS_AGAIN if is_owed else RESTS)
            is_behind = not heard or any(news.is_beyond(place.seq) for news in heard)
            for news in heard:
                if news.kind != "entry":
                    yield Told(news.kind, None, news.told)


def _after(entries: Sequence[Entry], place: Place) -> Place:
    if not entries:
        return place
    answered = any(entry.kind == "reply" for entry in entries)
    return Place(entries[-1].seq, 0 if answered else place.characters)


async def live(
    market: MarketCard,
    conversation_id: UUID,
    reply: Reply[AnswerEvent],
    place: Place,
    *,
    all_of_it: bool = False,
) -> AsyncGenerator[Told]:
    """The events of a reply as it is written, from `place` on.

    With `all_of_it` also what was said before it, and who works on it.
    """
    written = _Written(market, conversation_id, place)
    async for event in reply.follow():
        if isinstance(event, Began):
            written.message_id, written.begun = str(event.message_id), event.seq
            if all_of_it:
                async for told in _before(market, conversation_id, place, event.entry):
                    yield told
                yield Told("typing", None, {"author": "agent", "active": True})
        elif isinstance(event, Working):
            # Who works on what is for readers that stay; the log says it when all is done.
            if all_of_it:
                yield Told("working", None, asdict(event))
        elif told := written.told(event):
            yield told


@dataclass
class _Written:
    """A reply that is being written, and what its reader, who was at `place`, has of it."""

    market: MarketCard
    conversation_id: UUID
    place: Place
    begun: int = 0
    characters: int = 0
    message_id: str = ""

    def told(self, event: AnswerEvent) -> Told | None:
        """The event as this reader is told of it; None where there is nothing new to them."""
        at = Place(self.begun + 1)
        is_new = self.place.seq <= self.begun
        who = {"conversation_id": str(self.conversation_id), "message_id": self.message_id}
        match event:
            case Routed(route=route) if is_new:
                return Told("route", at, who | asdict(route))
            case Cited(citations=citations) if is_new or not self.place.characters:
                shown = [shown_citation(self.market, citation) for citation in citations]
                return Told("citations", at, {"citations": shown})
            case Piece(text=text):
                return self._piece(text, 0 if is_new else self.place.characters - self.characters)
            case Anew(reason=reason):
                self.characters += 1
                if is_new or self.place.characters < self.characters:
                    return Told("restart", Place(at.seq, self.characters), {"reason": reason})
            case Ended(seq=seq):
                return Told("done", Place(seq), who | ended(self.market, event))
            case _:
                pass
        return None

    def _piece(self, text: str, known: int) -> Told | None:
        self.characters += len(text)
        if known >= len(text):
            return None
        place = Place(self.begun + 1, self.characters)
        return Told("piece", place, {"text": text[max(known, 0) :]})


async def _before(
    market: MarketCard, conversation_id: UUID, place: Place, asked: Entry
) -> AsyncIterator[Told]:
    """What stands in the log up to `asked`, which is being answered, after `place`."""
    told = [asked]
    if place.seq != asked.seq - 1:
        async with tenant_session(market.id) as session:
            entries = await log.events_after(session, conversation_id, place.seq)
        told = [entry for entry in entries if entry.seq <= asked.seq]
    for one in kept(market, conversation_id, told, place, all_of_it=True):
        yield one


def kept(
    market: MarketCard,
    conversation_id: UUID,
    entries: Sequence[Entry],
    place: Place,
    *,
    all_of_it: bool = False,
) -> list[Told]:
    """The events of entries that are in the log, which a reader at `place` has not had.

    With `all_of_it` also what people said.
    """
    told: list[Told] = []
    who = {"conversation_id": str(conversation_id)}
    route: dict[str, Any] | None = None
    characters = place.characters
    for entry in entries:
        at, payload = Place(entry.seq), entry.payload
        if entry.kind == "message" and all_of_it:
            told.append(Told("message", at, who | _message(entry)))
        elif entry.kind == "retry" and all_of_it:
            told.append(Told("retry", at, who | {"asked": payload["asked"]}))
        elif entry.kind == "route":
            route = dict(payload)
            told.append(Told("route", at, who | route))
        elif entry.kind == "reply":
            citations = [shown_citation(market, citation) for citation in payload["citations"]]
            text: str = payload["text"]
            voided = int(payload.get("voided", 0))
            # Characters that the reader has are of the first answer to what it saw asked.
            known = characters if int(payload["asked"]) <= place.seq else 0
            characters = 0
            had = Place(entry.seq - 1, known)
            told.append(Told("citations", had, {"citations": citations}))
            if 0 < known < voided:
                told.append(Told("restart", Place(entry.seq - 1, voided), {"reason": ""}))
            if rest := text[max(known - voided, 0) :]:
                told.append(Told("piece", Place(entry.seq - 1, voided + len(text)), {"text": rest}))
            done = {
                "message_id": str(entry.id),
                "agent": payload["agent"],
                "route": route,
                "text": text,
                "citations": citations,
                "blocks": shown_blocks(market, payload.get("blocks", ())),
                "model": payload["model"],
                "ending": payload["ending"],
            }
            told.append(Told("done", at, who | done))
    return told


def _message(entry: Entry) -> dict[str, Any]:
    return {
        "message_id": str(entry.id),
        "client_id": entry.payload.get("client_id", ""),
        "text": entry.payload["text"],
        "at": entry.at.isoformat(),
    }


def ended(market: MarketCard, event: Ended) -> dict[str, Any]:
    """A finished reply."""
    return {
        "agent": event.agent,
        "route": asdict(event.route) if event.route else None,
        "text": event.text,
        "citations": [shown_citation(market, asdict(citation)) for citation in event.citations],
        "blocks": shown_blocks(market, [asdict(block) for block in event.blocks]),
        "model": event.model,
        "ending": event.ending,
    }


def shown_blocks(market: MarketCard, told: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The parts that are more than text, with the whole addresses of their pages."""
    origin = settings().origin(market.host)
    found = blocks.shown(told)
    for block in found:
        block["url"] = origin + block["url"] if block["url"] else ""
        if urls := block["data"].get("urls"):
            block["data"]["urls"] = [origin + url if url else "" for url in urls]
    return found


def shown_citation(market: MarketCard, told: dict[str, Any] | Citation) -> dict[str, Any]:
    """A citation with the whole address of its page."""
    citation = asdict(told) if isinstance(told, Citation) else dict(told)
    # A reader of the API has no page to resolve a path against.
    citation["url"] = settings().origin(market.host) + citation["url"]
    return citation


def shown_message(market: MarketCard, one: Spoken) -> dict[str, Any]:
    """Something that was said."""
    told: dict[str, Any] = {
        "message_id": one.id,
        "seq": one.seq,
        "author": one.author,
        "text": one.text,
        "at": one.at.isoformat(),
        "attachments": shown_files(market, one.attachments),
    }
    if one.author == "agent":
        told |= {
            "agent": one.agent,
            "model": one.model,
            "ending": one.ending,
            "citations": [shown_citation(market, citation) for citation in one.citations],
            "blocks": shown_blocks(market, one.blocks),
        }
    return told
