"""What can be chosen for a text: events, services, and what a text may make known."""

import dataclasses
from datetime import date

from agents.texts import MOST_SERVICES
from app.accounts.permissions import Permission
from app.catalogue.finding import ListedListing, listings_by
from app.catalogue.models import Provider
from app.database import TenantSession
from app.i18n import translate, written_date
from app.projects.keeping import projects_of, today_in
from app.vendors.shortlists import shortlist
from state.admin.entry import Entry
from state.filters import Option
from state.payloads import uuid_of

MOST_EVENTS = 50


@dataclasses.dataclass(frozen=True)
class ServiceOption:
    """A service that a proposal can put forward."""

    value: str
    name: str
    provider: str
    ticked: bool = False


async def events_to_choose(session: TenantSession, entry: Entry) -> list[Option]:
    """The events that the person prepares, those to come first."""
    off = "planning" in entry.market.switched_off
    if off or not entry.actor.may(Permission.KEEP_PROJECTS):
        return []
    today = today_in(entry.market)
    found = await projects_of(session, entry.actor, entry.locale, today, limit=MOST_EVENTS)
    return [Option(str(one.id), _dated(one.title, one.day, entry.locale)) for one in found]


async def services_to_propose(
    session: TenantSession, entry: Entry, project_id: str
) -> list[ServiceOption]:
    """What can be put forward, ticked where it is on the shortlist of the event (or of none).

    What the person keeps in mind for no event and what they offer themselves can be added.
    """
    actor, locale = entry.actor, entry.locale
    found: dict[str, ServiceOption] = {}
    if actor.may(Permission.REQUEST_QUOTES):
        chosen = uuid_of(project_id) if project_id else None
        for card in await shortlist(session, actor, locale, chosen):
            ticked = len(found) < MOST_SERVICES
            found[card.id] = ServiceOption(card.id, card.title, card.provider, ticked)
        for card in await shortlist(session, actor, locale) if chosen else []:
            found.setdefault(card.id, ServiceOption(card.id, card.title, card.provider))
    for one in await _own(session, entry):
        found.setdefault(str(one.id), ServiceOption(str(one.id), one.title, one.provider))
    return list(found.values())


async def subjects_to_tell(session: TenantSession, entry: Entry, project_id: str) -> list[Option]:
    """What a marketing text may make known, as `kind:id`; the event of the page comes first.

    The person's events, the providers and services in whose name they act, and what they keep in
    mind.
    """
    actor, locale = entry.actor, entry.locale
    events = await events_to_choose(session, entry)
    events.sort(key=lambda one: one.value != project_id)
    found = [_subject("event", one.value, one.name, locale) for one in events]
    if actor.may(Permission.OFFER):
        for provider_id in sorted(actor.providers):
            provider = await session.get(Provider, provider_id)
            if provider is not None:
                found.append(_subject("provider", str(provider.id), provider.name, locale))
    found += [
        _subject("listing", one.value, one.name, locale)
        for one in await services_to_propose(session, entry, project_id)
    ]
    return found


async def _own(session: TenantSession, entry: Entry) -> list[ListedListing]:
    """The services on show that the person offers."""
    if not entry.actor.may(Permission.OFFER):
        return []
    found = await listings_by(session, entry.actor, entry.locale)
    return [one for one in found if one.state == "published"]


def _subject(kind: str, told: str, name: str, locale: str) -> Option:
    names = {
        "event": translate(locale, "Event: %(name)s", name=name),
        "provider": translate(locale, "Provider: %(name)s", name=name),
        "listing": translate(locale, "Service: %(name)s", name=name),
    }
    return Option(f"{kind}:{told}", names[kind])


def _dated(title: str, day: date | None, locale: str) -> str:
    return f"{title}, {written_date(day, locale)}" if day else title
