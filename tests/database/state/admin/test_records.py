"""The overview counts, the log is searched and the archive followed, by those who may."""

import pytest

from app.accounts.permissions import Role
from app.database import tenant_session
from app.jobs.work import work_off
from app.markets.directory import MarketCard
from state.admin.audit import AuditState
from state.admin.export import ExportState
from state.admin.overview import OverviewState
from state.page import PageState
from tests.database.state.admin.conftest import Staffed
from tests.factories import audit_entry, conversation, conversation_event, listing, open_market


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def test_the_overview_counts_the_markets_own_rows(market: MarketCard, staffed: Staffed):
    other = await open_market()
    async with tenant_session(other.id) as session:
        await listing(session)
        await conversation_event(session)
    async with tenant_session(market.id) as session:
        await listing(session)
        await listing(session, state="waiting")
        talk = await conversation(session)
        for seq, kind, payload in (
            (1, "message", {"text": "A plumber?"}),
            (2, "reply", {"asked": 1, "ending": "done", "citations": [{"id": "1"}]}),
            (3, "message", {"text": "A dragon?"}),
            (4, "reply", {"asked": 3, "ending": "done", "citations": []}),
        ):
            await conversation_event(
                session, conversation_id=talk.id, seq=seq, kind=kind, payload=payload
            )
    here = await staffed(market, "/en/admin", Role.OPERATOR)
    overview = await here.of(OverviewState)
    await overview.load()
    assert (overview.listings, overview.messages, overview.replies) == (1, 2, 2)
    assert {share.state: share.count for share in overview.shares}["waiting"] == 1
    assert (overview.answered, overview.answered_percent) == (1, 50)
    assert overview.unanswered == ["A dragon?"]
    assert [(bar.messages, bar.height) for bar in overview.bars[-2:]] == [(0, 0), (2, 100)]
    # The person in the conversation and the operator.
    assert (overview.members, overview.new_members) == (2, 2)


async def test_the_log_is_searched_and_turned(market: MarketCard, staffed: Staffed):
    async with tenant_session(market.id) as session:
        for number in range(30):
            await audit_entry(session, action="thing.made", subject_id=f"n{number}")
    here = await staffed(market, "/en/admin/audit")
    audit = await here.of(AuditState)
    await audit.load()
    assert (audit.pages, len(audit.deeds), audit.sought) == (2, 25, False)
    await audit.later()
    assert audit.page == 2
    await audit.search({"words": "n7", "noun": "thing", "since": {"a": 1}})
    assert [deed.subject for deed in audit.deeds] == ["nothing n7"]
    assert (audit.page, audit.sought) == (1, True)
    assert audit.query.startswith("words=n7&noun=thing")


async def test_an_archive_is_asked_for_and_listed(market: MarketCard, staffed: Staffed):
    here = await staffed(market, "/en/admin/export")
    export = await here.of(ExportState)
    await export.load()
    assert (export.rows, export.running) == ([], False)
    await export.begin()
    assert export.running
    await work_off()
    await export.load()
    assert [(row.state, row.who) for row in export.rows] == [("done", "Ada")]
    assert not export.running


async def test_an_operator_sees_figures_and_neither_log_nor_archives(
    market: MarketCard, staffed: Staffed
):
    here = await staffed(market, "/en/admin/audit", Role.OPERATOR)
    for part in (AuditState, ExportState):
        state = await here.of(part)
        await state.load()
        assert (await here.of(PageState)).refusal
    await (await here.of(ExportState)).begin()
    assert (await here.of(ExportState)).rows == []
    await (await here.of(AuditState)).search({})
    assert (await here.of(AuditState)).deeds == []
