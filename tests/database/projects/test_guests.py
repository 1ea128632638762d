"""Who is invited, who comes, who came, and what they thought."""

import pytest
from sqlmodel import select

from app.accounts.actors import Actor
from app.accounts.signing import EmailRefused
from app.database import tenant_session
from app.errors import NotFound
from app.markets.directory import MarketCard
from app.markets.shaping import NotAccepted
from app.projects.guests import (
    Figures,
    answer,
    arrived,
    figures_of,
    give_feedback,
    guests_of,
    register,
    strike_out,
)
from app.projects.models import Attendance
from tests.database.projects.conftest import a_wedding


async def test_guests_are_counted_in_persons(market: MarketCard, ada: Actor):
    async with tenant_session(market.id) as session:
        made = await a_wedding(session, ada, market)
        assert await figures_of(session, ada, made.id) == Figures(0, 0, 0, 0, 0, None)
        family = await register(session, ada, made.id, "Zoe", "Zoe@Example.com", 4, "coming")
        alone = await register(session, ada, made.id, "Bo")
        await answer(session, ada, alone, "declined")
        await arrived(session, ada, made.id, family, 3)
        await arrived(session, ada, made.id, family, 2)
        await arrived(session, ada, made.id)
        await give_feedback(session, ada, made.id, 2, "Cold soup", family)
        await give_feedback(session, ada, made.id, 4, "Better", family)
        await give_feedback(session, ada, made.id, 5)
        figures = await figures_of(session, ada, made.id)
        listed = await guests_of(session, ada, made.id)
    assert figures == Figures(invited=5, coming=4, declined=1, came=3, ratings=2, rating=4.5)
    assert [(one.name, one.email, one.came) for one in listed] == [
        ("Bo", "", 0),
        ("Zoe", "zoe@example.com", 2),
    ]


async def test_the_same_address_is_the_same_guest(market: MarketCard, ada: Actor):
    async with tenant_session(market.id) as session:
        made = await a_wedding(session, ada, market)
        first = await register(session, ada, made.id, "Zoe", "zoe@example.com")
        again = await register(session, ada, made.id, "Zoe B.", "ZOE@example.com", 2)
        assert first == again
        (only,) = await guests_of(session, ada, made.id)
        assert (only.name, only.party) == ("Zoe B.", 2)
        await arrived(session, ada, made.id, first)
        await strike_out(session, ada, first)
        assert (await session.exec(select(Attendance))).all() == []


async def test_guests_of_others_are_not_there(market: MarketCard, ada: Actor, grace: Actor):
    async with tenant_session(market.id) as session:
        hers = await a_wedding(session, ada, market)
        guest = await register(session, ada, hers.id, "Zoe")
        mine = await a_wedding(session, grace, market)
        for deed in (
            register(session, grace, hers.id, "Bo"),
            answer(session, grace, guest, "coming"),
            strike_out(session, grace, guest),
            arrived(session, grace, hers.id),
            arrived(session, grace, mine.id, guest),
            give_feedback(session, grace, mine.id, 5, "", guest),
            guests_of(session, grace, hers.id),
            figures_of(session, grace, hers.id),
        ):
            with pytest.raises(NotFound):
                await deed
        # Nor does one event take the guests of another, whoever prepares both.
        other = await a_wedding(session, ada, market)
        with pytest.raises(NotFound):
            await arrived(session, ada, other.id, guest)


async def test_what_cannot_be_said_of_a_guest_is_refused(market: MarketCard, ada: Actor):
    async with tenant_session(market.id) as session:
        made = await a_wedding(session, ada, market)
        for party, name, state in ((0, "Zoe", "coming"), (101, "Zoe", "coming"), (1, "Z", "late")):
            with pytest.raises(NotAccepted):
                await register(session, ada, made.id, name, "", party, state)
        with pytest.raises(NotAccepted):
            await register(session, ada, made.id, " ")
        with pytest.raises(EmailRefused):
            await register(session, ada, made.id, "Zoe", "nowhere")
        for rating in (0, 6, True):
            with pytest.raises(NotAccepted):
                await give_feedback(session, ada, made.id, rating)
