"""Folders of the server in the console: seen by name, looked through, never named."""

from pathlib import Path

import pytest

from app.accounts import actors
from app.accounts.permissions import Role
from app.accounts.roles import give_role
from app.accounts.signing import sign_in, sign_up
from app.database import tenant_session
from app.jobs import work as doing
from app.jobs.work import work_off
from app.knowledge import folders
from app.markets.directory import MarketCard
from app.rendering.page import Declaration, declaring
from state.admin.entry import AdminState
from state.admin.knowledge import KnowledgeState
from tests.database.state.conftest import Tab
from tests.database.state.test_guard import PASSWORD, Tabs
from tests.factories import open_market

RULES = "# House rules\n\nA booking can be cancelled free of charge until six in the evening.\n"


@pytest.fixture(autouse=True)
def no_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round that is due by the clock would look through the folder once more."""
    monkeypatch.setattr(doing, "_hourly", {})


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path.resolve() / "shared"
    made.mkdir()
    (made / "rules.md").write_text(RULES)
    (made / "empty.txt").write_text("")
    return made


async def opened(
    market: MarketCard, tab: Tabs, folder: Path, role: Role
) -> tuple[Tab, KnowledgeState]:
    async with tenant_session(market.id) as session:
        member = await sign_up(session, "grace@example.com", "Grace", PASSWORD, "en")
        system = actors.system(market.id, "tests")
        await give_role(session, system, member.id, role)
        token = await sign_in(session, "grace@example.com", PASSWORD, "")
        await folders.follow_folder(session, system, folder, "members")
    await work_off()
    here = tab(market)
    here.visit("/en/admin/knowledge", token)
    page = await here.of(KnowledgeState)
    with declaring(Declaration()):
        await page.load()
    return here, page


async def test_a_folder_is_shown_by_its_name_with_what_came_of_it(
    market: MarketCard, tab: Tabs, folder: Path
):
    here, page = await opened(market, tab, folder, Role.ADMIN)
    (row,) = page.folders
    assert (row.name, row.access, row.files, row.busy) == ("shared", "members", 1, False)
    assert row.figures == "new: 1 · refused: 1"
    assert row.refused == ["empty.txt: The file is empty."]
    assert str(folder.parent) not in str(here.root.dict())
    (folder / "rules.md").unlink()
    (folder / "prices.txt").write_text("A visit costs forty euros.")
    await page.look_through(row.id)
    assert page.folders[0].busy
    await work_off()
    await page.search({"words": ""})
    assert page.folders[0].figures == "new: 1 · deleted: 1 · refused: 1"
    assert [one.address or one.title for one in page.rows] == ["prices.txt"]


async def test_looking_can_be_stopped(market: MarketCard, tab: Tabs, folder: Path):
    _here, page = await opened(market, tab, folder, Role.ADMIN)
    (folder / "prices.txt").write_text("A visit costs forty euros.")
    await page.look_through(page.folders[0].id)
    await page.stop_looking(page.folders[0].id)
    await work_off()
    await page.search({"words": ""})
    assert [one.title for one in page.rows] == ["House rules"]


@pytest.mark.parametrize("forged", ["", "/etc", {"a": 1}, None, "0" * 36])
async def test_forged_payloads_name_no_folder(
    market: MarketCard, tab: Tabs, folder: Path, forged: object
):
    here, page = await opened(market, tab, folder, Role.ADMIN)
    before = page.folders
    for deed in (page.look_through, page.stop_looking):
        await deed(forged)  # pyright: ignore[reportArgumentType]
    assert (await here.of(AdminState)).notice_kind == "wrong"
    assert page.folders == before


async def test_an_operator_of_conversations_is_shown_nothing(
    market: MarketCard, tab: Tabs, folder: Path
):
    _here, page = await opened(market, tab, folder, Role.OPERATOR)
    assert page.folders == []
