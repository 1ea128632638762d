"""What guests thought of an event."""

import reflex as rx

from components.icons import icon
from components.pages.admin.fields import text_field
from components.pages.admin.panels import confirm_of, panel
from components.pages.admin.tables import pages
from components.text import _, ngettext
from state.projects.opinions import OpinionRow, OpinionsState, Share


def opinions() -> rx.Component:
    """The panel: the mean, how many gave each rating, the words, and the form for one more."""
    return panel(
        _("What guests thought"),
        rx.cond(
            OpinionsState.count > 0,
            rx.el.div(
                rx.el.div(
                    rx.el.p(
                        OpinionsState.mean,
                        class_name="text-3xl font-semibold tabular-nums",
                        id="mean-rating",
                    ),
                    rx.el.p(
                        ngettext(
                            "%(count)s guest said it",
                            "%(count)s guests said it",
                            OpinionsState.count,
                        ),
                        class_name="text-sm text-muted mt-1",
                    ),
                ),
                rx.el.ul(
                    rx.foreach(OpinionsState.shares, _share),
                    class_name="grid grid-cols-[minmax(0,1fr)] gap-1 flex-1 basis-56 min-w-0",
                ),
                class_name="flex flex-wrap items-center gap-x-8 gap-y-4",
            ),
            rx.el.p(_("Nobody has said anything yet."), class_name="text-muted"),
        ),
        rx.el.ul(rx.foreach(OpinionsState.rows, _opinion), class_name="mt-4"),
        pages(
            OpinionsState.number, OpinionsState.pages, OpinionsState.turn(-1), OpinionsState.turn(1)
        ),
        _form(),
        about=_("What a guest on the list thought is written down in their entry."),
        id="opinions",
    )


def _share(one: rx.vars.ObjectVar[Share]) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            one.rating,
            icon("star", "size-3.5"),
            class_name="inline-flex items-center gap-1 tabular-nums w-9 flex-none",
        ),
        rx.el.svg(
            rx.el.svg.rect(x="0", y="0", width="100%", height="10", class_name="guest-bed"),
            rx.el.svg.rect(
                x="0", y="0", width=f"{one.width}%", height="10", class_name="guest-sure"
            ),
            width="100%",
            height="10",
            class_name="guest-bars flex-1 min-w-0",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.span(one.count, class_name="tabular-nums w-10 text-end flex-none"),
        key=one.rating,
        class_name="flex items-center gap-2 text-sm min-w-0",
    )


def _opinion(one: rx.vars.ObjectVar[OpinionRow]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(one.rating_name, class_name="font-medium tabular-nums"),
                rx.cond(one.name != "", rx.el.bdi(one.name)),
                rx.el.span(one.on, class_name="text-muted"),
                class_name="flex flex-wrap gap-x-3 text-sm",
            ),
            rx.cond(
                one.text != "",
                rx.el.p(one.text, class_name="mt-1 break-words max-w-prose", dir="auto"),
            ),
            class_name="min-w-0 flex-1",
        ),
        confirm_of(
            one.id.to(str),
            _("Remove"),
            _("Remove this opinion?"),
            _("The mean is reckoned without it. It cannot be taken back."),
            _("Remove"),
            OpinionsState.remove(one.id),
            opener_class="btn btn-quiet px-3! text-sm guest-tool",
        ),
        key=one.id,
        class_name="flex items-start gap-3 py-3 border-t border-line",
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.el.fieldset(
            rx.el.legend(_("A rating from 1 to 5"), class_name="font-medium mb-1.5"),
            rx.el.div(
                *(
                    rx.el.label(
                        rx.el.input(type="radio", name="opinion", value=str(number), required=True),
                        rx.el.span(str(number)),
                        class_name="guest-rating",
                    )
                    for number in range(1, 6)
                ),
                class_name="flex gap-2",
            ),
        ),
        text_field(
            "opinion_text",
            _("In their words"),
            rows=2,
            max_length=5000,
            dir="auto",
            class_name="flex-1 basis-64",
        ),
        rx.el.button(icon("plus"), _("Add"), type="submit", class_name="btn btn-quiet"),
        on_submit=OpinionsState.add,
        key="opinion-" + OpinionsState.added.to(str),
        class_name="flex flex-wrap items-end gap-4 mt-5 guest-tool",
    )
