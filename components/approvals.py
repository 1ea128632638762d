"""The card of a deed that waits for the person's word, and of what became of it."""

import reflex as rx

from components.icons import icon
from components.text import _
from state.approvals import ApprovalCard, ApprovalField, ApprovalState, Choice
from state.messages import Message
from state.quoting import QuotingState


def approval(approval_id: rx.Var[str]) -> rx.Component:
    """The card with this id, where the conversation has it."""
    card = ApprovalState.cards[approval_id].to(ApprovalCard)
    return rx.cond(
        ApprovalState.cards.contains(approval_id),
        _card(card),
    )


def _card(card: rx.vars.ObjectVar[ApprovalCard]) -> rx.Component:
    waiting = card.state == "waiting"
    return rx.el.section(
        rx.el.div(
            _standing(card),
            rx.cond(
                card.what != "",
                rx.el.p(card.what, class_name="font-medium mt-2", id="what-" + card.id.to(str)),
            ),
            rx.cond(
                card.whom.length() > 0,
                rx.el.ul(
                    rx.foreach(
                        card.whom,
                        lambda who: rx.el.li(rx.el.bdi(who), class_name="wrap-anywhere"),
                    ),
                    class_name="list-disc ps-5 mt-2 grid gap-1",
                ),
            ),
            rx.cond(
                ApprovalState.editing == card.id,
                _form(card),
                rx.fragment(
                    rx.cond(
                        card.said.length() > 0,
                        rx.el.dl(rx.foreach(card.said, _said), class_name="grid gap-2 mt-3"),
                    ),
                    rx.cond(
                        card.cost != "", rx.el.p(card.cost, class_name="text-sm text-muted mt-3")
                    ),
                    rx.cond(card.problem != "", _problem(card.problem)),
                    _problem_of(card),
                    rx.cond(
                        card.answers.length() > 0,
                        rx.el.ul(
                            rx.foreach(
                                card.answers,
                                lambda one: rx.el.li(rx.el.bdi(one), class_name="wrap-anywhere"),
                            ),
                            class_name="mt-3 grid gap-1 border-t border-line pt-3",
                            aria_label=_("Answers"),
                        ),
                    ),
                    rx.cond(waiting, _word(card)),
                ),
            ),
            class_name="p-4 rounded-lg border border-line bg-surface",
        ),
        on_mount=ApprovalState.follow,
        key=card.id,
        role="group",
        aria_labelledby="what-" + card.id.to(str),
        custom_attrs={"data-approval": card.id, "data-state": card.state},
    )


def ask_for_quotes(message: rx.vars.ObjectVar[Message]) -> rx.Component:
    """Under an answer that names services: propose to ask their providers for a price."""
    return rx.cond(
        message.offers & (message.ending == "done"),
        rx.el.div(
            rx.el.button(
                icon("mail", "size-4"),
                _("Ask them for quotes"),
                type="button",
                on_click=QuotingState.propose(message.id),
                class_name="chip",
            ),
            rx.el.button(
                icon("list-details", "size-4"),
                _("Keep on my shortlist"),
                type="button",
                on_click=QuotingState.keep(message.id),
                class_name="chip",
            ),
            class_name="flex flex-wrap gap-2 mt-4",
        ),
    )


def _standing(card: rx.vars.ObjectVar[ApprovalCard]) -> rx.Component:
    symbol = rx.match(
        card.state,
        ("waiting", icon("help-circle", "size-5 flex-none")),
        ("done", icon("circle-check", "size-5 flex-none")),
        ("approved", icon("clock", "size-5 flex-none pulse")),
        ("running", icon("clock", "size-5 flex-none pulse")),
        ("failed", icon("alert-triangle", "size-5 flex-none")),
        icon("x", "size-5 flex-none"),
    )
    said = rx.match(
        card.state,
        ("waiting", _("Waits for your word until %(day)s", day=card.until)),
        ("approved", _("Approved. It is about to be done.")),
        ("running", _("It is being done…")),
        ("done", _("Done")),
        ("refused", _("You refused this. Nothing was done.")),
        ("expired", _("Nobody decided in time. Nothing was done.")),
        _("This failed."),
    )
    return rx.el.p(
        symbol,
        rx.el.span(said, role="status"),
        class_name=rx.cond(
            card.state == "failed",
            "flex items-center gap-2 text-sm text-danger",
            "flex items-center gap-2 text-sm text-muted",
        ),
    )


def _said(field: rx.vars.ObjectVar[ApprovalField]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(field.label, class_name="text-xs text-muted"),
        rx.el.dd(field.value, dir="auto", class_name="whitespace-pre-line wrap-anywhere"),
    )


def _word(card: rx.vars.ObjectVar[ApprovalCard]) -> rx.Component:
    return rx.el.div(
        rx.el.button(
            icon("check"),
            _("Approve"),
            type="button",
            on_click=ApprovalState.approve(card.id, card.version),
            class_name="btn",
        ),
        rx.cond(
            card.fields.length() > 0,
            rx.el.button(
                icon("pencil"),
                _("Edit"),
                type="button",
                on_click=ApprovalState.edit(card.id),
                class_name="btn btn-quiet",
            ),
        ),
        rx.el.button(
            icon("x"),
            _("Refuse"),
            type="button",
            on_click=ApprovalState.refuse(card.id, card.version),
            class_name="btn btn-quiet",
        ),
        class_name="flex flex-wrap gap-2 mt-4",
    )


def _form(card: rx.vars.ObjectVar[ApprovalCard]) -> rx.Component:
    return rx.el.form(
        rx.el.input(type="hidden", name="version", value=card.version.to(str)),
        rx.foreach(card.fields, _field),
        _problem_of(card),
        rx.el.div(
            rx.el.button(_("Save the changes"), type="submit", class_name="btn"),
            rx.el.button(
                _("Cancel"), type="button", on_click=ApprovalState.leave, class_name="btn btn-quiet"
            ),
            class_name="flex flex-wrap gap-2",
        ),
        on_submit=ApprovalState.save,
        class_name="grid gap-4 mt-4",
    )


def _field(field: rx.vars.ObjectVar[ApprovalField]) -> rx.Component:
    return rx.cond(
        field.kind == "choices",
        rx.el.fieldset(
            rx.el.legend(field.label, class_name="font-medium mb-1.5"),
            rx.foreach(
                field.choices,
                lambda one: _choice(field.name.to(str), one),
            ),
            class_name="grid gap-1 min-w-0",
        ),
        rx.el.label(
            rx.el.span(field.label, class_name="block mb-1.5 font-medium"),
            rx.cond(
                field.kind == "lines",
                rx.el.textarea(
                    name=field.name,
                    default_value=field.value,
                    rows="4",
                    max_length=field.longest,
                    dir="auto",
                    auto_focus=True,
                    class_name="field",
                ),
                rx.el.input(
                    name=field.name,
                    default_value=field.value,
                    type=rx.cond(field.kind == "date", "date", "text"),
                    input_mode=rx.cond(field.kind == "number", "decimal", "text"),
                    max_length=field.longest,
                    dir="auto",
                    class_name="field",
                ),
            ),
            class_name="min-w-0",
        ),
    )


def _choice(name: rx.Var[str], one: rx.vars.ObjectVar[Choice]) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            name=f"{name}.{one.value}",
            default_checked=one.on,
            class_name="size-5 flex-none mt-0.5",
        ),
        rx.el.bdi(one.name, class_name="wrap-anywhere min-w-0"),
        class_name="flex items-start gap-2.5 min-h-11 py-2",
    )


def _problem_of(card: rx.vars.ObjectVar[ApprovalCard]) -> rx.Component:
    return rx.cond(
        (ApprovalState.problem != "") & (ApprovalState.problem_of == card.id),
        _problem(ApprovalState.problem),
    )


def _problem(text: rx.Var[str]) -> rx.Component:
    return rx.el.p(
        icon("alert-circle", "size-5 mt-0.5 flex-none"),
        rx.el.span(text),
        role="alert",
        class_name="flex gap-2 mt-3 text-danger",
    )
