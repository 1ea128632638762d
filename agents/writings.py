"""Proposals and marketing texts that a person asks for on a page, and that are kept for them.

What writes them is `agents.texts`, as over HTTP.
"""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from agents.base import Deps
from agents.texts import (
    Heard,
    NothingChosen,
    Subject,
    Text,
    write_marketing_text,
    write_proposal,
)
from app.accounts import limits
from app.accounts.actors import Actor
from app.database import tenant_session
from app.errors import NotFound
from app.inference.model import Channel, Tone
from app.markets.directory import MarketCard
from app.markets.modules import check_on
from app.writings import keeping
from app.writings.keeping import Written

Kind = Literal["proposal", "marketing"]


class Asked(BaseModel):
    """What somebody asks for, as it is kept to be asked for again."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Kind
    locale: str
    project_id: UUID | None = None
    """The event that a proposal is for, or among whose texts this one stands."""
    listing_ids: tuple[UUID, ...] = ()
    subject: Subject = "event"
    subject_id: UUID | None = None
    short: bool = False
    channel: Channel = ""
    tone: Tone = ""
    note: str = ""

    @classmethod
    def of(cls, told: Any) -> "Asked":
        """What a form or a kept row says; raises `NotFound` where it makes no sense."""
        try:
            return cls.model_validate(told)
        except ValidationError as error:
            raise NotFound("There is no such thing.") from error


async def write_and_keep(
    deps: Deps, market: MarketCard, actor: Actor, asked: Asked, heard: Heard | None = None
) -> UUID:
    """Have a text written and keep it as the person's own; returns its id.

    Raises as `agents.texts` and `app.writings.keeping.keep`; a text that was cancelled is not kept.
    """
    async with tenant_session(market.id) as session:
        await keeping.check_room(session, actor)
    written = _kept(await _text(deps, market, actor, asked, heard), asked)
    async with tenant_session(market.id) as session:
        return await keeping.keep(
            session, actor, asked.kind, asked.locale, written, asked.project_id
        )


async def write_again(
    deps: Deps, market: MarketCard, actor: Actor, writing_id: UUID, heard: Heard | None = None
) -> None:
    """Have a text written once more as it was asked for; how it stood stays a version of it."""
    async with tenant_session(market.id) as session:
        found = await keeping.writing_of(session, actor, writing_id)
        asked = Asked.of(found.asked)
    written = _kept(await _text(deps, market, actor, asked, heard), asked)
    async with tenant_session(market.id) as session:
        await keeping.write_again(session, actor, writing_id, written)


async def _text(
    deps: Deps, market: MarketCard, actor: Actor, asked: Asked, heard: Heard | None
) -> Text:
    check_on(market, "chat")
    about_event = asked.kind == "proposal" or asked.subject == "event"
    if asked.project_id is not None and about_event:
        check_on(market, "planning")
    await limits.spend("texts", market.id, str(actor.id))
    if asked.locale not in market.locales:
        raise NotFound("There is no such language.")
    if asked.kind == "proposal":
        return await write_proposal(
            deps,
            market,
            actor,
            asked.locale,
            project_id=asked.project_id,
            listing_ids=asked.listing_ids,
            note=asked.note,
            tone=asked.tone,
            heard=heard,
        )
    if asked.subject_id is None:
        raise NothingChosen("Choose what the text should make known.")
    return await write_marketing_text(
        deps,
        market,
        actor,
        asked.locale,
        asked.subject,
        asked.subject_id,
        short=asked.short,
        note=asked.note,
        channel=asked.channel,
        tone=asked.tone,
        heard=heard,
    )


def _kept(text: Text, asked: Asked) -> Written:
    return Written(
        title=text.title,
        text=text.text,
        model=text.model,
        sources=[
            {
                "number": one.number,
                "kind": one.kind,
                "title": one.title,
                "url": one.url,
                "detail": " · ".join(one.facts),
            }
            for one in text.sources
        ],
        missing=text.missing,
        asked=asked.model_dump(mode="json"),
    )
