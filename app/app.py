"""The composition root: pages, HTTP routes, the guard and what lives as long as the server."""

# Reflex leaves the types of its components' arguments open, which strict checking refuses.
# pyright: standard

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import reflex as rx
from starlette.applications import Starlette

from app.api.addresses import routes as address_routes
from app.api.auth import routes as auth_routes
from app.api.chat import routes as chat_routes
from app.api.health import routes as health_routes
from app.api.search import routes as search_routes
from app.conversations import replies
from app.markets.branding import PAPER_DARK, PAPER_LIGHT
from app.rendering.head import html_attributes, page_head
from app.search.serving import warm_up
from components.layout import page
from components.pages.category import category
from components.pages.chat import chat
from components.pages.help import article, help_index
from components.pages.home import home
from components.pages.listing import listing
from components.pages.provider import provider
from components.pages.search import search
from components.pages.signin import sign_in, sign_up
from state.accounts import SignInState
from state.catalogue import CategoryState, ListingState, ProviderState
from state.conversations import ConversationState
from state.guard import Guard
from state.home import HomeState
from state.knowledge import HelpState
from state.page import PageState
from state.search import SearchState

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
    api_transformer=Starlette(
        routes=[*health_routes, *address_routes, *auth_routes, *chat_routes, *search_routes]
    ),
)
app.add_middleware(Guard())


@asynccontextmanager
async def replies_kept() -> AsyncGenerator[None]:
    """Let replies being written put down what they said before the server ends."""
    yield
    await replies.stop_all()


@asynccontextmanager
async def search_warmed() -> AsyncGenerator[None]:
    """Load what search needs while the first pages are served, not when somebody searches."""
    warming = asyncio.create_task(warm_up())
    yield
    warming.cancel()
    with suppress(asyncio.CancelledError):
        await warming


app.register_lifespan_task(replies_kept)
app.register_lifespan_task(search_warmed)

for component, route, on_load in (
    (home, "/", HomeState.choose_language),
    (home, "/[locale]", HomeState.load),
    (category, "/[locale]/c/[category]", CategoryState.load),
    (listing, "/[locale]/s/[listing]", ListingState.load),
    (provider, "/[locale]/p/[provider]", ProviderState.load),
    (search, "/[locale]/search", SearchState.load),
    (help_index, "/[locale]/help", HelpState.load_index),
    (article, "/[locale]/help/[article]", HelpState.load_article),
    (sign_in, "/[locale]/signin", SignInState.load_sign_in),
    (sign_up, "/[locale]/signup", SignInState.load_sign_up),
    (chat, "/[locale]/chat", ConversationState.load),
    (chat, "/[locale]/chat/[id]", ConversationState.load),
    (page, "404", PageState.load_missing),
):
    app.add_page(component, route=route, on_load=on_load, **_HEAD)
