"""Links to the pages of a long list, which people and crawlers follow."""

import reflex as rx

from app.rendering.native import link
from components.text import _
from state.filters import PageLink


def paging(links: rx.vars.ArrayVar) -> rx.Component:
    """A row of page numbers with the open one marked; nothing where there are no links."""
    return rx.cond(
        links.length() > 0,
        rx.el.nav(
            rx.el.ul(rx.foreach(links, _entry), class_name="flex flex-wrap justify-center gap-2"),
            aria_label=_("Pages"),
            class_name="mt-10",
        ),
    )


def _entry(page_link: rx.vars.ObjectVar[PageLink]) -> rx.Component:
    size = "chip min-w-11 justify-center px-3"
    return rx.el.li(
        rx.cond(
            page_link.href == "",
            rx.el.span(page_link.number, class_name=size, custom_attrs={"aria-current": "page"}),
            link(page_link.number, href=page_link.href, class_name=size),
        )
    )
