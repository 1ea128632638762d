"""A market's brand is changed by those who may, by one at a time, and to what can be shown."""

import dataclasses

import pytest
from sqlmodel import col, select

from app.accounts import actors
from app.accounts.permissions import Permission
from app.audit.models import AuditEntry
from app.database import tenant_session
from app.errors import Conflict, NotAllowed
from app.markets.branding import Brand, brand_of, rebrand
from app.markets.directory import MarketCard, forget_market, market_by_id
from app.markets.shaping import NotAccepted
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")

WANTED = Brand("#B91C1C", "literata", {"en": "  Red   Market ", "ru": "Красный"}, {"en": "Hot"})


@pytest.fixture
async def market() -> MarketCard:
    return await open_market(brand={"primary": "#123456", "logo": {"file": "x"}})


async def test_a_brand_is_saved_tidied_and_noted(market: MarketCard):
    editor = actors.system(market.id, "tests", Permission.SHAPE)
    async with tenant_session(market.id) as session:
        assert await rebrand(session, editor, WANTED, 1) == 2
    async with tenant_session(market.id) as session:
        brand, version = await brand_of(session, editor)
        (entry,) = (
            await session.exec(select(AuditEntry).where(AuditEntry.action == "market.rebranded"))
        ).all()
    assert version == 2
    assert brand.name == {"en": "Red Market", "ru": "Красный"}
    assert (brand.color, brand.font) == ("#b91c1c", "literata")
    assert entry.before["color"] == "#123456"
    assert entry.after["color"] == "#b91c1c"
    forget_market(market.id)
    card = await market_by_id(market.id)
    assert card is not None
    # What this form does not show is left as it was.
    assert card.brand == {"logo": {"file": "x"}, "color": "#b91c1c", "font": "literata"}


async def test_saving_what_stands_is_no_change(market: MarketCard):
    editor = actors.system(market.id, "tests")
    async with tenant_session(market.id) as session:
        brand, version = await brand_of(session, editor)
        assert await rebrand(session, editor, brand, version) == version
        noted = await session.exec(
            select(AuditEntry).where(col(AuditEntry.action).startswith("market"))
        )
    assert noted.all() == []


async def test_the_second_of_two_editors_is_told(market: MarketCard):
    editor = actors.system(market.id, "tests")
    async with tenant_session(market.id) as session:
        await rebrand(session, editor, WANTED, 1)
    with pytest.raises(Conflict):
        async with tenant_session(market.id) as session:
            await rebrand(session, editor, dataclasses.replace(WANTED, color="#00ff00"), 1)
    async with tenant_session(market.id) as session:
        assert (await brand_of(session, editor))[0].color == "#b91c1c"


async def test_who_may_not_shape_the_market_cannot(market: MarketCard):
    operator = actors.system(market.id, "tests", Permission.SEE_FIGURES)
    async with tenant_session(market.id) as session:
        with pytest.raises(NotAllowed):
            await rebrand(session, operator, WANTED, 1)
        with pytest.raises(NotAllowed):
            await brand_of(session, operator)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"color": "red;}body{display:none"}, "color"),
        ({"color": {"a": 1}}, "color"),
        ({"font": "Comic Sans"}, "font"),
        ({"font": ["onest"]}, "font"),
        ({"name": {"en": "   "}}, "name.en"),
        ({"name": {"en": "x" * 61}}, "name.en"),
        ({"name": {"en": "A", "ru": "A\u202eB"}}, "name.ru"),
        ({"name": {"en": ["A"]}}, "name.en"),
        ({"name": {"en": "A"}, "tagline": {"ru": "\x00"}}, "tagline.ru"),
    ],
)
async def test_what_cannot_be_shown_is_refused_with_the_field(
    market: MarketCard, change: dict[str, object], field: str
):
    editor = actors.system(market.id, "tests")
    async with tenant_session(market.id) as session:
        with pytest.raises(NotAccepted) as refused:
            await rebrand(session, editor, dataclasses.replace(WANTED, **change), 1)  # pyright: ignore[reportArgumentType]
    assert refused.value.field == field
