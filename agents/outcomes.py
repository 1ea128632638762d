"""How an event did, in sentences."""

from babel.numbers import format_decimal, format_percent

from agents.base import Request, Result
from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.analytics.returns import EventReturn, return_of
from app.database import tenant_session
from app.i18n import money, ntranslate, translate
from app.projects.keeping import projects_of, today_in


async def own_event(request: Request, actor: Actor) -> Result:
    """How the person's last event did; the market's figures are its staff's."""
    market, locale = request.market, request.locale
    if not actor.may(Permission.KEEP_PROJECTS):
        return Result(text=translate(locale, "Sign in to see how your events did."))
    async with tenant_session(market.id) as session:
        events = await projects_of(session, actor, locale, today_in(market), limit=50)
    over = [one for one in events if one.state == "completed"] or events
    if not over:
        return Result(text=translate(locale, "You have no event yet that could be looked at."))
    event = over[0]
    found = await return_of(market, actor, event.id)
    return Result(text=told_of(event.title, found, locale))


def told_of(title: str, found: EventReturn, locale: str) -> str:
    """How an event did, in sentences."""
    currency, guests = found.currency, found.guests
    told: list[str] = []
    if found.found is not None:
        told.append(
            translate(
                locale,
                "%(title)s: %(cost)s spent and %(revenue)s earned, a return of %(percent)s.",
                title=title,
                cost=money(found.found.cost, currency, locale),
                revenue=money(found.found.revenue, currency, locale),
                percent=format_percent(
                    found.found.percent / 100, "#,##0.##%", locale=locale.replace("-", "_")
                ),
            )
        )
    elif found.cost is not None:
        told.append(
            translate(
                locale,
                "%(title)s costs %(cost)s; write down what it brought in to know its return.",
                title=title,
                cost=money(found.cost, currency, locale),
            )
        )
    else:
        told.append(
            translate(
                locale,
                "%(title)s has no budget yet, so there is no return to tell.",
                title=title,
            )
        )
    if guests.invited and guests.came:
        told.append(
            ntranslate(
                locale,
                "%(count)s guest came of %(invited)s invited.",
                "%(count)s guests came of %(invited)s invited.",
                guests.came,
                invited=guests.invited,
            )
        )
    if guests.rating is not None:
        told.append(
            ntranslate(
                locale,
                "%(count)s rating, %(mean)s of 5.",
                "%(count)s ratings, %(mean)s of 5 on average.",
                guests.ratings,
                mean=format_decimal(guests.rating, "0.#", locale=locale.replace("-", "_")),
            )
        )
    return " ".join(told)
