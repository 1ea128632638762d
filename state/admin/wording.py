"""The market's own words, one language at a time."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import reflex as rx

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession
from app.i18n import N_, direction, own_name, translate
from app.markets.wording import GROUPS, WORDS, reword, wording_of
from state.admin.editing import EditedMarket, Told
from state.admin.entry import Entry, enter
from state.filters import Option
from state.payloads import text_of


@dataclasses.dataclass(frozen=True)
class Phrase:
    """One of the program's texts in the chosen language, and the market's own for it."""

    place: int
    usual: str
    own: str
    hidden: bool = False
    """Whether it has nothing of what is looked for; it stays in the form."""


@dataclasses.dataclass(frozen=True)
class PhraseGroup:
    """The texts of some pages."""

    name: str
    phrases: list[Phrase]
    hidden: bool = False


class WordingState(EditedMarket, rx.State):
    """The words of one language."""

    spoken: rx.Field[list[Option]] = rx.field(default_factory=list)
    chosen: rx.Field[str] = rx.field("")
    chosen_direction: rx.Field[str] = rx.field("ltr")
    groups: rx.Field[list[PhraseGroup]] = rx.field(default_factory=list)
    sought: rx.Field[str] = rx.field("")
    none_found: rx.Field[bool] = rx.field(False)

    @rx.event
    async def load(self):
        """Show the words of the language that the page is in."""
        self.chosen, self.sought = "", ""
        await self._open()

    @rx.event
    async def seek(self, words: str):
        """Show the texts that hold these words, in the usual words or the market's own."""
        self.sought = text_of(words, 100)
        self._sift()

    @rx.event
    async def choose(self, code: str):
        """Show the words of another language."""
        if code in [option.value for option in self.spoken]:
            self.chosen, self._can_undo = code, False
            await self._open()

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Take over what the form holds for the chosen language."""
        own = {
            f"{self.chosen}.{place}": text_of(form.get(f"words.{place}")).strip()
            for place in range(len(WORDS))
        }
        await self._save({key: text for key, text in own.items() if text})

    async def _enter(self) -> Entry | None:
        entry = await enter(self, Permission.SHAPE, place="wording", title=N_("Wording"))
        if entry is not None and self.chosen not in entry.market.locales:
            self.chosen = entry.locale
        return entry

    async def _read(self, session: TenantSession, actor: Actor) -> tuple[Told, int]:
        wording, version = await wording_of(session, actor)
        own = wording.get(self.chosen, {})
        return {
            f"{self.chosen}.{place}": own[message]
            for place, message in enumerate(WORDS)
            if own.get(message)
        }, version

    async def _write(self, session: TenantSession, actor: Actor, wanted: Told, seen: int) -> None:
        # The language stands in the keys, so that an undo after a switch changes the right one.
        locale = next((key.partition(".")[0] for key in wanted), self.chosen)
        own = {
            message: wanted[f"{locale}.{place}"]
            for place, message in enumerate(WORDS)
            if f"{locale}.{place}" in wanted
        }
        await reword(session, actor, {locale: own}, seen)

    def _names(self, locale: str) -> Mapping[str, str]:
        return {
            f"{self.chosen}.{place}": translate(self.chosen, message)
            for place, message in enumerate(WORDS)
        }

    async def _show(self, entry: Entry, stands: Told) -> None:
        self.spoken = [Option(code, own_name(code)) for code in entry.market.locales]
        self.chosen_direction = direction(self.chosen)
        place = 0
        groups: list[PhraseGroup] = []
        for name, messages in GROUPS:
            phrases: list[Phrase] = []
            for message in messages:
                own = stands.get(f"{self.chosen}.{place}", "")
                phrases.append(Phrase(place, translate(self.chosen, message), own))
                place += 1
            groups.append(PhraseGroup(translate(entry.locale, name), phrases))
        self.groups = groups
        self._sift()

    def _sift(self) -> None:
        words = self.sought.casefold().split()

        def hidden(one: Phrase) -> bool:
            told = f"{one.usual} {one.own}".casefold()
            return not all(word in told for word in words)

        self.groups = [
            dataclasses.replace(
                group,
                phrases=[dataclasses.replace(one, hidden=hidden(one)) for one in group.phrases],
                hidden=all(hidden(one) for one in group.phrases),
            )
            for group in self.groups
        ]
        self.none_found = all(group.hidden for group in self.groups)
