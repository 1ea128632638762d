"""The composition root: pages, HTTP routes, the guard and what lives as long as the server."""

# Reflex leaves the types of its components' arguments open, which strict checking refuses.
# pyright: standard

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import reflex as rx
from starlette.applications import Starlette

import agents.tools  # noqa: F401  (makes them known to the jobs)
import app.tasks
from app.analytics.counting import counting
from app.api.application import routes
from app.api.guarding import Guarded
from app.api.sockets import keeping
from app.conversations import hearing, replies
from app.database import close_idle_connections
from app.inference import reaching
from app.jobs.work import working
from app.markets import changes
from app.markets.branding import PAPER_DARK, PAPER_LIGHT
from app.memory import giving_back, keep_few_arenas
from app.outbox.relaying import relaying
from app.rendering import invalidate_pages
from app.rendering.head import html_attributes, page_head
from app.search.serving import warm_up
from app.settings import settings
from components.layout import page
from components.pages.account.overview import account
from components.pages.admin.analytics import analytics
from components.pages.admin.articles import article_editor, articles
from components.pages.admin.audit import audit
from components.pages.admin.brand import brand
from components.pages.admin.categories import categories
from components.pages.admin.export import export
from components.pages.admin.feedback import feedback
from components.pages.admin.hosts import hosts
from components.pages.admin.imports import imports
from components.pages.admin.keys import keys
from components.pages.admin.knowledge import knowledge
from components.pages.admin.knowledge_document import knowledge_document
from components.pages.admin.knowledge_lab import knowledge_lab
from components.pages.admin.listings import listing as admin_listing
from components.pages.admin.listings import listings
from components.pages.admin.models import models
from components.pages.admin.modules import modules
from components.pages.admin.overview import overview
from components.pages.admin.people import people
from components.pages.admin.place import place
from components.pages.admin.policy import policy
from components.pages.admin.providers import provider_editor, providers
from components.pages.admin.reviews import admin_reviews
from components.pages.admin.social import social
from components.pages.admin.ways import ways
from components.pages.admin.wording import wording
from components.pages.budget import budget
from components.pages.category import category
from components.pages.chat import chat
from components.pages.document import document
from components.pages.events.event import event
from components.pages.events.guests import guests
from components.pages.events.listing import events
from components.pages.help import article, help_index
from components.pages.home import home
from components.pages.invitation import invitation
from components.pages.listing import listing
from components.pages.office.listing import service
from components.pages.office.profile import office
from components.pages.office.quotes import quotes
from components.pages.office.reviews import office_reviews
from components.pages.platform.log import platform_log
from components.pages.platform.market import platform_market
from components.pages.platform.markets import markets
from components.pages.platform.opening import opening
from components.pages.privacy import held_data, privacy
from components.pages.provider import provider
from components.pages.reviews import own_reviews, reviews, write_review
from components.pages.search import search
from components.pages.shared import shared
from components.pages.shortlist import shortlist
from components.pages.signin import confirm, forgot, reset, second_step, sign_in, sign_up
from components.pages.writings.listing import writings
from components.pages.writings.opened import writing
from state.account import AccountState
from state.accounts import SignInState
from state.admin.analytics import AnalyticsState
from state.admin.articles import ArticlesState, ArticleState
from state.admin.audit import AuditState
from state.admin.brand import BrandState
from state.admin.categories import CategoriesState
from state.admin.export import ExportState
from state.admin.feedback import FeedbackState
from state.admin.hosts import HostsState
from state.admin.imports import ImportsState
from state.admin.keys import KeysState
from state.admin.knowledge import KnowledgeState
from state.admin.knowledge_document import KnowledgeDocumentState
from state.admin.knowledge_lab import KnowledgeLabState
from state.admin.listings import AdminListingState, ListingsState
from state.admin.models import ModelsState
from state.admin.modules import ModulesState
from state.admin.overview import OverviewState
from state.admin.people import PeopleState
from state.admin.place import PlaceState
from state.admin.policy import PolicyState
from state.admin.providers import AdminProviderState, ProvidersState
from state.admin.reviews import AdminReviewsState
from state.admin.social import SocialState
from state.admin.ways import WaysState
from state.admin.wording import WordingState
from state.budgets import BudgetState
from state.catalogue import ListingState, ProviderState
from state.category import CategoryState
from state.conversations import ConversationState
from state.documents import DocumentState
from state.failures import say_failed
from state.guard import Guard
from state.home import HomeState
from state.invitations import InvitationState
from state.knowledge import HelpState
from state.locale import LocaleState
from state.office.listings import OfficeListingState
from state.office.profile import OfficeState
from state.office.quotes import OfficeQuotesState
from state.office.reviews import OfficeReviewsState
from state.own_reviews import OwnReviewsState, WriteReviewState
from state.page import PageState
from state.platform.market import PlatformMarketState
from state.platform.markets import MarketsState
from state.platform.opening import OpeningState
from state.privacy import HeldDataState, PrivacyState
from state.projects.event import EventState
from state.projects.guests import GuestsState
from state.projects.listing import EventsState
from state.reviews import ReviewsState
from state.search import SearchState
from state.shared import SharedState
from state.shortlist import ShortlistState
from state.writings.listing import WritingsState
from state.writings.opened import OpenedState

# Before there are threads, each of which would take an arena of its own.
keep_few_arenas()

_HEAD = page_head(
    title=PageState.head_title,
    description=PageState.description,
    canonical=PageState.canonical,
    alternates=PageState.alternates,
    structured_data=PageState.structured_data,
    kind=PageState.kind,
    image=PageState.image,
    image_size=(PageState.image_width, PageState.image_height),
    image_alt=PageState.image_alt,
    site_name=PageState.market_name,
    robots=PageState.robots,
    manifest="/manifest.webmanifest?locale=" + LocaleState.language,
)

app = rx.App(
    html_custom_attrs=html_attributes(),  # pyright: ignore[reportArgumentType]  Vars are taken.
    stylesheets=["/fonts.css", "/agora.css"],
    head_components=[
        rx.el.link(rel="icon", href="/icon.svg", type="image/svg+xml"),
        rx.el.link(rel="apple-touch-icon", href="/icon-180.png"),
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
    backend_exception_handler=say_failed,
    reset_style=False,
    api_transformer=[Starlette(routes=routes), Guarded],
)
app.add_middleware(Guard())


@asynccontextmanager
async def replies_kept() -> AsyncGenerator[None]:
    """Let replies being written put down what they said before the server ends."""
    yield
    await keeping.end_all()
    await replies.stop_all()
    await reaching.let_go()


@asynccontextmanager
async def search_warmed() -> AsyncGenerator[None]:
    """Load what search needs while the first pages are served, not when somebody searches."""
    warming = asyncio.create_task(warm_up())
    yield
    warming.cancel()
    with suppress(asyncio.CancelledError):
        await warming


@asynccontextmanager
async def memory_given_back() -> AsyncGenerator[None]:
    """Return the memory of a busy time to the machine once the server rests."""
    giving = asyncio.create_task(giving_back(close_idle_connections))
    yield
    giving.cancel()
    with suppress(asyncio.CancelledError):
        await giving


@asynccontextmanager
async def changes_heard() -> AsyncGenerator[None]:
    """Show what is changed at once, whichever process changed it."""
    async with changes.listening(invalidate_pages):
        yield


@asynccontextmanager
async def conversations_heard() -> AsyncGenerator[None]:
    """Show what is said in a conversation in all of its tabs, whichever process wrote it down."""
    async with hearing.hearing():
        yield


@asynccontextmanager
async def jobs_done() -> AsyncGenerator[None]:
    """Do the jobs of all markets here and hand on what happens, unless worker processes do."""
    if not settings().work_here:
        yield
        return
    async with working(), relaying():
        yield


app.register_lifespan_task(replies_kept)
app.register_lifespan_task(changes_heard)
app.register_lifespan_task(conversations_heard)
app.register_lifespan_task(jobs_done)
app.register_lifespan_task(counting)
app.register_lifespan_task(search_warmed)
app.register_lifespan_task(memory_given_back)

for component, route, on_load in (
    (home, "/", HomeState.choose_language),
    (home, "/[locale]", HomeState.load),
    (category, "/[locale]/c/[category]", CategoryState.load),
    (category, "/[locale]/c/[category]/[place]", CategoryState.load),
    (listing, "/[locale]/s/[listing]", ListingState.load),
    (reviews, "/[locale]/s/[listing]/reviews", ReviewsState.load),
    (own_reviews, "/[locale]/reviews", OwnReviewsState.load),
    (write_review, "/[locale]/reviews/[listing]", WriteReviewState.load),
    (provider, "/[locale]/p/[provider]", ProviderState.load),
    (search, "/[locale]/search", SearchState.load),
    (help_index, "/[locale]/help", HelpState.load_index),
    (article, "/[locale]/help/[article]", HelpState.load_article),
    (privacy, "/[locale]/privacy", PrivacyState.load),
    (held_data, "/[locale]/account/data", HeldDataState.load),
    (invitation, "/[locale]/invitation", InvitationState.load),
    (sign_in, "/[locale]/signin", SignInState.load_sign_in),
    (sign_up, "/[locale]/signup", SignInState.load_sign_up),
    (second_step, "/[locale]/second-step", SignInState.load_second_step),
    (forgot, "/[locale]/forgot", SignInState.load_forgot),
    (reset, "/[locale]/reset", SignInState.load_reset),
    (confirm, "/[locale]/confirm", SignInState.load_confirm),
    (account, "/[locale]/account", AccountState.load),
    (chat, "/[locale]/chat", ConversationState.load),
    (chat, "/[locale]/chat/[id]", ConversationState.load),
    (shared, "/[locale]/shared/[token]", SharedState.load),
    (overview, "/[locale]/admin", OverviewState.load),
    (analytics, "/[locale]/admin/analytics", AnalyticsState.load),
    (social, "/[locale]/admin/social", SocialState.load),
    (feedback, "/[locale]/admin/feedback", FeedbackState.load),
    (listings, "/[locale]/admin/listings", ListingsState.load),
    (admin_listing, "/[locale]/admin/listings/[id]", AdminListingState.load),
    (providers, "/[locale]/admin/providers", ProvidersState.load),
    (provider_editor, "/[locale]/admin/providers/[id]", AdminProviderState.load),
    (admin_reviews, "/[locale]/admin/reviews", AdminReviewsState.load),
    (categories, "/[locale]/admin/categories", CategoriesState.load),
    (imports, "/[locale]/admin/imports", ImportsState.load),
    (articles, "/[locale]/admin/articles", ArticlesState.load),
    (knowledge, "/[locale]/admin/knowledge", KnowledgeState.load),
    (knowledge_lab, "/[locale]/admin/knowledge/lab", KnowledgeLabState.load),
    (
        knowledge_document,
        "/[locale]/admin/knowledge/documents/[id]",
        KnowledgeDocumentState.load,
    ),
    (document, "/[locale]/documents/[id]", DocumentState.load),
    (article_editor, "/[locale]/admin/articles/[id]", ArticleState.load),
    (shortlist, "/[locale]/shortlist", ShortlistState.load),
    (office, "/[locale]/office", OfficeState.load),
    (quotes, "/[locale]/office/quotes", OfficeQuotesState.load),
    (office_reviews, "/[locale]/office/reviews", OfficeReviewsState.load),
    (service, "/[locale]/office/services/[id]", OfficeListingState.load),
    (listing, "/[locale]/office/preview/[id]", ListingState.load_preview),
    (events, "/[locale]/events", EventsState.load),
    (event, "/[locale]/events/[id]", EventState.load),
    (budget, "/[locale]/events/[id]/budget", BudgetState.load),
    (guests, "/[locale]/events/[id]/guests", GuestsState.load),
    (writings, "/[locale]/events/[id]/texts", WritingsState.load_of_event),
    (writings, "/[locale]/texts", WritingsState.load),
    (writing, "/[locale]/texts/[id]", OpenedState.load),
    (people, "/[locale]/admin/people", PeopleState.load),
    (policy, "/[locale]/admin/policy", PolicyState.load),
    (audit, "/[locale]/admin/audit", AuditState.load),
    (export, "/[locale]/admin/export", ExportState.load),
    (brand, "/[locale]/admin/brand", BrandState.load),
    (keys, "/[locale]/admin/keys", KeysState.load),
    (ways, "/[locale]/admin/sign-in", WaysState.load),
    (wording, "/[locale]/admin/wording", WordingState.load),
    (place, "/[locale]/admin/place", PlaceState.load),
    (hosts, "/[locale]/admin/hosts", HostsState.load),
    (modules, "/[locale]/admin/modules", ModulesState.load),
    (models, "/[locale]/admin/models", ModelsState.load),
    (markets, "/[locale]/platform", MarketsState.load),
    (opening, "/[locale]/platform/open", OpeningState.load),
    (platform_market, "/[locale]/platform/markets/[id]", PlatformMarketState.load),
    (platform_log, "/[locale]/platform/audit", AuditState.load_of_platform),
    (page, "404", PageState.load_missing),
):
    app.add_page(component, route=route, on_load=on_load, **_HEAD)
