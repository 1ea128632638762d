"""A document as text; the address of a passage marks it."""

import reflex as rx

from components.icons import icon
from components.layout import page
from components.text import _
from state.documents import DocumentState, PassageLine


def document() -> rx.Component:
    """The page."""
    return page(
        rx.el.article(
            rx.el.h1(DocumentState.title, class_name="text-2xl max-w-3xl", dir="auto"),
            rx.el.p(
                _("Last changed: %(date)s", date=DocumentState.changed),
                rx.match(
                    DocumentState.access,
                    ("members", rx.el.span(" · ", _("for members"))),
                    ("staff", rx.el.span(" · ", _("for staff"))),
                    rx.fragment(),
                ),
                class_name="text-sm text-muted mt-2",
            ),
            rx.el.p(
                rx.el.a(
                    icon("download", "size-5 inline-block me-1.5 align-[-0.2em]"),
                    _("The file itself"),
                    href=DocumentState.file,
                    rel="nofollow",
                    class_name="link",
                ),
                rx.cond(
                    DocumentState.address != "",
                    rx.el.a(
                        icon("external-link", "size-5 inline-block me-1.5 align-[-0.2em]"),
                        _("Where it is from"),
                        href=DocumentState.address,
                        rel="nofollow noopener noreferrer",
                        class_name="link",
                    ),
                ),
                class_name="flex flex-wrap gap-x-6 gap-y-1 mt-3",
            ),
            rx.el.div(
                rx.foreach(DocumentState.passages, _passage),
                class_name="mt-6 max-w-prose",
                dir=DocumentState.direction,
            ),
            class_name="wrap pt-4 pb-16",
        ),
    )


def _passage(one: rx.vars.ObjectVar[PassageLine]) -> rx.Component:
    return rx.el.section(
        rx.foreach(
            one.headings,
            lambda heading: rx.el.h2(heading, class_name="text-lg mt-8 mb-2", dir="auto"),
        ),
        rx.el.p(
            one.text,
            # The passage that the address names stands out, without a script.
            class_name="whitespace-pre-line wrap-anywhere rounded-md px-3 py-1.5 -mx-3",
            dir="auto",
            lang=one.language,
        ),
        rx.cond(
            one.page.to(int) > 0,
            rx.el.p(_("Page %(number)s", number=one.page), class_name="sr-only"),
        ),
        id=one.mark,
        class_name="scroll-mt-24 [&:target>p]:bg-brand-tint",
    )
