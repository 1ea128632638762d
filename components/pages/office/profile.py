"""The first page of the office, and the first offer of somebody who has none yet."""

import reflex as rx

from app.rendering.native import link
from components.icons import icon
from components.listing_form import category_field, state_badge
from components.pages.admin.fields import labelled, save_bar, text_field
from components.pages.admin.panels import conflict, empty, panel, skeleton
from components.pages.office.frame import frame
from components.text import _
from state.office.profile import About, Offer, OfficeState
from state.page import PageState


def office() -> rx.Component:
    """The page."""
    return frame(
        rx.cond(OfficeState.provider_id != "", _("Your services"), _("Offer a service")),
        rx.cond(
            OfficeState.loaded,
            rx.cond(OfficeState.provider_id != "", _own(), _first()),
            skeleton(6),
        ),
        about=rx.cond(
            OfficeState.at_once,
            _("What you send is shown at once."),
            _("What you send is looked at by the market before it is shown."),
        ),
        undo=OfficeState.undo,
    )


def _own() -> rx.Component:
    return rx.el.div(
        conflict(
            OfficeState.conflicts,
            keep_mine=OfficeState.keep_mine,
            take_theirs=OfficeState.take_theirs,
        ),
        panel(
            _("Services"),
            rx.cond(
                OfficeState.offers.length() > 0,
                rx.el.ul(rx.foreach(OfficeState.offers, _offer), class_name="grid gap-3"),
                empty("building-store", _("Nothing yet"), _("Write what you offer, and send it.")),
            ),
            actions=(
                link(
                    icon("mail"),
                    _("Requests for quotes"),
                    href=PageState.home + "/office/quotes",
                    class_name="btn btn-quiet",
                ),
                link(
                    icon("star"),
                    _("Reviews"),
                    href=PageState.home + "/office/reviews",
                    class_name="btn btn-quiet",
                ),
                link(
                    icon("plus"),
                    _("New service"),
                    href=PageState.home + "/office/services/new",
                    class_name="btn",
                ),
            ),
        ),
        panel(
            _("Profile"),
            rx.el.form(
                text_field(
                    "name",
                    _("Name"),
                    OfficeState.name,
                    problem=_problem("name"),
                    max_length=200,
                    required=True,
                ),
                rx.el.div(
                    rx.foreach(OfficeState.abouts, _about),
                    class_name="grid gap-4 lg:grid-cols-2 mt-4",
                ),
                save_bar(),
                on_submit=OfficeState.save,
                key=OfficeState.version.to(str),
            ),
            about=_("Readers see it on your page and beside each service."),
        ),
        class_name="grid gap-5",
    )


def _about(one: rx.vars.ObjectVar[About]) -> rx.Component:
    return text_field(
        f"about.{one.code}",  # pyright: ignore[reportArgumentType]
        _("About you (%(language)s)", language=one.language),
        one.text,
        rows=5,
        lang=one.code,
        dir="auto",
        max_length=5000,
    )


def _offer(one: rx.vars.ObjectVar[Offer]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            link(
                rx.el.bdi(one.title),
                href=PageState.home + "/office/services/" + one.id.to(str),
                class_name="link font-medium break-words",
            ),
            rx.el.p(
                one.category,
                rx.cond(one.price != "", rx.fragment(" · ", rx.el.bdi(one.price))),
                class_name="text-sm text-muted",
            ),
            rx.cond(
                one.reason != "",
                rx.el.p(one.reason, class_name="text-sm text-danger mt-1 break-words"),
            ),
            class_name="min-w-0 flex-1",
        ),
        state_badge(one.state, one.state_name),
        key=one.id,
        class_name="flex flex-wrap items-start gap-3 p-4 rounded-md border border-line",
    )


def _problem(name: str) -> rx.Var[str]:
    return rx.cond(OfficeState.problem_field == name, OfficeState.problem, "").to(str)


def _first() -> rx.Component:
    return panel(
        _("Your first service"),
        rx.el.form(
            text_field(
                "name",
                _("Your name, or your firm's"),
                OfficeState.name,
                problem=_problem("name"),
                max_length=200,
                required=True,
            ),
            text_field(
                "title",
                _("What do you offer?"),
                problem=_problem("title"),
                hint=_("In a few words, such as: Leaking taps repaired."),
                max_length=200,
                required=True,
                class_name="sm:col-span-2",
            ),
            category_field(OfficeState.kinds, "", _problem("category")),
            text_field("city", _("City"), problem=_problem("city"), max_length=200),
            text_field(
                "description",
                _("Describe it"),
                problem=_problem("description"),
                hint=_("What you do, for whom, how soon, and what is included."),
                rows=6,
                required=True,
                class_name="sm:col-span-2",
            ),
            text_field(
                "amount",
                _("Price in %(currency)s", currency=OfficeState.currency),
                problem=_problem("amount"),
                hint=_("Leave it empty where it depends."),
                input_mode="decimal",
            ),
            labelled(
                "unit",
                _("Unit"),
                rx.el.select(
                    rx.el.option("—", value=""),
                    rx.foreach(
                        OfficeState.units, lambda one: rx.el.option(one.name, value=one.value)
                    ),
                    id="unit",
                    name="unit",
                    class_name="field",
                ),
            ),
            save_bar(verb=_("Send")),
            on_submit=OfficeState.offer,
            class_name="grid gap-4 sm:grid-cols-2 max-w-3xl",
        ),
        about=_("You can write more, add languages and change all of it afterwards."),
    )
