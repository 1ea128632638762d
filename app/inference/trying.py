"""Trying a model: one question to it alone, with its time, tokens and price."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from uuid import UUID

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import tenant_session
from app.errors import AppError, NotFound
from app.i18n import N_
from app.inference.calling import Call, Failure, Text, Turn
from app.inference.chains import target
from app.inference.presets import Profile
from app.inference.reaching import chat_at
from app.inference.running import Answered, NobodyAnswered, Run
from app.inference.targets import Chain
from app.inference.writing import MarketPurse, may_leave, salt_of

LONGEST_QUESTION = 1000
PROFILE = Profile(temperature=0.3, max_tokens=300, top_p=0.9, frequency_penalty=0.0)

SAID: dict[Failure, str] = {
    "unreachable": N_("Nobody answers at this address."),
    "address": N_("This address does not lead to a public server."),
    "unauthorized": N_("The endpoint refuses the key."),
    "unknown_model": N_("The endpoint knows no such model."),
    "refused": N_("The endpoint refuses the request."),
    "busy": N_("The endpoint is busy or its quota is used up."),
    "broken": N_("The endpoint failed."),
    "garbled": N_("The endpoint answers something that cannot be read."),
    "slow": N_("The first word did not come in time."),
    "too_slow": N_("The answer did not end in time."),
    "cut": N_("The answer broke off."),
    "empty": N_("The answer was empty."),
    "uncited": N_("The answer rested on nothing that was found."),
    "unsupported": N_("The answer said nothing that its sources say."),
    "leaked": N_("The answer told what the model was instructed to do."),
    "resting": N_("It failed several times and is left alone for a moment."),
    "too_long": N_("The question does not fit the model's context."),
    "budget": N_("The budget of the day is used up."),
    "currency": N_("Its prices are in another currency than the budget."),
    "unavailable": N_("The model has not been loaded."),
    "dimensions": N_("Its vectors have another size than was said."),
    "unmasked": N_("Personal data could not be masked, so nothing was sent."),
}
"""Why a model did not answer, for people."""


class DidNotAnswer(AppError):
    """The model that was tried did not answer."""


async def try_model(actor: Actor, model_id: UUID, question: str) -> AsyncGenerator[Text | Answered]:
    """Ask a model, within the market's budget; yields its words and then `Answered`.

    Raises `NotFound`, `DidNotAnswer` or `AppError` for a question that is empty or too long.
    """
    actor.must(Permission.MODELS)
    question = question.replace("\x00", "").strip()
    if not 0 < len(question) <= LONGEST_QUESTION:
        raise AppError("Write a question of at most %(count)s signs.", count=LONGEST_QUESTION)
    async with tenant_session(actor.market_id) as session:
        found = await target(session, actor, model_id)
    if found is None or found.dimensions:
        raise NotFound("There is no such model.")
    run = Run(
        chain=Chain("trial", (found,), PROFILE, first_token_seconds=20.0),
        call=Call(
            (Turn("person", question),),
            PROFILE,
            salt=salt_of(actor.market_id),
            sticky=str(actor.id or actor.market_id),
            may_leave=await may_leave(actor.market_id),
        ),
        calls=chat_at,
        purse=MarketPurse(actor.market_id, actor.person_id),
    )
    try:
        async with aclosing(run.stream()) as events:
            async for event in events:
                if isinstance(event, (Text, Answered)):
                    yield event
    except NobodyAnswered as nobody:
        raise DidNotAnswer(SAID[nobody.tried[-1].reason]) from nobody
