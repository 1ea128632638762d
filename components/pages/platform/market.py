"""One market: what it holds, and what the platform can do to it."""

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.pages.admin.export import archive_line
from components.pages.admin.fields import save_bar, text_field
from components.pages.admin.panels import badge, confirm, figure, panel, progress
from components.pages.platform.erasing import erasing, report
from components.pages.platform.frame import platform_shell
from components.text import _
from state.admin.export import ArchiveRow
from state.platform.market import PlatformMarketState as State


def platform_market() -> rx.Component:
    """The page of a market, or of what an erased one has left."""
    return platform_shell(
        rx.cond(State.found, State.name, _("An erased market")),
        rx.cond(State.found, _market()),
        rx.cond(State.erasing | (State.erase_problem != ""), erasing()),
        rx.cond(State.report.length() > 0, report()),
    )


def _market() -> rx.Component:
    return rx.fragment(
        _standing(),
        rx.el.dl(
            figure(_("Members"), State.members),
            figure(_("Listings"), State.listings),
            figure(_("Conversations"), State.conversations),
            figure(_("Storage"), rx.el.bdi(State.storage)),
            class_name="grid gap-3 grid-cols-2 lg:grid-cols-4 my-4",
        ),
        _owner(),
        _quotas(),
        _archives(),
        _erase(),
    )


def _standing() -> rx.Component:
    return panel(
        _("State"),
        rx.el.p(rx.el.code(State.key, dir="ltr"), " · ", rx.el.bdi(State.facts)),
        rx.el.p(
            _(
                "Last activity (UTC): %(when)s",
                when=rx.cond(State.active != "", State.active, "—"),
            ),
            class_name="text-sm text-muted mt-1",
        ),
        rx.cond(
            State.standing == "suspended",
            rx.el.p(
                _("Visitors are told that it is closed. Its staff can still take its data out."),
                class_name="mt-3",
            ),
        ),
        rx.cond(
            State.because != "",
            rx.el.p(
                _("Reason: %(reason)s", reason=State.because),
                class_name="mt-2 break-words",
                id="because",
                dir="auto",
            ),
        ),
        rx.cond(
            (State.standing == "closing") & ~State.erasing,
            rx.el.p(
                _("It is closed and will be erased after %(when)s (UTC).", when=State.erased_on),
                class_name="mt-3 text-danger",
                id="due",
            ),
        ),
        rx.el.div(
            link(
                icon("external-link"),
                _("Visit the market"),
                href=State.home,
                class_name="btn btn-quiet",
            ),
            rx.cond(
                (State.standing != "open") & ~State.erasing,
                confirm(
                    "resume",
                    rx.cond(
                        State.standing == "closing", _("Keep the market"), _("Resume the market")
                    ),
                    _("Open this market again?"),
                    _("Visitors and members are let in at once; it will not be erased."),
                    _("Open it"),
                    State.resume,
                    opener_class="btn",
                    dangerous=False,
                ),
            ),
            class_name="flex flex-wrap gap-2 mt-5",
        ),
        rx.cond(State.standing == "open", _suspend()),
        actions=(badge(State.state_name, State.state_kind),),
    )


def _suspend() -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            _("Suspend"),
            class_name="btn btn-quiet text-danger list-none [&::-webkit-details-marker]:hidden",
        ),
        rx.el.form(
            rx.el.p(
                _("Its pages and its API answer that it is closed, until you resume it."),
                class_name="text-muted",
            ),
            text_field(
                "reason",
                _("Reason"),
                hint=_("Its staff reads it in the console; visitors do not."),
                dir="auto",
                max_length=300,
                class_name="max-w-xl w-full",
            ),
            rx.el.button(_("Suspend this market"), type="submit", class_name="btn admin-danger"),
            on_submit=State.suspend,
            key="suspend-" + State.number.to(str) + State.market_id,
            class_name="grid gap-3 justify-items-start mt-3",
        ),
        id="suspend",
        class_name="mt-3",
    )


def _owner() -> rx.Component:
    return panel(
        _("Owner"),
        rx.cond(
            State.owners != "",
            rx.el.p(rx.el.bdi(State.owners), class_name="break-words"),
            rx.el.form(
                text_field(
                    "owner",
                    _("E-mail"),
                    hint=_("Gets a letter with a link, good for seven days."),
                    problem=_told("owner"),
                    kind="email",
                    dir="ltr",
                    required=True,
                    max_length=254,
                    auto_complete="off",
                    class_name="flex-1 basis-72",
                ),
                rx.el.button(_("Invite"), type="submit", class_name="btn sm:mt-8"),
                on_submit=State.invite,
                key="owner-" + State.number.to(str),
                no_validate=True,
                class_name="flex flex-wrap items-start gap-3",
            ),
        ),
    )


def _quotas() -> rx.Component:
    def quota(name: str, label: rx.Var[str]) -> rx.Component:
        return text_field(
            name,
            label,
            State.quotas[name],
            problem=_told(name),
            input_mode="decimal",
            dir="ltr",
            max_length=20,
            auto_complete="off",
        )

    return panel(
        _("Quotas"),
        rx.el.form(
            rx.el.div(
                quota("listings", _("Listings")),
                quota("members", _("Members")),
                quota("storage_bytes", _("Storage, in MB")),
                quota("api_calls", _("API calls in 24 hours")),
                class_name="grid gap-5 sm:grid-cols-2",
            ),
            save_bar(),
            on_submit=State.save_quotas,
            key="quotas-" + State.number.to(str) + State.market_id,
            id="quotas",
        ),
        about=_("How much the market may have. Empty: no limit."),
    )


def _archives() -> rx.Component:
    return panel(
        _("Export"),
        rx.cond(
            State.exporting,
            rx.el.div(
                rx.el.p(_("The archive is being made…"), class_name="mb-2"),
                progress(State.export_done, State.export_total, _("The archive is being made…")),
                class_name="max-w-md",
                role="status",
            ),
            rx.el.button(
                icon("download"),
                _("Make an archive"),
                type="button",
                on_click=State.export,
                class_name="btn",
            ),
        ),
        rx.cond(
            State.archives.length() > 0,
            rx.el.ul(
                rx.foreach(State.archives, _archive),
                class_name="grid divide-y divide-line mt-6",
            ),
        ),
        about=_("Each can be fetched for 24 hours. Keep it safe: it holds what people wrote."),
    )


def _archive(one: rx.vars.ObjectVar[ArchiveRow]) -> rx.Component:
    return archive_line(one, "/console/markets/" + State.market_id + f"/exports/{one.id}")


def _erase() -> rx.Component:
    return rx.cond(
        State.erasing,
        rx.fragment(),
        panel(
            _("Erase"),
            rx.el.form(
                text_field(
                    "typed",
                    _("Type %(key)s to erase the market", key=State.key),
                    problem=_told("typed"),
                    dir="ltr",
                    auto_complete="off",
                    auto_capitalize="off",
                    spell_check=False,
                    max_length=60,
                    class_name="max-w-md",
                ),
                rx.el.fieldset(
                    rx.el.legend(_("When"), class_name="font-medium mb-1"),
                    _when("later", _("In 14 days; until then it can be kept"), chosen=True),
                    _when("now", _("At once"), chosen=False),
                    class_name="mt-4",
                ),
                rx.el.button(
                    icon("trash"),
                    _("Erase the market"),
                    type="submit",
                    class_name="btn admin-danger",
                ),
                on_submit=State.erase,
                key="erase-" + State.number.to(str) + State.market_id,
                id="erase",
                class_name="grid gap-2 justify-items-start",
            ),
            about=_(
                "Every row, file, kept page and key goes for good. Take an archive out first. "
                "The market is closed from now on."
            ),
        ),
    )


def _when(value: str, label: rx.Var[str], *, chosen: bool) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name="when", value=value, default_checked=chosen),
        rx.el.span(label),
        class_name="flex gap-3 items-center min-h-11",
    )


def _told(field: str) -> rx.Var[str]:
    return rx.cond(State.problem_field == field, State.problem, "")
