"""Parts of the console's pages: panels, figures, what is empty, wrong, loading or in question."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from components.icons import icon
from components.text import _
from state.admin.differences import Difference


def panel(
    title: str | rx.Var[str],
    *content: rx.Component,
    about: str | rx.Var[str] | None = None,
    actions: tuple[rx.Component, ...] = (),
    **props: Any,
) -> rx.Component:
    """A part of a page with a heading."""
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                rx.el.h2(title, class_name="text-lg"),
                *(
                    [rx.el.p(about, class_name="text-sm text-muted mt-1 max-w-prose")]
                    if about is not None
                    else []
                ),
                class_name="min-w-0 flex-1 basis-56",
            ),
            *actions,
            class_name="flex flex-wrap items-start gap-3 mb-4",
        ),
        *content,
        **{"class_name": "admin-panel", **props},
    )


def figure(
    name: str | rx.Var[str], value: Any, about: str | rx.Var[str] | None = None
) -> rx.Component:
    """A number and what it counts; stands in an `rx.el.dl`."""
    return rx.el.div(
        rx.el.dt(name, class_name="text-sm text-muted"),
        rx.el.dd(value, class_name="text-2xl font-semibold tabular-nums mt-1"),
        *([rx.el.dd(about, class_name="text-xs text-muted mt-1")] if about is not None else []),
        class_name="admin-panel min-w-0",
    )


def empty(
    symbol: str, title: str | rx.Var[str], text: str | rx.Var[str], *actions: rx.Component
) -> rx.Component:
    """What stands where there is nothing yet, and how something gets there."""
    return rx.el.div(
        rx.el.span(icon(symbol, "size-7"), class_name="admin-seal"),
        rx.el.p(title, class_name="font-semibold text-lg mt-4"),
        rx.el.p(text, class_name="text-muted mt-1 max-w-prose"),
        *([rx.el.div(*actions, class_name="flex flex-wrap gap-2 mt-5")] if actions else []),
        class_name="grid justify-items-center text-center px-4 py-12",
    )


def wrong(text: str | rx.Var[str], **props: Any) -> rx.Component:
    """A refusal beside what it concerns, read aloud when it appears."""
    return rx.el.p(
        icon("alert-circle", "size-5 mt-0.5"),
        rx.el.span(text),
        **{
            "role": "alert",
            "class_name": "flex gap-2.5 p-3.5 rounded-md border border-current text-danger",
            **props,
        },
    )


def skeleton(lines: int = 3) -> rx.Component:
    """What stands where something is being loaded."""
    return rx.el.div(
        *(
            rx.el.div(class_name="admin-bone", custom_attrs={"style": {"width": f"{width}%"}})
            for width in (92, 74, 83, 61, 88, 70)[:lines]
        ),
        class_name="grid gap-3 py-2 pulse",
        custom_attrs={"aria-hidden": "true"},
    )


def badge(text: str | rx.Var[str], kind: str | rx.Var[str] = "plain") -> rx.Component:
    """A state in a word; `kind` is `plain`, `good`, `warn` or `bad`."""
    return rx.el.span(text, class_name="admin-badge", custom_attrs={"data-kind": kind})


def progress(
    done: rx.vars.NumberVar[int], total: rx.vars.NumberVar[int], name: str | rx.Var[str]
) -> rx.Component:
    """How far a job is; moves without an end while `total` is 0."""
    return rx.el.div(
        rx.cond(
            total > 0,
            rx.el.progress(value=done, max=total, aria_label=name, class_name="admin-progress"),
            rx.el.progress(aria_label=name, class_name="admin-progress"),
        ),
        rx.cond(
            total > 0,
            rx.el.p(
                rx.el.bdi(f"{done} / {total}"), class_name="text-sm text-muted tabular-nums mt-1"
            ),
        ),
    )


def confirm(
    key: str,
    opener: str | rx.Var[str],
    question: str | rx.Var[str],
    consequence: str | rx.Var[str],
    verb: str | rx.Var[str],
    on_confirm: Any,
    *,
    opener_class: str = "btn btn-quiet text-danger",
    opener_icon: str = "",
    dangerous: bool = True,
) -> rx.Component:
    """A button that asks before `on_confirm` happens.

    `key` is unique on the page; for a row of a list use `confirm_of`.
    """
    return confirm_of(
        rx.Var.create(key).to(str),
        opener,
        question,
        consequence,
        verb,
        on_confirm,
        opener_class=opener_class,
        opener_icon=opener_icon,
        dangerous=dangerous,
    )


def confirm_of(
    key: rx.vars.StringVar[str],
    opener: str | rx.Var[str],
    question: str | rx.Var[str],
    consequence: str | rx.Var[str],
    verb: str | rx.Var[str],
    on_confirm: Any,
    *,
    opener_class: str = "btn btn-quiet text-danger",
    opener_icon: str = "",
    dangerous: bool = True,
) -> rx.Component:
    """`confirm` for a row of a list: `key` is a Var with the row's id in it."""
    name, title = f"ask-{key}", f"title-{key}"
    data = key._get_all_var_data()
    element = f"document.getElementById('ask-' + {key!s})"
    show = rx.Var(f"(() => {element}.showModal())", _var_data=data)
    close = rx.Var(f"(() => {element}.close())", _var_data=data)
    return rx.fragment(
        rx.el.button(
            *([icon(opener_icon)] if opener_icon else []),
            opener,
            type="button",
            class_name=opener_class,
            custom_attrs={"onClick": show, "aria-haspopup": "dialog"},
        ),
        rx.el.dialog(
            rx.el.h2(question, class_name="text-lg", id=title),
            rx.el.p(consequence, class_name="text-muted mt-2"),
            rx.el.div(
                rx.el.button(
                    _("Cancel"),
                    type="button",
                    class_name="btn btn-quiet",
                    custom_attrs={"onClick": close, "autoFocus": True},
                ),
                rx.el.button(
                    verb,
                    type="button",
                    on_click=[rx.call_function(close), on_confirm],
                    class_name="btn admin-danger" if dangerous else "btn",
                ),
                class_name="flex flex-wrap justify-end gap-2 mt-6",
            ),
            id=name,
            class_name="admin-dialog",
            custom_attrs={"aria-labelledby": title},
        ),
    )


def conflict(
    differences: rx.vars.ArrayVar[Sequence[Difference]], *, keep_mine: Any, take_theirs: Any
) -> rx.Component:
    """What to decide when somebody else changed the same thing; nothing while there is none."""
    return rx.cond(
        differences.length() > 0,
        rx.el.section(
            rx.el.h2(
                icon("alert-triangle", "size-6 inline-block me-2 align-[-0.2em]"),
                _("Somebody else changed this while you were editing."),
                class_name="text-lg",
            ),
            rx.el.p(
                _("Nothing of yours is saved yet. Decide which of the two shall stand."),
                class_name="text-muted mt-1",
            ),
            rx.el.dl(rx.foreach(differences, _difference), class_name="grid gap-4 mt-4 min-w-0"),
            rx.el.div(
                rx.el.button(_("Keep mine"), type="button", on_click=keep_mine, class_name="btn"),
                rx.el.button(
                    _("Take theirs"),
                    type="button",
                    on_click=take_theirs,
                    class_name="btn btn-quiet",
                ),
                class_name="flex flex-wrap gap-2 mt-5",
            ),
            role="alert",
            id="conflict",
            class_name="admin-panel admin-conflict",
        ),
    )


def _difference(one: rx.vars.ObjectVar[Difference]) -> rx.Component:
    def side(name: rx.Var[str], text: rx.Var[str]) -> rx.Component:
        return rx.el.dd(
            rx.el.span(name, class_name="block text-xs text-muted"),
            rx.el.bdi(rx.cond(text != "", text, "—"), class_name="break-words"),
            class_name="min-w-0 rounded-md bg-sunken px-3 py-2",
        )

    return rx.el.div(
        rx.el.dt(one.name, class_name="font-medium mb-1"),
        rx.el.div(
            side(_("Theirs"), one.theirs),
            side(_("Mine"), one.mine),
            class_name="grid gap-2 sm:grid-cols-2",
        ),
    )
