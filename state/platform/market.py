"""One market, as the platform sees it: figures, and what can be done to it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import reflex as rx

from app.accounts.actors import Actor
from app.accounts.invitations import invite_owner, owner_emails
from app.accounts.signing import EmailRefused
from app.database import TenantSession, tenant_session
from app.errors import AppError, NotFound
from app.i18n import N_, in_locale, translate
from app.jobs.models import Job
from app.jobs.queue import FINISHED
from app.markets import closing
from app.markets.closing import KeyNotTyped, ask_erasure, deed_session, set_quotas
from app.markets.closing_archive import archives_of, ask_archive
from app.markets.directory import market_by_id
from app.markets.figures import MarketFigures, erasure_of, erasure_report, market_with_figures
from app.markets.quotas import MOST, Quota
from app.settings import settings
from state.admin.entry import AdminState, Entry, say_done, say_wrong, translated
from state.admin.export import ArchiveRow, archive_row
from state.page import not_found
from state.payloads import text_of, uuid_of
from state.platform.entry import (
    STATE_KINDS,
    enter_platform,
    running,
    size_told,
    state_name,
    when_told,
)
from state.platform.report import ReportLine, report_lines
from state.session import path_parts

_LOOK_SECONDS = 1.0
_LONGEST_LOOKS = 900
_MEGABYTE = 1_000_000

Deed = Callable[[TenantSession, Actor], Awaitable[Any]]


class PlatformMarketState(rx.State):
    """A market with its figures, quotas, archives and erasure."""

    found: rx.Field[bool] = rx.field(False)
    """Whether the market is there; an erased one has left a report."""
    market_id: rx.Field[str] = rx.field("")
    key: rx.Field[str] = rx.field("")
    name: rx.Field[str] = rx.field("")
    home: rx.Field[str] = rx.field("")
    host: rx.Field[str] = rx.field("")
    facts: rx.Field[str] = rx.field("")
    standing: rx.Field[str] = rx.field("")
    """Its state: `open`, `suspended` or `closing`."""
    state_name: rx.Field[str] = rx.field("")
    state_kind: rx.Field[str] = rx.field("plain")
    because: rx.Field[str] = rx.field("")
    """Why it is suspended, as its staff is told."""
    erased_on: rx.Field[str] = rx.field("")
    members: rx.Field[int] = rx.field(0)
    listings: rx.Field[int] = rx.field(0)
    conversations: rx.Field[int] = rx.field(0)
    storage: rx.Field[str] = rx.field("")
    active: rx.Field[str] = rx.field("")
    owners: rx.Field[str] = rx.field("")
    quotas: rx.Field[dict[str, str]] = rx.field(default_factory=dict)
    problem: rx.Field[str] = rx.field("")
    problem_field: rx.Field[str] = rx.field("")
    archives: rx.Field[list[ArchiveRow]] = rx.field(default_factory=list)
    exporting: rx.Field[bool] = rx.field(False)
    export_done: rx.Field[int] = rx.field(0)
    export_total: rx.Field[int] = rx.field(0)
    erasing: rx.Field[bool] = rx.field(False)
    erase_done: rx.Field[int] = rx.field(0)
    erase_total: rx.Field[int] = rx.field(0)
    erase_problem: rx.Field[str] = rx.field("")
    report: rx.Field[list[ReportLine]] = rx.field(default_factory=list)
    number: rx.Field[int] = rx.field(0)
    """Counts what was done, so that forms take new values."""

    @rx.event
    async def load(self):
        """Show the market, or what was left of it."""
        self.found, self.report, self.problem, self.problem_field = False, [], "", ""
        entry = await enter_platform(self, place="market", title=N_("Market"))
        if entry is None:
            return None
        asked = path_parts(self)[-1]
        if asked != self.market_id:
            # What was said last was said of another market.
            (await self.get_state(AdminState)).notice = ""
        self.market_id = asked
        try:
            await self._read(entry)
        except NotFound:
            await not_found(self)
            return None
        return PlatformMarketState.follow if self.exporting or self.erasing else None

    @rx.event
    async def suspend(self, form: dict[str, Any]):
        """Close the market until it is resumed; its staff is told the form's `reason`."""
        told: Any = form if isinstance(form, dict) else {}
        reason = text_of(told.get("reason"), closing.LONGEST_REASON)

        async def deed(session: TenantSession, actor: Actor) -> None:
            await closing.suspend(session, actor, reason)

        await self._do(deed, N_("The market is suspended."))

    @rx.event
    async def resume(self):
        """Open it again, or keep it."""
        await self._do(closing.resume, N_("The market is open again."))

    @rx.event
    async def export(self):
        """Have an archive made."""
        await self._do(ask_archive, N_("The archive is being made…"))
        return PlatformMarketState.follow

    @rx.event
    async def erase(self, form: dict[str, Any]):
        """Erase the market, once its key was typed."""
        told: Any = form if isinstance(form, dict) else {}
        typed = text_of(told.get("typed"), 60).strip()
        # Whatever is not clearly "now" leaves time to think again.
        grace = timedelta() if told.get("when") == "now" else closing.GRACE

        async def deed(session: TenantSession, actor: Actor) -> None:
            await ask_erasure(session, actor, typed, grace)

        await self._do(deed, N_("The market is closed and will be erased."), field="typed")
        return PlatformMarketState.follow

    @rx.event
    async def save_quotas(self, form: dict[str, Any]):
        """Make the form's numbers the market's quotas; an empty one is no limit."""
        told: Any = form if isinstance(form, dict) else {}
        wanted: dict[str, int | None] = {}
        for quota in Quota:
            words = text_of(told.get(quota.value), 40).strip()
            try:
                wanted[quota] = _number(words, _MEGABYTE if quota is Quota.STORAGE else 1)
            except AppError as error:
                self.problem, self.problem_field = await translated(self, error), quota.value
                await say_wrong(self, error)
                return

        async def deed(session: TenantSession, actor: Actor) -> None:
            await set_quotas(session, actor, wanted)

        await self._do(deed, N_("Saved."))

    @rx.event
    async def invite(self, form: dict[str, Any]):
        """Invite somebody to own the market."""
        told: Any = form if isinstance(form, dict) else {}
        email = text_of(told.get("owner"), 300).strip()

        async def deed(session: TenantSession, actor: Actor) -> None:
            market = await market_by_id(session.tenant_id)
            if market is None:
                raise NotFound("There is no such market.")
            await invite_owner(session, actor, market, email, path_parts(self)[0])

        said = N_("The invitation is on its way to %(email)s.")
        await self._do(deed, said, field="owner", about=email)

    @rx.event(background=True, supersedes=True)
    async def follow(self):
        """Show how far the archive and the erasure are until both are done."""
        for _ in range(_LONGEST_LOOKS):
            async with self:
                try:
                    await self._read(await running(self))
                except AppError:
                    return
                if not self.exporting and not self.erasing:
                    return
            await asyncio.sleep(_LOOK_SECONDS)

    async def _do(self, deed: Deed, said: str, *, field: str = "", about: str = "") -> None:
        self.problem = self.problem_field = ""
        entry = await running(self)
        try:
            async with deed_session(uuid_of(self.market_id)) as session:
                await deed(session, entry.actor)
            self.number += 1
            await self._read(entry)
        except AppError as error:
            if field and isinstance(error, (KeyNotTyped, EmailRefused)):
                self.problem, self.problem_field = await translated(self, error), field
            await say_wrong(self, error)
        else:
            await say_done(self, said, email=about)

    async def _read(self, entry: Entry) -> None:
        market_id, actor = uuid_of(self.market_id), entry.actor
        async with tenant_session(entry.market.id) as session:
            erasure = await erasure_of(session, actor, market_id)
            self.report = report_lines(await erasure_report(session, actor, market_id))
            try:
                market = await market_with_figures(session, actor, market_id)
            except NotFound:
                if erasure is None:
                    raise
                market = None
        self._show_erasure(erasure, market, entry.locale)
        self.found = market is not None
        if market is None:
            self.exporting = False
            return
        async with tenant_session(market_id) as session:
            archives = await archives_of(session, actor)
            self.owners = ", ".join(await owner_emails(session, actor))
        self._show(market, entry.locale)
        self.archives = [archive_row(one, entry) for one in archives]
        active = [one for one in archives if one.state not in FINISHED]
        self.exporting = bool(active)
        self.export_done, self.export_total = (
            (active[0].done, active[0].total) if active else (0, 0)
        )

    def _show(self, market: MarketFigures, locale: str) -> None:
        self.key, self.host = market.key, market.host
        self.name = in_locale(market.name, locale, (market.default_locale,))
        self.home = f"{settings().origin(market.host)}/{market.default_locale}"
        spoken = " ".join(code.upper() for code in market.locales)
        self.facts = f"{spoken} · {market.currency} · {market.timezone}"
        self.standing, self.state_name = market.state, state_name(market.state, locale)
        self.because = market.suspended_because
        self.state_kind = STATE_KINDS.get(market.state, "plain")
        self.erased_on = when_told(market.erase_at, locale)
        self.members, self.listings = market.members, market.listings
        self.conversations, self.storage = market.conversations, size_told(market.storage)
        self.active = when_told(market.active_at, locale)
        self.quotas = {quota.value: _told(quota, market.quotas.get(quota)) for quota in Quota}

    def _show_erasure(self, erasure: Job | None, market: MarketFigures | None, locale: str) -> None:
        self.erasing, self.erase_problem = False, ""
        if erasure is None:
            return
        due = market is None or (
            market.erase_at is not None and market.erase_at <= datetime.now(UTC)
        )
        self.erasing = erasure.state not in FINISHED and (due or erasure.state == "running")
        self.erase_done, self.erase_total = erasure.done, erasure.total
        if erasure.state == "failed":
            told = erasure.report.get("params", {})
            self.erase_problem = translate(locale, erasure.problem, **told)


def _number(words: str, unit: int) -> int | None:
    if not words:
        return None
    try:
        number = Decimal(words.replace(",", ".")) * unit
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or not 0 <= number <= MOST or number != int(number):
        raise AppError("A quota is a number from 0 to %(most)s.", most=MOST // unit)
    return int(number)


def _told(quota: Quota, most: int | None) -> str:
    if most is None:
        return ""
    return f"{Decimal(most) / _MEGABYTE:f}" if quota is Quota.STORAGE else str(most)
