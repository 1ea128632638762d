"""Texts that the communication agent writes when it is asked to: proposals, and marketing texts.

What a text may say is gathered here from the market's own rows; a model of the agent's chain words
it, or the composer. Nothing is kept here, and nothing is sent to anybody; `agents.writings` keeps
what was asked for on a page.
"""

import dataclasses
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal
from uuid import UUID

from agents.base import Deps, Finding
from agents.briefing import cheapest_of
from agents.vendor import listings_as_findings
from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession, tenant_session
from app.errors import AppError, NotFound
from app.i18n import N_, money, ntranslate, translate, written_date
from app.inference.model import Afresh, Brief, Caller, Channel, Credit, Evidence, Purpose, Tone
from app.markets.directory import MarketCard
from app.projects.keeping import project_of, title_of
from app.projects.models import Project
from app.projects.plans import template_of
from app.vendors import shortlists
from app.vendors.reading import vendor

MOST_SERVICES = 10
LONGEST_NOTE = 1000

Subject = Literal["listing", "provider", "event"]
Heard = Callable[[str], Awaitable[None]]
"""Is told the whole text so far while it is being written."""

OPEN: dict[str, str] = {
    "day": N_("Date"),
    "guests": N_("How many guests come"),
    "place": N_("Place"),
    "budget": N_("Budget"),
}
"""What of an event may not be decided yet."""


class NothingChosen(AppError):
    """There is no service that a proposal could put forward."""

    code = "nothing_chosen"


@dataclasses.dataclass(frozen=True)
class Source:
    """What a number in a text refers to; `url` is a path on the market's host."""

    number: int
    kind: Subject
    id: UUID
    title: str
    url: str
    facts: tuple[str, ...]
    text: str = ""


@dataclasses.dataclass(frozen=True)
class Text:
    """A text with what it rests on. `missing` are keys of `OPEN`."""

    title: str
    text: str
    sources: tuple[Source, ...]
    model: str
    missing: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class _Wanted:
    """A text as it is to be written."""

    purpose: Purpose
    title: str
    sources: tuple[Source, ...]
    missing: tuple[str, ...] = ()
    short: bool = False
    cheapest: int | None = None
    tone: Tone = ""
    channel: Channel = ""


async def write_proposal(
    deps: Deps,
    market: MarketCard,
    actor: Actor,
    locale: str,
    *,
    project_id: UUID | None = None,
    listing_ids: Sequence[UUID] = (),
    note: str = "",
    tone: Tone = "",
    heard: Heard | None = None,
) -> Text:
    """Put services forward: those named, else those on the person's shortlist (of the event).

    `note` is what the proposal should pay heed to; the composer heeds no `tone`. Raises `NotFound`
    for an event that is not the actor's or a service that is not on show, and `NothingChosen`.
    """
    actor.must(Permission.READ)
    said = _noted(note)
    async with tenant_session(market.id) as session:
        project = await project_of(session, actor, project_id) if project_id else None
        chosen = list(dict.fromkeys(listing_ids))
        if not chosen and actor.person_id is not None:
            kept = await shortlists.shortlist(session, actor, locale, project_id)
            chosen = [UUID(card.id) for card in kept][:MOST_SERVICES]
        if not chosen:
            raise NothingChosen("Choose the services first, or put some on the shortlist.")
        if len(chosen) > MOST_SERVICES:
            raise AppError("A proposal may name at most %(most)s services.", most=MOST_SERVICES)
        services = await _services(session, chosen, locale, named=len(listing_ids) > 0)
        event = () if project is None else (_event(project, market, locale),)
        missing = () if project is None else tuple(_missing(project))
    cheapest = cheapest_of(services)
    title = event[0].title if event else market.named(locale)
    wanted = _Wanted(
        "proposal",
        translate(locale, "Proposal: %(title)s", title=title),
        _numbered([*event, *map(_source, services)]),
        missing,
        cheapest=None if cheapest is None else cheapest + len(event),
        tone=tone,
    )
    return await _written(deps, market, actor, locale, wanted, said or title, heard)


async def write_marketing_text(
    deps: Deps,
    market: MarketCard,
    actor: Actor,
    locale: str,
    subject: Subject,
    subject_id: UUID,
    *,
    short: bool = False,
    note: str = "",
    channel: Channel = "",
    tone: Tone = "",
    heard: Heard | None = None,
) -> Text:
    """Make known a service, a provider (with their services), or an event of the actor's own.

    What an event costs and how many come is left out: it is no reader's business. The composer
    heeds neither `channel` nor `tone`. Raises `NotFound` for what is not on show, and for an event
    that is not the actor's.
    """
    actor.must(Permission.READ)
    said = _noted(note)
    async with tenant_session(market.id) as session:
        if subject == "event":
            project = await project_of(session, actor, subject_id)
            sources = [_event(project, market, locale, public=True)]
        elif subject == "provider":
            card, offers = await vendor(session, subject_id, locale)
            first = Source(0, "provider", subject_id, card.name, card.url, (), card.about)
            ids = [UUID(one.id) for one in offers[:MOST_SERVICES]]
            sources = [first, *map(_source, await _services(session, ids, locale))]
        else:
            services = await _services(session, [subject_id], locale, named=True)
            sources = [_source(one) for one in services]
    title = sources[0].title
    wanted = _Wanted(
        "marketing", title, _numbered(sources), short=short, tone=tone, channel=channel
    )
    return await _written(deps, market, actor, locale, wanted, said or title, heard)


async def _services(
    session: TenantSession, ids: Sequence[UUID], locale: str, *, named: bool = False
) -> list[Finding]:
    """These services; where they were `named`, one that is not on show is missed."""
    found = await listings_as_findings(session, ids, locale)
    if named and len(found) < len(ids):
        gone = next(one for one in ids if one not in {service.id for service in found})
        raise NotFound("There is no such service: %(id)s", id=gone)
    if not found:
        raise NothingChosen("Choose the services first, or put some on the shortlist.")
    return found


def _source(one: Finding) -> Source:
    return Source(0, "listing", one.id, one.title, one.url, one.facts, one.text)


def _event(project: Project, market: MarketCard, locale: str, *, public: bool = False) -> Source:
    kind = translate(locale, template_of(project.kind).name)
    facts = [kind]
    if project.day:
        facts.append(written_date(project.day, locale))
    if project.place:
        facts.append(project.place)
    if project.guests and not public:
        facts.append(ntranslate(locale, "%(count)s guest", "%(count)s guests", project.guests))
    if project.budget_amount is not None and not public:
        currency = project.budget_currency or market.currency
        amount = money(project.budget_amount, currency, locale)
        facts.append(translate(locale, "at most %(price)s", price=amount))
    title = title_of(project, locale)
    if title == kind:
        facts = facts[1:]
    url = f"/{locale}/events/{project.id}"
    # What somebody noted for themselves is not for others to read.
    return Source(0, "event", project.id, title, url, tuple(facts))


def _missing(project: Project) -> list[str]:
    known = {
        "day": project.day,
        "guests": project.guests,
        "place": project.place,
        "budget": project.budget_amount,
    }
    return [name for name in OPEN if not known[name]]


def _numbered(sources: Sequence[Source]) -> tuple[Source, ...]:
    return tuple(
        dataclasses.replace(one, number=number) for number, one in enumerate(sources, start=1)
    )


def _noted(note: str) -> str:
    said = " ".join(note.replace("\x00", " ").split())
    if len(said) > LONGEST_NOTE:
        raise AppError("A note may have at most %(count)s characters.", count=LONGEST_NOTE)
    return said


async def _written(
    deps: Deps,
    market: MarketCard,
    actor: Actor,
    locale: str,
    wanted: _Wanted,
    message: str,
    heard: Heard | None,
) -> Text:
    """Have the agent's chain word it; what a model began and did not finish is left out."""
    brief = Brief(
        purpose=wanted.purpose,
        locale=locale,
        message=message,
        market=market.named(locale),
        evidence=tuple(
            Evidence(one.number, one.kind, one.title, one.text, one.facts) for one in wanted.sources
        ),
        hosts=tuple(filter(None, (market.host,))),
        caller=Caller(market.id, "communication", person_id=actor.person_id),
        open=tuple(translate(locale, OPEN[name]) for name in wanted.missing),
        short=wanted.short,
        cheapest=wanted.cheapest,
        tone=wanted.tone,
        channel=wanted.channel,
    )
    text, model = "", deps.model.name
    async for piece in deps.model.stream(brief):
        match piece:
            case str():
                text += piece
            case Afresh():
                text = ""
            case Credit():
                model = piece.model
        if heard is not None:
            await heard(text)
    return Text(wanted.title, text.strip(), wanted.sources, model, wanted.missing)
