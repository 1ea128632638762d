"""The audit log is searched by who may, in their own market, and a spreadsheet runs none of it."""

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest

from app.accounts import actors
from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.reading import PAGE, Sought, deeds, nouns, sought_of, taken_out
from app.database import tenant_session
from app.errors import NotAllowed
from app.markets.directory import MarketCard
from tests.factories import audit_entry, open_market

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


def reader(market: MarketCard) -> Actor:
    return actors.system(market.id, "reader", Permission.SEE_AUDIT)


async def found(market: MarketCard, sought: Sought) -> list[str]:
    async with tenant_session(market.id) as session:
        entries, count = await deeds(session, reader(market), sought)
    assert count == len(entries)
    return [entry.subject_id for entry in entries]


async def test_entries_are_found_by_words_kind_and_day(market: MarketCard):
    async with tenant_session(market.id) as session:
        await audit_entry(session, subject_id="1", action="market.rebranded", actor_name="Ada")
        await audit_entry(session, subject_id="2", action="role.given", after={"to": "Боб 100%"})
        late = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
        await audit_entry(session, subject_id="3", action="marketing.done", created_at=late)
    assert await found(market, Sought(words="ada rebranded")) == ["1"]
    assert await found(market, Sought(words="боб")) == ["2"]
    assert await found(market, Sought(words="100%")) == ["2"]
    assert await found(market, Sought(words="%")) == ["2"]
    assert await found(market, Sought(noun="market")) == ["1"]
    # Half past ten in the evening is the next day in Moscow.
    second = date(2026, 3, 2)
    assert await found(market, Sought(since=second, until=second, zone="Europe/Moscow")) == ["3"]
    assert await found(market, Sought(since=second, until=second)) == []
    async with tenant_session(market.id) as session:
        assert await nouns(session, reader(market)) == ["market", "marketing", "role"]


async def test_the_log_has_pages(market: MarketCard):
    async with tenant_session(market.id) as session:
        for number in range(PAGE + 2):
            await audit_entry(session, subject_id=str(number))
        first, count = await deeds(session, reader(market), Sought(), 1)
        second, _count = await deeds(session, reader(market), Sought(), 2)
    assert (len(first), len(second), count) == (PAGE, 2, PAGE + 2)
    assert not {one.id for one in first} & {one.id for one in second}


async def test_who_may_not_see_it_gets_nothing_and_no_market_sees_anothers(market: MarketCard):
    other = await open_market()
    async with tenant_session(other.id) as session:
        await audit_entry(session, subject_id="theirs")
    nobody = actors.system(market.id, "tests", Permission.SHAPE)
    async with tenant_session(market.id) as session:
        with pytest.raises(NotAllowed):
            await deeds(session, nobody, Sought())
        with pytest.raises(NotAllowed):
            _ = [text async for text in taken_out(session, nobody, Sought(), "csv")]
    assert await found(market, Sought()) == []


async def test_a_spreadsheet_runs_no_cell(market: MarketCard):
    async with tenant_session(market.id) as session:
        await audit_entry(session, actor_name='=HYPERLINK("http://evil.example")', subject_id="+1")
        text = "".join([part async for part in taken_out(session, reader(market), Sought(), "csv")])
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0]["actor_name"] == '\'=HYPERLINK("http://evil.example")'
    assert rows[0]["subject_id"] == "'+1"
    # Taking it out is a deed too.
    assert rows[1]["action"] == "audit.exported"


async def test_json_lines_hold_what_was_noted(market: MarketCard):
    async with tenant_session(market.id) as session:
        await audit_entry(session, before={"a": 1}, after={"a": "=2"})
        parts = taken_out(session, reader(market), Sought(), "jsonl")
        lines = "".join([part async for part in parts]).splitlines()
    assert json.loads(lines[0])["before"] == {"a": 1}
    assert json.loads(lines[0])["after"] == {"a": "=2"}


def test_what_is_no_filter_does_not_narrow():
    told = {"words": ["a"], "noun": None, "since": "yesterday", "until": "9999-12-31"}
    assert sought_of(told, "UTC") == Sought()
    assert sought_of({"words": " a\x00b ", "since": "2026-01-02"}, "UTC") == Sought(
        words="ab", since=date(2026, 1, 2)
    )
