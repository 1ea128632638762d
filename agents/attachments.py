"""What the files of a conversation say to a message: findings to be cited, and what is missing.

The text of a file is data that somebody wrote, as that of an article is. It is quoted and cited,
and no sentence in it decides what is done.
"""

import asyncio
import dataclasses
from collections.abc import Sequence
from uuid import UUID

from babel.lists import format_list

from agents.base import Finding, Request
from agents.intents import Reading
from agents.merging import Merged
from agents.routing import SURE
from agents.settling import Settled
from app.conversations.attachments.finding import (
    Quotable,
    Standing,
    beginnings,
    passages_for,
    standing_of,
)
from app.conversations.attachments.taking import UNKNOWN
from app.database import tenant_session
from app.i18n import N_, translate
from app.knowledge.extraction.reading import REASONS
from app.search.embeddings import Embedder
from app.trust.links import unlinked
from app.trust.wrapping import as_data

QUOTED = 3
"""Places in files that an answer rests on at most."""
VAGUE = 0.2
"""Below this nearness nothing in a file answers a message, which is about the whole of it then."""
NEAR = 0.33
"""How near to a message a passage of an earlier file must be to be quoted beside what else fits."""
CLEAR = 0.4
"""How near it must be to be the answer, whatever else the message could be taken for."""
FOR_SERVICE = 0.55
"""How near it must be to stand beside services that were asked for."""
ALIKE = 0.8
"""Of the best one's nearness, what another passage must have to be quoted beside it."""
WAITS = 25.0
"""Seconds that an answer waits for the files that were sent with its message to be read."""
LOOKS = 0.25

_MARKS = str.maketrans("[]", "()")
_PLACES = {
    "pptx": N_("your file, slide %(page)s"),
    "xlsx": N_("your file, sheet %(page)s"),
    "": N_("your file, page %(page)s"),
}


@dataclasses.dataclass(frozen=True)
class FromFiles:
    """What files say to a message; `note` says of which of them nothing can be said, and why."""

    findings: tuple[Finding, ...] = ()
    note: str = ""
    asked: bool = False
    """Whether files were sent with this message."""
    near: float = 0.0
    """How near to the message the best of it is."""


async def from_files(request: Request, embedder: Embedder) -> FromFiles:
    """What the conversation's files say to the request's message.

    Those that were sent with it are spoken of in any case, earlier ones where they bear on it.
    """
    if not request.files and not request.earlier_files:
        return FromFiles()
    standing = await _read(request) if request.files else []
    ready = [one.id for one in standing if one.state == "ready"]
    meaning = (await embedder.embed([request.message]))[0]
    quoted: list[Quotable] = []
    async with tenant_session(request.market.id) as session:
        if ready:
            quoted = await passages_for(session, ready, request.message, meaning, QUOTED)
            if quoted and quoted[0].near < VAGUE:
                quoted = (await beginnings(session, ready))[:QUOTED]
        elif request.earlier_files and not request.files:
            found = await passages_for(
                session, request.earlier_files, request.message, meaning, QUOTED
            )
            quoted = [one for one in found if one.near >= NEAR]
    return FromFiles(
        findings=tuple(_finding(one, request.locale) for one in _best(quoted)),
        note=_note(request.locale, standing),
        asked=bool(request.files),
        near=max((one.near for one in quoted), default=0.0),
    )


def settles(files: FromFiles, reading: Reading) -> bool:
    """Whether what files say is the answer, whatever else the message could be taken for.

    Who hands a file over asks about it, unless they want a service or a plan made.
    """
    sure = reading.confidence[reading.intent] >= SURE
    if sure and reading.intent in ("find_service", "create_plan"):
        return False
    return files.asked or files.near >= CLEAR


def of_files(files: FromFiles) -> Settled:
    """What is wanted where files settle it."""
    return Settled("question", files.findings, looked=("communication",))


def with_files(settled: Settled, files: FromFiles) -> Settled:
    """What the market has for a message, with what files say to it.

    Services stand first; what a file of the person's own says, before what the market has written.
    """
    service = settled.intent == "find_service" and not files.asked
    if not files.findings or (service and files.near < FOR_SERVICE):
        return settled
    services = tuple(found for found in settled.findings if found.kind == "listing")
    others = tuple(found for found in settled.findings if found.kind != "listing")
    return dataclasses.replace(
        settled,
        intent="find_service" if services else "question",
        findings=(*services, *files.findings, *(() if files.asked else others)),
        looked=tuple(dict.fromkeys((*settled.looked, "communication"))),
    )


def beside(whole: Merged, files: FromFiles) -> Merged:
    """What specialists made, with what the files say that came with the message."""
    if not files.asked:
        return whole
    return dataclasses.replace(
        whole,
        text="\n\n".join(filter(None, (whole.text, files.note))),
        findings=(*whole.findings, *files.findings),
    )


async def _read(request: Request) -> list[Standing]:
    """The files sent with the message, once they are read or the reader has waited long enough."""
    until = asyncio.get_running_loop().time() + WAITS
    while True:
        async with tenant_session(request.market.id) as session:
            found = await standing_of(session, request.files)
        waits = any(one.state == "waiting" for one in found)
        if not waits or asyncio.get_running_loop().time() > until:
            order = {one: place for place, one in enumerate(request.files)}
            return sorted(found, key=lambda one: order[one.id])
        await asyncio.sleep(LOOKS)


def _best(quoted: Sequence[Quotable]) -> list[Quotable]:
    """One of each place, and none that is much less near than the best."""
    best = max((one.near for one in quoted), default=0.0)
    kept: dict[tuple[UUID, int], Quotable] = {}
    for one in quoted:
        if one.near >= ALIKE * best or one.near == 0.0:
            kept.setdefault((one.attachment_id, one.position), one)
    return list(kept.values())


def _finding(one: Quotable, locale: str) -> Finding:
    return Finding(
        kind="file",
        id=one.attachment_id,
        external_id=f"{one.attachment_id}.{one.position}",
        title=one.name,
        url=f"/files/attachments/{one.attachment_id}",
        text=one.context,
        facts=(_place(one, locale),),
        score=one.near,
    )


def _place(one: Quotable, locale: str) -> str:
    if one.page is None:
        return translate(locale, "your file")
    return translate(locale, _PLACES.get(one.kind, _PLACES[""]), page=one.page)


def _note(locale: str, standing: Sequence[Standing]) -> str:
    """Of which files nothing can be said, and why."""
    waiting = [_named(one) for one in standing if one.state == "waiting"]
    told = [
        f"{_named(one)}: {translate(locale, REASONS.get(one.problem, UNKNOWN))}"
        for one in standing
        if one.state == "failed"
    ]
    if waiting:
        names = format_list(waiting, locale=locale.replace("-", "_"))
        told.append(
            translate(
                locale, "I am still reading %(names)s. Ask once more in a moment.", names=names
            )
        )
    return "\n".join(told)


def _named(one: Standing) -> str:
    """A file's name as an answer may say it: no link, and nothing that reads as a mark."""
    return f"“{unlinked(as_data(one.name), ()).translate(_MARKS)}”"
