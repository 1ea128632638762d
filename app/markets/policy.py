"""What a market asks of its people, and how long it keeps things."""

from collections.abc import Mapping
from typing import Any, Self, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession
from app.markets.shaping import NotAccepted, keep, market_as_it_is, market_to_edit


class Retention(BaseModel):
    """Days that things are kept after their last use; 0 keeps members' conversations for good."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    conversations: int = Field(default=0, ge=0, le=3650)
    anonymous_conversations: int = Field(default=30, ge=1, le=365)
    sign_ins: int = Field(default=90, ge=30, le=365)
    """After they ended."""
    jobs: int = Field(default=30, ge=1, le=365)
    mentions: int = Field(default=730, ge=30, le=3650)
    """After they were published: names and words of people who have no account here."""
    audit: int = Field(default=1095, ge=365, le=3650)
    """A year at least: who did what must stay answerable."""


class Policy(BaseModel):
    """A market's policy; each field left out is its default."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    second_factor: bool = False
    """Whether staff acts as such only after a second factor or a passkey."""
    publish_at_once: bool = False
    """Whether providers publish without the approval of staff."""
    mask_personal_data: bool = True
    """Whether personal data is masked before it leaves for a model outside this installation."""
    index_now: bool = False
    """Whether search engines are told of pages that are new (IndexNow)."""
    retention: Retention = Field(default_factory=Retention)

    @classmethod
    def of(cls, told: Any) -> Self:
        """Read what is kept; a part that cannot be read is its default."""
        if not isinstance(told, Mapping):
            return cls()
        kept = cast("Mapping[str, Any]", told)
        try:
            return cls.model_validate(kept)
        except ValidationError as error:
            wrong = {str(problem["loc"][0]) for problem in error.errors()}
            return cls.model_validate({name: kept[name] for name in kept if name not in wrong})


async def policy_of(session: TenantSession, actor: Actor) -> tuple[Policy, int]:
    """The policy and the version that an editor begins from."""
    market = await market_as_it_is(session, actor, Permission.SHAPE)
    return Policy.of(market.policy), market.version


async def lay_down(session: TenantSession, actor: Actor, told: dict[str, Any], seen: int) -> int:
    """Change the policy to `told`; returns the new version. Raises `NotAccepted`, `Conflict`."""
    market = await market_to_edit(session, actor, Permission.SHAPE, seen)
    try:
        wanted = Policy.model_validate(told)
    except ValidationError as error:
        field = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise NotAccepted("This number is out of its bounds.", field=field) from error
    before = Policy.of(market.policy).model_dump()
    # What other parts keep in the policy stays as it is.
    market.policy = {**market.policy, **wanted.model_dump()}
    return await keep(session, actor, market, "market.policy_changed", before, wanted.model_dump())
