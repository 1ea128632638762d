"""The composition root: pages, HTTP routes, the guard and what lives as long as the server."""

# Reflex leaves the types of its components' arguments open, which strict checking refuses.
# pyright: standard

import reflex as rx
from starlette.applications import Starlette

from app.markets.branding import PAPER_DARK, PAPER_LIGHT
from app.rendering.head import html_attributes, page_head
from components.layout import page
from components.pages.home import home
from state.home import HomeState
from state.page import PageState

_HEAD = page_head(
    title=PageState.head_title,
    description=PageState.description,
    canonical=PageState.canonical,
    alternates=PageState.alternates,
    structured_data=PageState.structured_data,
    kind=PageState.kind,
    site_name=PageState.market_name,
    robots=PageState.robots,
)

app = rx.App(
    html_custom_attrs=html_attributes(),  # pyright: ignore[reportArgumentType]  Vars are taken.
    stylesheets=["/fonts.css", "/agora.css"],
    head_components=[
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        *(
            rx.el.meta(
                name="theme-color",
                content=colour,
                # As a keyword it would become a style.
                custom_attrs={"media": f"(prefers-color-scheme: {scheme})"},
            )
            for scheme, colour in (("light", PAPER_LIGHT), ("dark", PAPER_DARK))
        ),
    ],
    toaster=None,
    reset_style=False,
    api_transformer=Starlette(routes=[]),
)

app.add_page(home, route="/", on_load=HomeState.choose_language, **_HEAD)
app.add_page(home, route="/[locale]", on_load=HomeState.load, **_HEAD)
app.add_page(page, route="404", on_load=PageState.load_missing, **_HEAD)
