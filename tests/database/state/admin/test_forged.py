"""Events that no page sends: of the wrong form, about others' things, or by a lesser role."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
from reflex.state import BaseState
from sqlmodel import SQLModel, col, select

from app.accounts.models import Ticket
from app.accounts.permissions import Permission, Role, granted
from app.audit.models import AuditEntry
from app.catalogue.models import CategoryChoice, Listing, Provider, Upload
from app.catalogue.taxonomy import categories
from app.database import tenant_session
from app.jobs.models import Job
from app.knowledge.models import Article
from app.markets.directory import MarketCard
from state.admin.articles import ArticlesState, ArticleState
from state.admin.categories import CategoriesState
from state.admin.entry import AdminState
from state.admin.imports import ImportsState
from state.admin.providers import AdminProviderState, ProvidersState
from tests.database.state.admin.conftest import Staffed
from tests.database.state.conftest import Tab
from tests.factories import article, listing, open_market, upload

KEPT: tuple[type[SQLModel], ...] = (
    Article,
    CategoryChoice,
    Listing,
    Provider,
    Ticket,
    Upload,
    Job,
    AuditEntry,
)
LONG = "x" * 200_000
WILD: list[Any] = [None, 7, True, ["x"], {"a": 1}, "../", "\x00", "\ud800", LONG]

Deed = Callable[[], Awaitable[Any]]


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def stocked(market: MarketCard) -> dict[str, str]:
    """A thing of each kind; their ids."""
    async with tenant_session(market.id) as session:
        offer = await listing(session)
        return {
            "provider": str(offer.provider_id),
            "article": str((await article(session)).id),
            "upload": str((await upload(session)).id),
        }


async def standing(market: MarketCard) -> dict[str, list[Any]]:
    """Every row that these pages can change."""
    async with tenant_session(market.id) as session:
        return {
            table.__name__: [
                one.model_dump()
                for one in await session.exec(select(table).order_by(col(table.id)))  # pyright: ignore[reportAttributeAccessIssue]
                # Signing in and being given a role is what the test itself does.
                if not str(getattr(one, "action", "")).startswith(("account.", "role."))
            ]
            for table in KEPT
        }


async def deeds(here: Tab, ids: dict[str, str]) -> dict[str, Deed]:
    """Whatever these pages can be told, about these things."""
    imports, kinds = await here.of(ImportsState), await here.of(CategoriesState)
    articles, words = await here.of(ArticlesState), await here.of(ArticleState)
    providers, one = await here.of(ProvidersState), await here.of(AdminProviderState)
    words.article_id, one.provider_id = ids["article"], ids["provider"]
    kind = categories()[0].key
    named = {"category": kind, "version": "0", "name.en": "Forged", "hidden": "yes"}
    return {
        "imports.begin": lambda: imports.begin(ids["upload"]),
        "imports.stop": lambda: imports.stop(ids["upload"]),
        "imports.forget": lambda: imports.forget(ids["upload"]),
        "categories.save": lambda: kinds.save(named),
        "categories.order": kinds.forget_order,
        "articles.search": lambda: articles.search({"words": ""}),
        "article.save": lambda: words.save({"slug": "f", "title.en": "F", "body.en": "F"}),
        "article.preview": lambda: words.preview("en", "Forged"),
        "article.delete": words.delete,
        "providers.search": lambda: providers.search({}),
        "providers.later": providers.later,
        "providers.show": lambda: providers.show(ids["provider"], False),
        "provider.save": lambda: one.save({"name": "Forged"}),
        "provider.invite": lambda: one.invite({"email": "me@example.com", "locale": "en"}),
        "provider.delete": one.delete,
    }


async def refused(here: Tab, deed: Deed) -> bool:
    """Whether the person was told that it went wrong."""
    told = await here.of(AdminState)
    told.notice, told.notice_kind = "", ""
    await deed()
    return told.notice != "" and told.notice_kind == "wrong"


@pytest.mark.parametrize("role", [Role.MEMBER, Role.PROVIDER, Role.OPERATOR])
async def test_a_lesser_role_is_refused_and_changes_nothing(
    market: MarketCard, staffed: Staffed, role: Role
):
    ids = await stocked(market)
    here = await staffed(market, "/en/admin/imports", role)
    assert Permission.EDIT_CATALOGUE not in granted(frozenset({role}))
    before = await standing(market)
    may = {"providers.search", "providers.later", "providers.show"}
    for name, deed in (await deeds(here, ids)).items():
        if role is Role.OPERATOR and name in may:
            continue
        assert await refused(here, deed), name
    assert await standing(market) == before


async def test_what_belongs_to_others_is_refused_and_untouched(
    market: MarketCard, staffed: Staffed
):
    other = await open_market()
    theirs = await stocked(other)
    await stocked(market)
    here = await staffed(market, "/en/admin/imports", Role.OWNER)
    ours_before, theirs_before = await standing(market), await standing(other)
    own = {"categories.save", "categories.order", "articles.search", "article.preview"}
    own |= {"providers.search", "providers.later"}
    for name, deed in (await deeds(here, theirs)).items():
        if name not in own:
            assert await refused(here, deed), name
    assert await standing(other) == theirs_before
    assert await standing(market) == ours_before


@pytest.mark.parametrize("wild", WILD, ids=lambda one: str(type(one).__name__))
async def test_what_has_the_wrong_form_changes_nothing(
    market: MarketCard, staffed: Staffed, wild: Any
):
    ids = await stocked(market)
    here = await staffed(market, "/en/admin/imports", Role.OWNER)
    before = await standing(market)
    imports, kinds = await here.of(ImportsState), await here.of(CategoriesState)
    articles, words = await here.of(ArticlesState), await here.of(ArticleState)
    providers, one = await here.of(ProvidersState), await here.of(AdminProviderState)
    forged: dict[str, Any] = dict.fromkeys(("category", "version", "hidden", "name.en"), wild)
    must_refuse: dict[str, Deed] = {
        "begin": lambda: imports.begin(wild),
        "stop": lambda: imports.stop(wild),
        "forget": lambda: imports.forget(wild),
        "category": lambda: kinds.save(forged),
        "no form": lambda: kinds.save(wild),
        "show": lambda: providers.show(wild, False),
        "provider": lambda: one.save({"name": wild, "about.en": wild} if wild != "../" else {}),
        "provider, no form": lambda: one.save(wild),
        "article": lambda: words.save({"slug": wild, "title.en": wild, "public": wild}),
        "article, no form": lambda: words.save(wild),
    }
    for name, deed in must_refuse.items():
        assert await refused(here, deed), name
    one.provider_id, words.article_id = ids["provider"], ids["article"]
    assert await refused(here, lambda: one.invite({"email": wild, "locale": wild}))
    assert await refused(here, lambda: one.invite(wild))
    for told in (wild, {"category": wild}):
        await kinds.add(told)
    await kinds.open(wild)
    await kinds.move(wild, wild)
    for page in (articles, providers):
        await page.search(wild)
        await page.search({"words": wild, "state": wild})
    await words.preview(wild, wild)
    assert await standing(market) == before


async def test_what_is_over_long_is_refused(market: MarketCard, staffed: Staffed):
    ids = await stocked(market)
    here = await staffed(market, "/en/admin/categories", Role.OWNER)
    one, words = await here.of(AdminProviderState), await here.of(ArticleState)
    one.provider_id, words.article_id = ids["provider"], ids["article"]
    kinds = await here.of(CategoriesState)
    before = await standing(market)
    kind = categories()[0].key
    long_name = {"category": kind, "version": "0", "name.en": LONG, "hidden": "no"}
    assert await refused(here, lambda: kinds.save(long_name))
    one.version = words.version = 1
    assert await refused(here, lambda: one.save({"name": LONG}))
    title = {"slug": "fine", "title.en": LONG, "body.en": "Text", "public": "yes"}
    assert await refused(here, lambda: words.save(title))
    assert await refused(here, lambda: kinds.save({**long_name, "category": str(uuid4())}))
    assert await standing(market) == before


def test_every_handler_of_these_pages_is_known():
    asked = {
        ImportsState: {"load", "follow", "begin", "stop", "forget"},
        CategoriesState: {
            "load", "add", "open", "save", "keep_mine", "take_theirs", "move", "forget_order",
        },
        ArticlesState: {"load", "search"},
        ArticleState: {"load", "save", "preview", "delete", "keep_mine", "take_theirs", "undo"},
        ProvidersState: {"load", "search", "earlier", "later", "show"},
        AdminProviderState: {
            "load", "save", "invite", "delete", "keep_mine", "take_theirs", "undo",
        },
    }  # fmt: skip
    for part, names in asked.items():
        own: type[BaseState] = part
        assert {name for name in own.event_handlers if name != "setvar"} == names, own
