"""`GET /api/users/me`: who the caller is."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.accounts.actors import SignInNeeded
from app.accounts.permissions import Permission
from app.api.callers import Signed

router = APIRouter(prefix="/api/users", tags=["People"])


class Me(BaseModel):
    """A person, as they see themselves."""

    id: UUID
    name: str
    email: str
    locale: str
    verified: bool = Field(description="Whether the e-mail address is known to be theirs.")
    roles: list[str]
    permissions: list[str]
    providers: list[UUID] = Field(description="The providers in whose name they act.")
    lacks_second_factor: bool = Field(
        description="Whether permissions are held back until a second factor is given."
    )


@router.get("/me", response_model=Me, summary="Who am I?", operation_id="me")
async def me(caller: Signed) -> Any:
    """The person behind the token or cookie; an API key is nobody."""
    caller.actor.must(Permission.KEEP_ACCOUNT)
    member = caller.member
    if member is None:
        raise SignInNeeded("Sign in to do this.")
    return {
        "id": member.id,
        "name": member.name,
        "email": member.email,
        "locale": member.locale,
        "verified": member.verified,
        "roles": sorted(member.roles),
        "permissions": sorted(caller.actor.permissions),
        "providers": sorted(member.providers),
        "lacks_second_factor": caller.actor.lacks_factor,
    }
