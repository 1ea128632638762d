"""What providers answered, as lines that a person reads."""

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession
from app.i18n import money, translate
from app.vendors.models import QuoteRequest
from app.vendors.quotes import Asked, asked_for


async def answers_to(session: TenantSession, actor: Actor, key: str, locale: str) -> list[str]:
    """A line for each provider asked under this key."""
    if not actor.may(Permission.REQUEST_QUOTES):
        return []
    found = await asked_for(
        session, QuoteRequest.person_id == actor.person_id, QuoteRequest.key == key
    )
    return [said(one, locale) for one in sorted(found, key=lambda one: one.provider)]


def said(asked: Asked, locale: str) -> str:
    """How a request stands, in one line."""
    who = asked.provider
    if asked.state == "answered" and asked.request.amount is not None:
        price = money(asked.request.amount, asked.request.currency, locale)
        return translate(locale, "%(provider)s offers it for %(price)s.", provider=who, price=price)
    if asked.state == "declined":
        return translate(locale, "%(provider)s cannot take it on.", provider=who)
    if asked.state == "expired":
        return translate(locale, "%(provider)s did not answer in time.", provider=who)
    return translate(locale, "%(provider)s has not answered yet.", provider=who)
