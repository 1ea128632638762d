"""Who writes a listing, what becomes of it on its way to the public, and what is noted of it."""

import dataclasses
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from app.accounts import actors
from app.accounts.actors import Actor, Member
from app.accounts.permissions import Role
from app.audit.models import AuditEntry
from app.catalogue.editing import (
    NotReady,
    create_listing,
    delete_listing,
    edit_listing,
    listing_of,
    send_for_approval,
    withdraw,
)
from app.catalogue.forms import ListingRefused, form_of, listing_fields
from app.catalogue.inputs import ListingFields
from app.catalogue.models import Listing
from app.database import TenantSession, tenant_session
from app.errors import AppError, Conflict, NotAllowed, NotFound
from app.jobs.work import work_off
from app.markets.directory import MarketCard
from app.search.models import SearchEntry
from tests.factories import listing, open_market, provider

pytestmark = pytest.mark.usefixtures("database")

FORM = {
    "title.en": "Leak repairs",
    "title.ru": "Ремонт протечек",
    "description.en": "Taps and traps.",
    "category": "craft/plumber",
    "amount": "49,90",
    "unit": "hour",
    "city.en": "Riga",
    "languages": "en, ru",
    "tags": "night; same day",
}


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


def fields(**more: str) -> ListingFields:
    return listing_fields({**FORM, **more}, ["en", "ru"])


def member(market: MarketCard, *roles: Role, providers: tuple[UUID, ...] = ()) -> Actor:
    return actors.person(
        market.id,
        Member(
            uuid4(),
            "Ada",
            "ada@example.com",
            "en",
            frozenset({Role.MEMBER, *roles}),
            frozenset(providers),
        ),
    )


async def deeds(session: TenantSession, subject: UUID) -> list[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.subject_id == str(subject))
    return list(await session.exec(query.order_by(col(AuditEntry.created_at))))


async def test_a_provider_writes_sends_and_the_public_sees_it_only_when_staff_says_so(
    market: MarketCard,
):
    async with tenant_session(market.id) as session:
        who = await provider(session)
        ada = member(market, Role.PROVIDER, providers=(who.id,))
        made = await create_listing(session, ada, market, who.id, fields())
        assert (made.state, made.slug, str(made.price_amount)) == ("draft", "leak-repairs", "49.90")
        assert (made.price_currency, made.city, made.tags) == ("EUR", "Riga", ["night", "same day"])
        sent = await send_for_approval(session, ada, market, made.id)
        assert sent.state == "waiting"
        with pytest.raises(NotReady):
            await send_for_approval(session, ada, market, made.id)
        assert [one.action for one in await deeds(session, made.id)] == [
            "listing.created",
            "listing.sent",
        ]


async def test_a_market_may_publish_at_once_but_not_what_it_refused_before(market: MarketCard):
    trusting = dataclasses.replace(market, policy={"publish_at_once": True})
    async with tenant_session(market.id) as session:
        who = await provider(session)
        ada = member(market, Role.PROVIDER, providers=(who.id,))
        made = await create_listing(session, ada, trusting, who.id, fields())
        assert (await send_for_approval(session, ada, trusting, made.id)).state == "published"
        made.state = "refused"
        assert (await send_for_approval(session, ada, trusting, made.id)).state == "waiting"


@pytest.mark.parametrize(
    ("trusting", "state"), [(False, "waiting"), (True, "published")], ids=["looks", "trusts"]
)
async def test_what_a_provider_changes_is_looked_at_again(
    market: MarketCard, trusting: bool, state: str
):
    policed = dataclasses.replace(market, policy={"publish_at_once": trusting})
    async with tenant_session(market.id) as session:
        made = await listing(session)
        ada = member(market, Role.PROVIDER, providers=(made.provider_id,))
        edited = await edit_listing(session, ada, policed, made.id, 1, fields())
        assert (edited.state, edited.version) == (state, 2)
        # The same again changes nothing and is not noted.
        again = await edit_listing(session, ada, policed, made.id, 2, fields())
        assert again.version == 2
        (deed,) = await deeds(session, made.id)
        assert deed.before["title"]["en"] == "Plumber on call"
        assert deed.after["title"]["en"] == "Leak repairs"
        assert "lat" not in deed.after


async def test_texts_in_languages_that_the_form_lacks_stay(market: MarketCard):
    admin = member(market, Role.ADMIN)
    async with tenant_session(market.id) as session:
        made = await listing(session, title={"en": "A", "pt": "B"}, description={"en": "C"})
        edited = await edit_listing(session, admin, market, made.id, 1, fields())
        assert edited.title == {"en": "Leak repairs", "ru": "Ремонт протечек", "pt": "B"}
        assert edited.state == "published"


async def test_the_second_of_two_editors_is_told(market: MarketCard):
    admin = member(market, Role.ADMIN)
    async with tenant_session(market.id) as session:
        made = await listing(session)
    async with tenant_session(market.id) as session:
        await edit_listing(session, admin, market, made.id, 1, fields())
    with pytest.raises(Conflict):
        async with tenant_session(market.id) as session:
            await edit_listing(session, admin, market, made.id, 1, fields(**{"title.en": "Mine"}))
    async with tenant_session(market.id) as session:
        assert (await listing_of(session, admin, made.id)).title["en"] == "Leak repairs"


async def test_nobody_else_writes_a_listing_or_reads_a_draft(market: MarketCard):
    async with tenant_session(market.id) as session:
        made = await listing(session, state="draft")
        another = await provider(session)
        for actor in (
            actors.visitor(market.id),
            member(market),
            member(market, Role.OPERATOR),
            member(market, Role.PROVIDER, providers=(another.id,)),
        ):
            for deed in (
                edit_listing(session, actor, market, made.id, 1, fields()),
                send_for_approval(session, actor, market, made.id),
                withdraw(session, actor, made.id),
                delete_listing(session, actor, made.id),
                create_listing(session, actor, market, made.provider_id, fields()),
            ):
                with pytest.raises(AppError) as refused:
                    await deed
                assert refused.value.status in (401, 403)
            if Role.OPERATOR not in actor.roles:
                with pytest.raises(AppError):
                    await listing_of(session, actor, made.id)
        assert await deeds(session, made.id) == []


async def test_another_markets_listing_does_not_exist(market: MarketCard):
    other = await open_market()
    async with tenant_session(other.id) as session:
        made = await listing(session)
    admin = member(market, Role.ADMIN)
    async with tenant_session(market.id) as session:
        with pytest.raises(NotFound):
            await edit_listing(session, admin, market, made.id, 1, fields())
        with pytest.raises(NotFound):
            await delete_listing(session, admin, made.id)
        with pytest.raises(NotFound):
            await create_listing(session, admin, market, made.provider_id, fields())


async def test_search_follows_an_edit_and_a_deletion(market: MarketCard):
    admin = member(market, Role.ADMIN)

    async def indexed() -> list[str]:
        async with tenant_session(market.id) as session:
            query = select(SearchEntry.names).where(SearchEntry.locale == "en")
            return list(await session.exec(query))

    async with tenant_session(market.id) as session:
        made = await listing(session)
        await edit_listing(session, admin, market, made.id, 1, fields())
    await work_off()
    (names,) = await indexed()
    assert names.startswith("leak repairs")
    async with tenant_session(market.id) as session:
        await withdraw(session, admin, made.id)
    assert await indexed() == []
    async with tenant_session(market.id) as session:
        await delete_listing(session, admin, made.id)
        assert list(await session.exec(select(Listing.id))) == []
        assert (await deeds(session, made.id))[-1].before["title"]["en"] == "Leak repairs"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title.en": "", "title.ru": ""}, "title"),
        ({"title.en": "x" * 201}, "title"),
        ({"description.en": "\x00"}, "description"),
        ({"category": "craft/nothing"}, "category"),
        ({"amount": "a lot"}, "amount"),
        ({"amount": "-1"}, "amount"),
        ({"amount": "1.999"}, "amount"),
        ({"currency": "XYZ"}, "currency"),
        ({"lat": "52.5"}, "lat"),
        ({"lat": "91", "lon": "0"}, "lat"),
        ({"radius_km": "nan"}, "radius_km"),
        ({"languages": "klingonese"}, "languages"),
        ({"photo": "javascript:alert(1)"}, "photo"),
        ({"title.en": {"a": 1}, "title.ru": ["x"]}, "title"),
    ],
)
def test_a_form_is_refused_by_field(change: dict[str, Any], field: str):
    with pytest.raises(ListingRefused) as refused:
        listing_fields({**FORM, **change}, ["en", "ru"])
    assert set(refused.value.problems) == {field}


async def test_a_form_shows_what_it_takes(market: MarketCard):
    async with tenant_session(market.id) as session:
        who = await provider(session)
        admin = member(market, Role.ADMIN)
        full = {**FORM, "lat": "56.95", "lon": "24.1", "radius_km": "10"}
        made = await create_listing(
            session, admin, market, who.id, listing_fields(full, ["en", "ru"])
        )
        shown = form_of(made, ["en", "ru"], "en")
        assert listing_fields(shown, ["en", "ru"]) == listing_fields(
            {**full, "currency": "EUR"}, ["en", "ru"]
        )
        with pytest.raises(NotAllowed):
            await create_listing(session, member(market, Role.OPERATOR), market, who.id, fields())
