"""The categories of the market in the console: named, hidden, put in order."""

import dataclasses
from typing import Any

import reflex as rx

from app.accounts.permissions import Permission
from app.catalogue.choices import choices
from app.catalogue.choosing import edit_choice, order_categories
from app.catalogue.reading import used_in_any_state
from app.catalogue.taxonomy import categories, category
from app.database import tenant_session
from app.errors import AppError, Conflict
from app.i18n import N_, own_name, translate
from state.admin.differences import Difference, differences
from state.admin.entry import Entry, acting, enter, say_done, say_wrong
from state.filters import Option
from state.payloads import form_of, number_of, text_of

Told = dict[str, str]


@dataclasses.dataclass(frozen=True)
class CategoryName:
    """The market's own name of a category in one language, and the usual one."""

    code: str
    language: str
    name: str
    usual: str


@dataclasses.dataclass(frozen=True)
class CategoryRow:
    """A category as the list shows it."""

    key: str
    name: str
    used: bool
    hidden: bool
    placed: bool
    version: int
    names: list[CategoryName]


class CategoriesState(rx.State):
    """The categories that the market uses or has decided about."""

    rows: rx.Field[list[CategoryRow]] = rx.field(default_factory=list)
    others: rx.Field[list[Option]] = rx.field(default_factory=list)
    """Categories of the taxonomy that are not in the list."""
    opened: rx.Field[str] = rx.field("")
    """The category that is being named."""
    shown: rx.Field[int] = rx.field(0)
    """Counts the readings, so that forms take new values."""
    loaded: rx.Field[bool] = rx.field(False)
    conflicts: rx.Field[list[Difference]] = rx.field(default_factory=list)
    _added: list[str] = []
    _mine: Told = {}
    """What this person wanted of the category that somebody else changed meanwhile."""

    @rx.event
    async def load(self):
        """Show the categories."""
        entry = await enter(
            self, Permission.EDIT_CATALOGUE, place="categories", title=N_("Categories")
        )
        if entry is None:
            return
        self.opened, self._added = "", []
        self._mine, self.conflicts = {}, []
        await self._refresh(entry)

    @rx.event
    async def add(self, form: dict[str, Any]):
        """Take a category of the taxonomy into the list, and open it."""
        key = text_of(form_of(form).get("category"), 200)
        if category(key) is not None:
            self._added = [*self._added, key]
            self.opened = key
        await self._refresh(await acting(self))

    @rx.event
    async def open(self, key: str):
        """Open a category to name it, or close it."""
        key = text_of(key, 200)
        self.opened = "" if self.opened == key else key

    @rx.event
    async def save(self, form: dict[str, Any]):
        """Save what the market calls a category, and whether it is shown."""
        form = form_of(form)
        wanted = {"category": text_of(form.get("category"), 200)}
        wanted |= {
            name: text_of(told) for name, told in form.items() if str(name).startswith("name.")
        }
        wanted["hidden"] = "yes" if text_of(form.get("hidden")) == "yes" else "no"
        await self._save(wanted, number_of(form.get("version")))

    @rx.event
    async def keep_mine(self):
        """Save over what somebody else saved in the meantime."""
        wanted, self._mine = self._mine, {}
        if wanted:
            # Over the version that was shown: a third change since then is shown too.
            await self._save(wanted, self._version(wanted["category"]))

    @rx.event
    async def take_theirs(self):
        """Forget one's own changes."""
        self._mine, self.conflicts = {}, []
        await self._refresh(await acting(self))

    async def _save(self, wanted: Told, seen: int) -> None:
        entry = await acting(self)
        key, locales = wanted["category"], entry.market.locales
        try:
            async with tenant_session(entry.market.id) as session:
                await edit_choice(
                    session,
                    entry.actor,
                    key,
                    seen,
                    names={code: wanted.get(f"name.{code}", "") for code in locales},
                    hidden=wanted["hidden"] == "yes",
                    locales=locales,
                )
        except Conflict:
            await self._collide(entry, wanted)
        except AppError as error:
            await say_wrong(self, error)
        else:
            self._mine, self.conflicts = {}, []
            await self._refresh(entry)
            await say_done(self, N_("Saved."))

    async def _collide(self, entry: Entry, wanted: Told) -> None:
        key = wanted["category"]
        before = self._told(key, entry.locale)
        await self._refresh(entry)
        stands = self._told(key, entry.locale)
        if stands == before:
            # Only its place has changed, which this form does not touch.
            await self._save(wanted, self._version(key))
            return
        names = {f"name.{code}": own_name(code) for code in entry.market.locales}
        names["hidden"] = translate(entry.locale, "State")
        self.conflicts = differences(names, stands, self._spoken(wanted, entry.locale))
        self._mine, self.opened = wanted if self.conflicts else {}, key

    def _version(self, key: str) -> int:
        return next((row.version for row in self.rows if row.key == key), 0)

    def _told(self, key: str, locale: str) -> Told:
        """What the page shows of a category, as a form says it."""
        for row in self.rows:
            if row.key == key:
                told = {f"name.{one.code}": one.name for one in row.names}
                return self._spoken(told | {"hidden": "yes" if row.hidden else "no"}, locale)
        return {}

    def _spoken(self, told: Told, locale: str) -> Told:
        words = {"yes": translate(locale, "hidden"), "no": translate(locale, "shown")}
        trimmed = {name: text.strip() for name, text in told.items()}
        return trimmed | {"hidden": words[told["hidden"]]}

    @rx.event
    async def move(self, key: str, steps: int):
        """Put a category before or after its neighbour; those above it keep their places."""
        order = [row.key for row in self.rows]
        if key not in order or steps not in (-1, 1):
            return
        at = order.index(key)
        to = at + steps
        if not 0 <= to < len(order):
            return
        order[at], order[to] = order[to], order[at]
        placed = sum(1 for row in self.rows if row.placed)
        await self._order(order[: max(placed, at + 1, to + 1)])

    @rx.event
    async def forget_order(self):
        """Have the most used come first again."""
        await self._order([])

    async def _order(self, keys: list[str]) -> None:
        entry = await acting(self)
        try:
            async with tenant_session(entry.market.id) as session:
                await order_categories(session, entry.actor, keys)
        except AppError as error:
            await say_wrong(self, error)
            return
        await self._refresh(entry)
        await say_done(self, N_("Saved."))

    async def _refresh(self, entry: Entry) -> None:
        try:
            entry.actor.must(Permission.EDIT_CATALOGUE)
        except AppError as error:
            await say_wrong(self, error)
            return
        locale, locales = entry.locale, entry.market.locales
        async with tenant_session(entry.market.id) as session:
            decided = await choices(session)
            used, _spoken = await used_in_any_state(session)
        listed = {*used, *decided.rows, *self._added}
        kinds = sorted(
            (kind for kind in categories() if kind.key in listed),
            key=lambda kind: (decided.place(kind.key), decided.name(kind.key, locale).casefold()),
        )
        self.rows = [
            CategoryRow(
                kind.key,
                decided.name(kind.key, locale),
                kind.key in used,
                decided.hidden(kind.key),
                decided.place(kind.key)[0] == 0,
                decided.rows[kind.key].version if kind.key in decided.rows else 0,
                [
                    CategoryName(
                        code,
                        own_name(code),
                        decided.rows[kind.key].names.get(code, "")
                        if kind.key in decided.rows
                        else "",
                        kind.name_in(code),
                    )
                    for code in locales
                ],
            )
            for kind in kinds
        ]
        others = [kind for kind in categories() if kind.key not in listed]
        self.others = sorted(
            (Option(kind.key, kind.name_in(locale)) for kind in others),
            key=lambda option: option.name.casefold(),
        )
        self.shown += 1
        self.loaded = True
