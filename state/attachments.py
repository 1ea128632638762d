"""The files that wait to be sent with the next message, as chips above the composer.

- `AttachmentState.chips`: what was put there, and how far reading it is; `sending` while the
  browser hands a file over.
- `state.attaching` has the events.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import reflex as rx
from babel.units import format_unit

from app.accounts.actors import Member
from app.conversations.attachments import taking
from app.conversations.attachments.taking import Attached
from app.database import tenant_session
from app.i18n import translate
from app.markets.directory import MarketCard


@dataclasses.dataclass(frozen=True)
class FileChip:
    """A file beside a message; `state` is `waiting`, `ready` or `failed`, empty once it was sent.

    `url` is empty for a reader who may not open it.
    """

    id: str
    name: str
    size: str
    state: str = ""
    problem: str = ""
    url: str = ""


class AttachmentState(rx.State):
    """The chips of the open conversation."""

    chips: rx.Field[list[FileChip]] = rx.field(default_factory=list)
    sending: rx.Field[bool] = rx.field(False)


async def show_attachments(
    state: rx.State,
    market: MarketCard,
    conversation_id: UUID | None,
    person: Member | None,
    locale: str,
) -> bool:
    """Put the files that wait in the conversation onto the page; True if one is still read."""
    here = await state.get_state(AttachmentState)
    found: list[Attached] = []
    if conversation_id is not None and person is not None:
        async with tenant_session(market.id) as session:
            found = await taking.attached(session, conversation_id, person.id, sent=False)
    chips = [_chip(one, locale) for one in found]
    if chips != here.chips:
        here.chips = chips
    return any(chip.state == "waiting" for chip in chips)


async def waiting_files(state: rx.State) -> tuple[UUID, ...]:
    """The files to be sent with the next message."""
    here = await state.get_state(AttachmentState)
    return tuple(UUID(chip.id) for chip in here.chips)


def sent_chips(files: Iterable[Mapping[str, Any]], locale: str) -> list[FileChip]:
    """The files that a message was sent with, as the page shows them beside it."""
    return [
        FileChip(
            id=str(file["id"]),
            name=str(file["name"]),
            size=size_of(int(file["bytes"]), locale),
            url=f"/files/attachments/{file['id']}" if file["id"] else "",
        )
        for file in files
    ]


def size_of(count: int, locale: str) -> str:
    """So many bytes, as people say it."""
    unit, size = ("kilobyte", -(-count // 1024)) if count < 1024**2 else ("megabyte", 0)
    return format_unit(
        size or round(count / 1024**2, 1),
        f"digital-{unit}",
        "short",
        locale=locale.replace("-", "_"),
    )


def _chip(one: Attached, locale: str) -> FileChip:
    return FileChip(
        id=str(one.id),
        name=one.name,
        size=size_of(one.bytes, locale),
        state=one.state,
        problem=translate(locale, one.problem) if one.problem else "",
    )
