"""The market's domains."""

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.pages.admin.fields import text_field
from components.pages.admin.panels import badge, confirm_of, panel
from components.pages.admin.shell import shell
from components.text import _
from state.admin.hosts import HostRow, HostsState


def hosts() -> rx.Component:
    """The page of the market's domains."""
    return shell(
        _("Domains"),
        panel(
            _("Domains of this market"),
            rx.el.ul(
                rx.foreach(HostsState.rows, _host),
                class_name="grid divide-y divide-line",
            ),
            rx.el.p(
                _("Public pages that are asked for under another domain lead to the main one."),
                class_name="text-sm text-muted mt-4",
            ),
        ),
        panel(
            _("Add your own domain"),
            rx.el.form(
                text_field(
                    "host",
                    _("Domain"),
                    hint=_("Without https:// and without a path, such as services.example"),
                    problem=HostsState.problem,
                    dir="ltr",
                    auto_complete="off",
                    auto_capitalize="off",
                    spell_check=False,
                    required=True,
                    max_length=253,
                    class_name="flex-1 basis-72",
                ),
                rx.el.button(icon("plus"), _("Add"), type="submit", class_name="btn sm:mt-8"),
                on_submit=HostsState.add,
                key=HostsState.added.to(str),
                class_name="flex flex-wrap items-start gap-3",
            ),
            rx.el.ol(
                rx.el.li(_("Add the domain here. You are shown a TXT record.")),
                rx.el.li(_("Publish that record where your domain is managed, and check it here.")),
                rx.el.li(_("Point the domain to this server with an A, AAAA or CNAME record.")),
                class_name="reading list-decimal ps-5 mt-6 text-sm text-muted",
            ),
        ),
        about=_("Under which addresses visitors find the market."),
    )


def _host(one: rx.vars.ObjectVar[HostRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.cond(
                    one.proof == "",
                    link(
                        rx.el.bdi(one.host),
                        href=one.href,
                        class_name="font-medium hover:underline break-all",
                    ),
                    rx.el.bdi(one.host, class_name="font-medium break-all"),
                ),
                rx.cond(one.main, badge(_("Main domain"), "good")),
                rx.cond(one.proof != "", badge(_("Not proved yet"), "warn")),
                rx.cond((one.proof == "") & ~one.own, badge(_("From the platform"))),
                class_name="flex flex-wrap items-center gap-2 min-w-0 flex-1 basis-60",
            ),
            rx.cond(
                (one.proof == "") & ~one.main,
                rx.el.button(
                    _("Make it the main one"),
                    type="button",
                    on_click=HostsState.make_main(one.host),
                    class_name="btn btn-quiet",
                ),
            ),
            rx.cond(
                (one.proof != "") | (one.own & ~one.main),
                confirm_of(
                    one.host.to(str),
                    _("Remove"),
                    _("Remove this domain?"),
                    _("Visitors do not find the market under it any more."),
                    _("Remove"),
                    HostsState.remove(one.host),
                ),
            ),
            class_name="flex flex-wrap items-center gap-2",
        ),
        rx.cond(one.proof != "", _proof(one)),
        class_name="py-4 first:pt-0 last:pb-0",
    )


def _proof(one: rx.vars.ObjectVar[HostRow]) -> rx.Component:
    def line(name: rx.Var[str] | str, value: rx.Var[str] | str) -> rx.Component:
        return rx.el.div(
            rx.el.dt(name, class_name="text-muted w-20 flex-none"),
            rx.el.dd(
                rx.el.code(value, class_name="break-all select-all", dir="ltr"),
                class_name="min-w-0",
            ),
            class_name="flex gap-3",
        )

    return rx.el.div(
        rx.el.dl(
            line(_("Type"), "TXT"),
            line(_("Name"), one.record),
            line(_("Value"), one.proof),
            class_name="grid gap-1 text-sm",
        ),
        rx.el.button(
            rx.cond(
                HostsState.checking == one.host,
                icon("refresh", "size-5 pulse"),
                icon("check"),
            ),
            _("Check the record"),
            type="button",
            on_click=HostsState.check(one.host),
            disabled=HostsState.checking != "",
            class_name="btn mt-4",
        ),
        class_name="rounded-md bg-sunken p-4 mt-3",
    )
