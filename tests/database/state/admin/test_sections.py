"""Each section of the console opens for whom the table of permissions names, and nobody else."""

from typing import Any

import pytest
from reflex.state import BaseState

from app.accounts.actors import Actor
from app.accounts.permissions import Permission, Role, granted
from app.catalogue.uploads import begin_loading, forget_upload, receive, stop, uploads
from app.database import tenant_session
from app.errors import NotAllowed
from app.markets.directory import MarketCard
from components.pages.admin.shell import SECTIONS
from state.admin.analytics import AnalyticsState
from state.admin.articles import ArticlesState
from state.admin.audit import AuditState
from state.admin.brand import BrandState
from state.admin.categories import CategoriesState
from state.admin.export import ExportState
from state.admin.feedback import FeedbackState
from state.admin.hosts import HostsState
from state.admin.imports import ImportsState
from state.admin.keys import KeysState
from state.admin.knowledge import KnowledgeState
from state.admin.knowledge_lab import KnowledgeLabState
from state.admin.listings import ListingsState
from state.admin.models import ModelsState
from state.admin.modules import ModulesState
from state.admin.overview import OverviewState
from state.admin.people import PeopleState
from state.admin.place import PlaceState
from state.admin.policy import PolicyState
from state.admin.providers import ProvidersState
from state.admin.reviews import AdminReviewsState
from state.admin.social import SocialState
from state.admin.ways import WaysState
from state.admin.wording import WordingState
from state.page import PageState
from state.session import SessionState
from tests.database.state.admin.conftest import Staffed
from tests.factories import open_market, upload

PAGES: dict[str, type[BaseState]] = {
    "": OverviewState,
    "analytics": AnalyticsState,
    "social": SocialState,
    "feedback": FeedbackState,
    "listings": ListingsState,
    "providers": ProvidersState,
    "reviews": AdminReviewsState,
    "categories": CategoriesState,
    "imports": ImportsState,
    "articles": ArticlesState,
    "knowledge": KnowledgeState,
    "knowledge/lab": KnowledgeLabState,
    "people": PeopleState,
    "sign-in": WaysState,
    "brand": BrandState,
    "wording": WordingState,
    "place": PlaceState,
    "hosts": HostsState,
    "modules": ModulesState,
    "models": ModelsState,
    "policy": PolicyState,
    "keys": KeysState,
    "audit": AuditState,
    "export": ExportState,
}
NEEDS = {section.place: section.needs for _group, sections in SECTIONS for section in sections}
ROLES = (Role.MEMBER, Role.PROVIDER, Role.OPERATOR, Role.ADMIN, Role.OWNER)


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


def test_every_section_has_its_page_here():
    assert set(PAGES) >= set(NEEDS), "name the page of the new section"


@pytest.mark.parametrize("role", ROLES)
async def test_a_section_opens_for_whom_its_link_is_shown(
    market: MarketCard, staffed: Staffed, role: Role
):
    may = granted(frozenset({role}))
    here = await staffed(market, "/en/admin", role)
    shown: Any = await here.of(PageState)
    for place, needs in NEEDS.items():
        here.visit(f"/en/admin/{place}".rstrip("/"), here.token)
        page: Any = await here.of(PAGES[place])
        await here.guarded(PAGES[place].load)  # pyright: ignore[reportAttributeAccessIssue]
        # The link is shown to who has the permission; see `components.pages.admin.shell`.
        linked = needs in (await here.of(SessionState)).permissions
        shown.refusal = ""
        await page.load()
        assert (shown.refusal == "") == linked == (needs in may), f"{role} at {place!r}"


@pytest.mark.parametrize("role", ROLES)
async def test_imports_are_the_catalogues(market: MarketCard, role: Role):
    assert NEEDS["imports"] is Permission.EDIT_CATALOGUE
    may = granted(frozenset({role}))
    actor = Actor(market.id, "person", None, "Ada", permissions=may)
    async with tenant_session(market.id) as session:
        file = await upload(session)
        deeds = (
            lambda: receive(session, actor, "listing", "a.csv", b"x"),
            lambda: receive(session, actor, "article", "a.csv", b"x"),
            lambda: uploads(session, actor),
            lambda: stop(session, actor, file.id),
            lambda: forget_upload(session, actor, file.id),
            lambda: begin_loading(session, actor, file.id),
        )
        if Permission.EDIT_CATALOGUE in may:
            assert len(await uploads(session, actor)) == 1
            return
        for deed in deeds:
            with pytest.raises(NotAllowed):
                await deed()
