"""Those who offer: written by staff or by themselves, hidden with all they offer."""

from uuid import UUID

import pytest
from sqlmodel import select

from app.accounts import actors
from app.accounts.actors import Actor
from app.accounts.permissions import Permission, Role
from app.accounts.signing import person_of_token, sign_in, sign_up
from app.catalogue import reading
from app.catalogue.models import Provider
from app.catalogue.providers import (
    ProviderRefused,
    become_provider,
    create_provider,
    delete_provider,
    edit_provider,
    provider_fields,
    show_provider,
)
from app.database import TenantSession, tenant_session
from app.errors import AppError, Conflict, NotAllowed
from app.markets.directory import MarketCard
from app.search.models import SearchEntry
from app.search.serving import search_index
from tests.database.state.test_guard import PASSWORD
from tests.factories import listing, open_market

pytestmark = pytest.mark.usefixtures("database")
ADA = provider_fields("Ada Pipes", {"en": "Since 1990."})


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def signed_in(session: TenantSession, market: MarketCard, token: str) -> Actor:
    found = await person_of_token(session, token)
    assert found is not None
    return actors.person(market.id, found)


async def test_a_member_becomes_a_provider_of_their_own_once(market: MarketCard):
    async with tenant_session(market.id) as session:
        await sign_up(session, "ada@example.com", "Ada", PASSWORD, "en")
        token = await sign_in(session, "ada@example.com", PASSWORD, "")
        member = await signed_in(session, market, token)
        made = await become_provider(session, member, ADA)
        ada = await signed_in(session, market, token)
        assert Role.PROVIDER in ada.roles
        assert ada.providers == {made.id}
        assert (await become_provider(session, ada, ADA)).id == made.id
        assert len(list(await session.exec(select(Provider.id)))) == 1
        with pytest.raises(AppError):
            await become_provider(session, actors.visitor(market.id), ADA)
        with pytest.raises(AppError):
            await become_provider(session, actors.system(market.id, "key"), ADA)


async def test_a_provider_writes_about_itself_and_not_about_others(market: MarketCard):
    admin = actors.system(market.id, "admin")
    async with tenant_session(market.id) as session:
        own = await create_provider(session, admin, ADA)
        other = await create_provider(session, admin, ADA)
        assert own.slug != other.slug
        providers = frozenset({own.id})
        may = frozenset({Permission.OFFER})
        ada = Actor(market.id, "person", UUID(int=1), "Ada", may, providers=providers)
        changed = provider_fields("Ada & Co", {"en": "Since 1991.", "ru": ""})
        edited = await edit_provider(session, ada, own.id, 1, changed)
        assert (edited.name, edited.about, edited.version) == ("Ada & Co", {"en": "Since 1991."}, 2)
        with pytest.raises(Conflict):
            await edit_provider(session, ada, own.id, 1, ADA)
        for deed in (
            edit_provider(session, ada, other.id, 1, changed),
            show_provider(session, ada, own.id, shown=False),
            delete_provider(session, ada, own.id),
            create_provider(session, ada, ADA),
        ):
            with pytest.raises(NotAllowed):
                await deed


async def test_hiding_a_provider_hides_all_they_offer_from_search_at_once(market: MarketCard):
    admin = actors.system(market.id, "admin")
    async with tenant_session(market.id) as session:
        made = await listing(session)
        await search_index().refresh(session, "listing")
        await show_provider(session, admin, made.provider_id, shown=False)
        assert list(await session.exec(select(SearchEntry.id))) == []
        assert await reading.listing_by_slug(session, made.slug, "en") is None
        await show_provider(session, admin, made.provider_id, shown=True)
        assert await reading.listing_by_slug(session, made.slug, "en") is not None
        await delete_provider(session, admin, made.provider_id)
        assert await reading.listing_by_slug(session, made.slug, "en") is None


@pytest.mark.parametrize("name", ["", " ", "x" * 201, None, {"a": 1}, "\x00"])
def test_a_name_is_needed(name: object):
    with pytest.raises(ProviderRefused):
        provider_fields(name, {})
