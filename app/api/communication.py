"""`/api/v1/communication`: what the market says to people, and what its agent writes for them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request

from agents import answering as answers
from agents.maestro import maestro
from agents.texts import write_marketing_text, write_proposal
from app.accounts import limits
from app.accounts.permissions import Permission
from app.api import chat
from app.api.callers import AnyCaller, Caller, Marketplace, Signed
from app.api.communicating import (
    Faq,
    Messages,
    TextShown,
    WantedMarketing,
    WantedProposal,
    text_told,
)
from app.api.conversing import STREAM, Answer
from app.api.following import shown_message
from app.api.planned import Id
from app.api.requests import address_of, while_connected
from app.conversations import log, paging, reading
from app.database import tenant_session
from app.errors import NotFound
from app.knowledge.reading import answers_in
from app.markets.directory import MarketCard
from app.markets.modules import check_on
from app.search.index import Query as Sought
from app.search.serving import search_index
from app.settings import settings

router = APIRouter(prefix="/api/v1/communication", tags=["Communication"])

LONGEST_QUERY = 300
PAGE = 50


router.add_api_route(
    "/chat",
    chat.ask,
    methods=["POST"],
    response_model=Answer,
    responses={200: STREAM},
    summary="Ask Maestro",
    description="The same as `POST /api/v1/chat`, of which the reply is followed and stopped, too.",
    operation_id="communicate",
)


@router.get(
    "/messages",
    response_model=Messages,
    summary="Read what was said after a number",
    operation_id="listMessages",
)
async def messages(
    market: Marketplace,
    caller: AnyCaller,
    conversation_id: Annotated[Id, Query()],
    after: Annotated[
        int, Query(ge=0, le=2**31 - 2, description="The newest number that is known.")
    ] = 0,
    limit: Annotated[int, Query(ge=1, le=paging.LARGEST)] = PAGE,
) -> Any:
    """The messages of a conversation with numbers above `after`, in their order."""
    held = chat.conversation_of(conversation_id)
    async with tenant_session(market.id) as session:
        await log.check_may_open(session, held, caller.person_id)
        await reading.close_left_behind(session, held)
        page = await paging.messages_after(session, held, after, limit)
    return {
        "conversation_id": held,
        "messages": [shown_message(market, one) for one in page.messages],
        "seq": page.seq,
        "more": page.more,
        "gone": [{"first": one.first, "last": one.last} for one in page.gone],
        "writing": answers.running(held) is not None,
    }


@router.get(
    "/faq",
    response_model=Faq,
    summary="Questions and answers",
    operation_id="listAnswers",
)
async def faq(
    request: Request,
    market: Marketplace,
    caller: AnyCaller,
    q: Annotated[str, Query(max_length=LONGEST_QUERY)] = "",
    locale: Annotated[str | None, Query(examples=["en"])] = None,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Any:
    """The market's public help articles; with `q` those that answer it, the best first."""
    caller.actor.must(Permission.READ)
    reader = chat.language_of(request, market, locale)
    said = q.replace("\x00", " ").strip()
    if said:
        await limits.spend("search", market.id, address_of(request))
    async with tenant_session(market.id) as session:
        if said:
            sought = Sought(text=said, locale=reader, limit=PAGE, kinds=("article",))
            hits = await search_index().search(session, sought)
            found = await answers_in(session, reader, [hit.id for hit in hits])
        else:
            found = await answers_in(session, reader)
    origin = settings().origin(market.host)
    shown = found[(page - 1) * PAGE : page * PAGE]
    return {
        "questions": [{**vars(one), "url": origin + one.url} for one in shown],
        "count": len(found),
    }


@router.post(
    "/proposals",
    response_model=TextShown,
    summary="Have a proposal written",
    operation_id="writeProposal",
)
async def proposal(
    request: Request, market: Marketplace, caller: Signed, told: WantedProposal
) -> Any:
    """Services put forward for an event, from what the market knows of both."""
    locale = await _begun(request, market, caller, told.locale)
    if told.event_id is not None:
        check_on(market, "planning")
    event_id = None if told.event_id is None else _id(told.event_id, "There is no such event.")
    chosen = [_service(one) for one in told.listing_ids]
    made = await while_connected(
        request,
        write_proposal(
            maestro().agents["communication"].deps,
            market,
            caller.actor,
            locale,
            project_id=event_id,
            listing_ids=chosen,
            note=told.note,
            tone=told.tone,
        ),
    )
    return text_told(made, market)


@router.post(
    "/marketing-texts",
    response_model=TextShown,
    summary="Have a marketing text written",
    operation_id="writeMarketingText",
)
async def marketing_text(
    request: Request, market: Marketplace, caller: Signed, told: WantedMarketing
) -> Any:
    """A text that makes known a service, a provider, or an event of the caller's."""
    locale = await _begun(request, market, caller, told.locale)
    if told.subject == "event":
        check_on(market, "planning")
    missing = {"event": "There is no such event.", "provider": "There is no such provider."}
    held = _id(told.id, missing[told.subject]) if told.subject in missing else _service(told.id)
    made = await while_connected(
        request,
        write_marketing_text(
            maestro().agents["communication"].deps,
            market,
            caller.actor,
            locale,
            told.subject,
            held,
            short=told.length == "short",
            note=told.note,
            channel=told.channel,
            tone=told.tone,
        ),
    )
    return text_told(made, market)


async def _begun(request: Request, market: MarketCard, caller: Caller, told: str | None) -> str:
    """Count a text, and return its language."""
    caller.actor.must(Permission.READ)
    await limits.spend("texts", market.id, str(caller.actor.id))
    return chat.language_of(request, market, told)


def _id(told: str, missing: str) -> UUID:
    try:
        return UUID(told)
    except ValueError:
        raise NotFound(missing) from None


def _service(told: str) -> UUID:
    try:
        return UUID(told)
    except ValueError:
        raise NotFound("There is no such service: %(id)s", id=told[:40]) from None
