"""What a model is told to write an answer from, and what the answer's numbers refer to."""

from collections.abc import Sequence

from agents.base import Citation, Finding, Intent, Request
from agents.context import is_unclear
from agents.intents import Reading
from app.catalogue import reading
from app.database import tenant_session
from app.inference.model import Brief, Caller, Evidence, Purpose
from app.search.embeddings import Embedder

OFFERS = 5


def citations_of(findings: Sequence[Finding]) -> tuple[Citation, ...]:
    """The findings with the numbers that an answer cites them by."""
    return tuple(
        Citation(
            number=number,
            kind=found.kind,
            external_id=found.external_id,
            title=found.title,
            url=found.url,
            detail=" · ".join(found.facts),
            price=found.price,
        )
        for number, found in enumerate(findings, start=1)
    )


def brief_of(
    request: Request,
    purpose: Purpose,
    findings: Sequence[Finding],
    agent: str,
    *,
    unmet: tuple[str, ...] = (),
    offers: tuple[str, ...] = (),
) -> Brief:
    """What an answer to this request is written from."""
    return Brief(
        purpose=purpose,
        locale=request.locale,
        message=request.message,
        market=request.market.named(request.locale),
        evidence=tuple(
            Evidence(number, found.kind, found.title, found.text, found.facts)
            for number, found in enumerate(findings, start=1)
        ),
        offers=offers,
        unmet=unmet,
        by_price=request.wish == "cheaper",
        cheapest=cheapest_of(findings),
        speaking=_speaking(findings, request),
        hosts=tuple(filter(None, (request.market.host,))),
        caller=Caller(
            market_id=request.market.id,
            agent=agent,
            conversation_id=request.conversation_id,
            person_id=request.person_id,
        ),
    )


async def offers_for(request: Request, intent: Intent, embedder: Embedder) -> tuple[str, ...]:
    """Categories to suggest: those nearest to a need, else those with the most services."""
    async with tenant_session(request.market.id) as session:
        counted = await reading.counted_categories(session, request.locale)
    names = [category.name for category in counted]
    if intent not in ("chat", "out_of_scope") and len(names) > OFFERS:
        wanted, *near = await embedder.embed([request.message, *names])
        ranked = sorted(zip(near, names, strict=True), key=lambda pair: -float(pair[0] @ wanted))
        names = [name for _, name in ranked]
    return tuple(names[:OFFERS])


def purpose_of(
    intent: Intent, findings: Sequence[Finding], understood: Reading, request: Request
) -> Purpose:
    """What the answer is for."""
    if not findings and request.wish == "others":
        return "exhausted"
    if not findings and is_unclear(request.message, understood):
        return "unclear"
    match intent:
        case "chat":
            return understood.talk
        case "out_of_scope":
            return "decline"
        case _:
            return purpose_of_findings(findings, "offer" if intent == "find_service" else "explain")


def purpose_of_findings(findings: Sequence[Finding], otherwise: Purpose) -> Purpose:
    """What an answer over these findings is for, where they leave a choice."""
    return "both" if len({found.kind == "listing" for found in findings}) > 1 else otherwise


def cheapest_of(findings: Sequence[Finding]) -> int | None:
    """The number of the lowest price, if prices are for the same thing and differ."""
    priced = [
        (found.amount, found.unit, number)
        for number, found in enumerate(findings, start=1)
        if found.kind == "listing" and found.amount is not None
    ]
    if len(priced) < 2 or len({unit for _, unit, _ in priced}) > 1:
        return None
    amounts = sorted(amount for amount, _, _ in priced)
    return min(priced)[2] if amounts[0] < amounts[1] else None


def _speaking(findings: Sequence[Finding], request: Request) -> tuple[int, ...]:
    """The numbers of the services that speak the language of a reader from elsewhere.

    Nobody has to say that a service speaks the market's own language, or when all of them do.
    """
    if request.locale == request.market.default_locale:
        return ()
    language = request.locale.split("-", maxsplit=1)[0]
    offers = [
        (number, found) for number, found in enumerate(findings, start=1) if found.kind == "listing"
    ]
    able = tuple(number for number, found in offers if language in found.speaks)
    return () if len(able) == len(offers) else able
