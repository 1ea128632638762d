"""Texts are their person's alone, keep how they stood, and outlive their event."""

from typing import Any

import pytest
from sqlmodel import select

from app.accounts.actors import Actor, system
from app.database import tenant_session
from app.errors import Conflict, NotAllowed, NotFound
from app.markets.directory import MarketCard
from app.markets.shaping import NotAccepted
from app.projects.keeping import delete_project
from app.writings import keeping
from app.writings.keeping import (
    LONGEST_TEXT,
    MOST_VERSIONS,
    TooManyWritings,
    Written,
    edit,
    go_back_to,
    keep,
    remove,
    versions_of,
    write_again,
    writing_of,
    writings_of,
)
from app.writings.models import WritingVersion
from tests.database.projects.conftest import a_wedding, ada, grace, market

__all__ = ["ada", "grace", "market"]

FIRST = Written(
    "Proposal: Wedding",
    "One service is proposed [1].",
    "composer",
    [{"number": 1, "kind": "listing", "title": "Hall", "url": "/en/s/hall", "detail": "10 €"}],
    ["day"],
    {"kind": "proposal"},
)


async def test_a_text_is_kept_changed_and_gone_back_to(market: MarketCard, ada: Actor):
    async with tenant_session(market.id) as session:
        held = await keep(session, ada, "proposal", "en", FIRST)
        await edit(session, ada, held, "Our proposal", "A hall.\r\nAnd more.", 1)
        with pytest.raises(Conflict):
            await edit(session, ada, held, "Mine", "Mine", 1)
        # What says the same is no new version.
        await edit(session, ada, held, "Our proposal", "A hall.\nAnd more.", 2)
        found = await writing_of(session, ada, held)
        assert (found.title, found.text, found.edited) == (
            "Our proposal",
            "A hall.\nAnd more.",
            True,
        )
        await write_again(session, ada, held, Written("Again", "Anew", "a-model"))
        found = await writing_of(session, ada, held)
        assert (found.model, found.edited, found.sources, found.missing) == (
            "a-model",
            False,
            [],
            [],
        )
        await go_back_to(session, ada, held, 1)
        found = await writing_of(session, ada, held)
        assert (found.text, found.model, found.edited) == (FIRST.text, "composer", False)
        told = [(one.number, one.model) for one in await versions_of(session, ada, held)]
        assert told == [(4, "composer"), (3, "a-model"), (2, ""), (1, "composer")]
        with pytest.raises(NotFound):
            await go_back_to(session, ada, held, 9)


async def test_old_versions_are_forgotten(market: MarketCard, ada: Actor):
    async with tenant_session(market.id) as session:
        held = await keep(session, ada, "proposal", "en", FIRST)
        for number in range(1, MOST_VERSIONS + 5):
            await edit(session, ada, held, "Title", f"Text {number}", number)
        versions = await versions_of(session, ada, held)
        assert (len(versions), versions[-1].number) == (MOST_VERSIONS, 6)
        assert len((await session.exec(select(WritingVersion))).all()) == MOST_VERSIONS


async def test_what_cannot_be_kept_is_refused(
    market: MarketCard, ada: Actor, monkeypatch: pytest.MonkeyPatch
):
    async with tenant_session(market.id) as session:
        held = await keep(session, ada, "proposal", "en", FIRST)
        for title, text in (("", "Text"), ("Title", "  "), ("Title", "x" * (LONGEST_TEXT + 1))):
            with pytest.raises(NotAccepted):
                await edit(session, ada, held, title, text, 1)
        monkeypatch.setattr(keeping, "MOST", 1)
        with pytest.raises(TooManyWritings):
            await keep(session, ada, "proposal", "en", FIRST)
        with pytest.raises(NotAllowed):
            await keep(session, system(market.id, "tests"), "proposal", "en", FIRST)


async def test_texts_of_others_are_not_there(market: MarketCard, ada: Actor, grace: Actor):
    async with tenant_session(market.id) as session:
        hers = await a_wedding(session, ada, market)
        held = await keep(session, ada, "proposal", "en", FIRST, hers.id)
        deeds: tuple[Any, ...] = (
            writing_of(session, grace, held),
            versions_of(session, grace, held),
            edit(session, grace, held, "Mine", "Mine", 1),
            write_again(session, grace, held, FIRST),
            go_back_to(session, grace, held, 1),
            remove(session, grace, held),
            keep(session, grace, "proposal", "en", FIRST, hers.id),
        )
        for deed in deeds:
            with pytest.raises(NotFound):
                await deed
        assert await writings_of(session, grace) == ([], 0)
        assert (await writings_of(session, grace, hers.id))[1] == 0
        assert (await writing_of(session, ada, held)).title == FIRST.title


async def test_a_text_outlives_its_event(market: MarketCard, ada: Actor):
    async with tenant_session(market.id) as session:
        event = await a_wedding(session, ada, market)
        held = await keep(session, ada, "proposal", "en", FIRST, event.id)
        await keep(session, ada, "marketing", "en", FIRST)
        assert (await writings_of(session, ada))[1] == 2
        assert [one.id for one in (await writings_of(session, ada, event.id))[0]] == [held]
        await delete_project(session, ada, event.id)
        assert (await writing_of(session, ada, held)).project_id is None
        await remove(session, ada, held)
        assert (await writings_of(session, ada))[1] == 1
