"""Letters about quotes: to those who act for a provider, and to the person who asked."""

from datetime import date
from decimal import Decimal

from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.models import Person, RoleGrant
from app.accounts.permissions import Role
from app.database import TenantSession
from app.i18n import LOCALES, in_locale, money, translate, written_date
from app.mail.letters import Letter, post
from app.markets.directory import MarketCard
from app.settings import settings
from app.vendors.models import QuoteRequest


async def tell_provider(
    session: TenantSession, actor: Actor, market: MarketCard, request: QuoteRequest
) -> None:
    """Write to everybody who acts for the provider, each in their own language."""
    found = await session.exec(
        select(Person)
        .join(RoleGrant, col(RoleGrant.person_id) == col(Person.id))
        .where(
            col(RoleGrant.role) == Role.PROVIDER,
            col(RoleGrant.provider_id) == request.provider_id,
            col(Person.suspended_at).is_(None),
        )
        .distinct()
    )
    for person in found:
        locale = person.locale if person.locale in LOCALES else market.default_locale
        asked = translate(locale, "%(name)s asks what this would cost:", name=actor.name)
        named = ", ".join(in_locale(one["title"], locale) for one in request.services)
        letter = Letter(
            to=person.email,
            subject=translate(locale, "A request for a quote: %(service)s", service=_line(named)),
            paragraphs=(
                f"{asked} {named}",
                request.message,
                *facts_of(request, locale),
                translate(
                    locale,
                    "Answer with a price by %(day)s.",
                    day=written_date(request.expires_at.date(), locale),
                ),
            ),
            locale=locale,
            sender=market.named(locale),
            button=translate(locale, "Answer the request"),
            link=f"{settings().origin(market.host)}/{_page(market, locale)}/office/quotes",
            key=f"quote:{request.id}:{person.id}",
        )
        await post(session, actor, letter)


async def tell_person(
    session: TenantSession, actor: Actor, market: MarketCard, request: QuoteRequest, provider: str
) -> None:
    """Write to the person what the provider answered."""
    person = await session.get_one(Person, request.person_id)
    locale = person.locale if person.locale in LOCALES else market.default_locale
    if request.state == "answered" and request.amount is not None:
        price = money(request.amount, request.currency, locale)
        said = translate(
            locale, "%(provider)s offers it for %(price)s.", provider=provider, price=price
        )
    else:
        said = translate(locale, "%(provider)s cannot take it on.", provider=provider)
    letter = Letter(
        to=person.email,
        subject=translate(locale, "An answer from %(provider)s", provider=_line(provider)),
        paragraphs=(said, *((request.note,) if request.note else ())),
        locale=locale,
        sender=market.named(locale),
        button=translate(locale, "Compare the quotes"),
        link=f"{settings().origin(market.host)}/{_page(market, locale)}/shortlist",
        key=f"quote-answer:{request.id}",
    )
    await post(session, actor, letter)


def facts_of(request: QuoteRequest, locale: str) -> list[str]:
    """What is known of the event, a short line each."""
    facts = request.facts
    lines: list[str] = []
    if day := facts.get("date"):
        written = written_date(date.fromisoformat(day), locale)
        lines.append(translate(locale, "Date: %(date)s", date=written))
    if guests := facts.get("guests"):
        lines.append(translate(locale, "Guests: %(count)s", count=guests))
    if place := facts.get("place"):
        lines.append(translate(locale, "Place: %(place)s", place=place))
    if budget := facts.get("budget"):
        amount = money(Decimal(budget), facts["currency"], locale)
        lines.append(translate(locale, "Budget: %(amount)s", amount=amount))
    return lines


def _page(market: MarketCard, locale: str) -> str:
    return locale if locale in market.locales else market.default_locale


def _line(text: str) -> str:
    return " ".join(text.split())[:120]
