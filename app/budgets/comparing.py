"""What the market's own listings say of a price."""

from decimal import Decimal

from babel.numbers import list_currencies

from app.accounts.actors import Actor
from app.budgets.pricing import Advice, advise
from app.catalogue.comparing import comparable_prices
from app.catalogue.reading import known_city
from app.database import TenantSession
from app.markets.shaping import NotAccepted


async def price_advice(
    session: TenantSession,
    actor: Actor,
    key: str,
    unit: str,
    currency: str,
    *,
    city: str | None = None,
    own_price: Decimal | None = None,
    unit_cost: Decimal | None = None,
) -> Advice:
    """What others ask for a service of this category, and where one's own price stands.

    Listings of the providers that the actor acts for are left out. As in search, a category that
    nothing is in has no prices. Raises `NotAccepted` for a currency that does not exist.
    """
    if currency not in list_currencies():
        raise NotAccepted("This is not a currency code such as EUR.", field="currency")
    place = await known_city(session, city) if city else None
    prices = await comparable_prices(
        session, key, unit, currency, city=place, without=actor.providers
    )
    return advise(prices, currency, own_price, unit_cost)
