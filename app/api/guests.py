"""Who is invited to an event, who came, and what they thought, over HTTP.

The same people may as may prepare the event: see `app.api.planning`.
"""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from app.api.callers import Marketplace, Signed
from app.api.guarding import ROOMY
from app.api.planned import Id, Line, event_id_of
from app.database import tenant_session
from app.errors import NotFound
from app.projects import guest_files, guests, opinions
from app.projects.guests import LARGEST_PARTY

router = APIRouter(prefix="/api/v1/planning/events/{event_id}", tags=["Planning"])
# Text takes more room as JSON than as it is.
ROOMY["/api/v1/planning/events/*/registrations/import"] = 2 * guest_files.LARGEST
PAGE = 200

Answer = Literal["invited", "coming", "declined"]
Party = Annotated[int, Field(ge=1, le=LARGEST_PARTY)]
Page = Annotated[int, Query(ge=1, le=10_000)]


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewGuest(_Sent):
    """Somebody who is invited; the same address again changes what stands of it."""

    name: Line = Field(json_schema_extra={"minLength": 1, "pattern": r"^\w[\w ]{0,100}$"})
    email: str = Field(default="", json_schema_extra={"pattern": r"^([a-z]{1,20}@example\.com)?$"})
    party: Party = Field(default=1, description="How many come with them, they counted.")
    state: Answer = "invited"
    note: Line = ""


class GuestAnswer(_Sent):
    """Whether somebody comes."""

    state: Answer


class Arrival(_Sent):
    """That somebody came; of who was not registered, only how many."""

    registration_id: Id | None = None
    party: Party | None = Field(default=None, description="Without it the whole party.")


class NewOpinion(_Sent):
    """What a guest thought; a registered guest's again takes the place of the former."""

    rating: int = Field(ge=1, le=5)
    text: str = Field(default="", max_length=5000)
    registration_id: Id | None = None


class GuestFile(_Sent):
    """A file of guests, as text."""

    form: guest_files.Form = "csv"
    content: str = Field(
        max_length=guest_files.LARGEST,
        description="Columns or fields: name, email, party, state, note, came, rating, feedback.",
        examples=["name,email,state\nZoe,zoe@example.com,coming"],
    )
    dry_run: bool = Field(default=True, description="Whether only to say what loading it would do.")


class GuestShown(BaseModel):
    """A guest."""

    id: UUID
    name: str
    email: str
    party: int
    state: Answer
    note: str
    came: int = Field(description="How many of the party came.")


class GuestFigures(BaseModel):
    """How the guests stand, in persons; `rating` is the mean of what they said."""

    invited: int
    coming: int
    declined: int
    came: int
    ratings: int
    rating: float | None


class GuestList(BaseModel):
    """Guests by name."""

    guests: list[GuestShown]
    count: int = Field(description="How many registrations there are on all pages.")
    figures: GuestFigures


class OpinionShown(BaseModel):
    """What a guest thought."""

    id: UUID
    registration_id: UUID | None
    name: str
    rating: int
    text: str
    at: datetime


class OpinionList(BaseModel):
    """What guests thought, the newest first."""

    feedback: list[OpinionShown]
    count: int


class BadRow(BaseModel):
    """A row that cannot be loaded, and why."""

    line: int
    reason: str


class Loaded(BaseModel):
    """What loading a file did, or would do."""

    dry_run: bool
    created: int
    updated: int
    unchanged: int
    bad: int
    problems: list[BadRow]


class Kept(BaseModel):
    """What was written down."""

    id: UUID


@router.get(
    "/registrations",
    response_model=GuestList,
    summary="List an event's guests",
    operation_id="listGuests",
)
async def listed(market: Marketplace, caller: Signed, event_id: Id, page: Page = 1) -> Any:
    """Who is invited, whether they come and came, and how they stand in all."""
    held = event_id_of(event_id)
    async with tenant_session(market.id) as session:
        found = await guests.guests_of(session, caller.actor, held)
        figures = await guests.figures_of(session, caller.actor, held)
    return {
        "guests": [vars(one) for one in found[(page - 1) * PAGE : page * PAGE]],
        "count": len(found),
        "figures": vars(figures),
    }


@router.post(
    "/registrations",
    response_model=GuestShown,
    status_code=HTTPStatus.CREATED,
    summary="Register a guest",
    operation_id="registerGuest",
)
async def register(market: Marketplace, caller: Signed, event_id: Id, told: NewGuest) -> Any:
    """Write down somebody who is invited."""
    held = event_id_of(event_id)
    async with tenant_session(market.id) as session:
        made = await guests.register(session, caller.actor, held, **told.model_dump())
        return vars(await guests.guest_of(session, caller.actor, held, made))


@router.patch(
    "/registrations/{registration_id}",
    response_model=GuestShown,
    summary="Say whether a guest comes",
    operation_id="answerForGuest",
)
async def answer(
    market: Marketplace, caller: Signed, event_id: Id, registration_id: Id, told: GuestAnswer
) -> Any:
    """Invited, coming or declined."""
    held, guest = event_id_of(event_id), _guest_id(registration_id)
    async with tenant_session(market.id) as session:
        await guests.guest_of(session, caller.actor, held, guest)
        await guests.answer(session, caller.actor, guest, told.state)
        return vars(await guests.guest_of(session, caller.actor, held, guest))


@router.delete(
    "/registrations/{registration_id}",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Strike out a guest",
    operation_id="strikeOutGuest",
)
async def strike_out(
    market: Marketplace, caller: Signed, event_id: Id, registration_id: Id
) -> None:
    """Delete a registration, with what is known of whether they came and what they thought."""
    held, guest = event_id_of(event_id), _guest_id(registration_id)
    async with tenant_session(market.id) as session:
        await guests.guest_of(session, caller.actor, held, guest)
        await guests.strike_out(session, caller.actor, guest)


@router.post(
    "/registrations/import",
    response_model=Loaded,
    summary="Load a file of guests",
    operation_id="importGuests",
)
async def load(market: Marketplace, caller: Signed, event_id: Id, told: GuestFile) -> Any:
    """Who is known by address or name is changed, others are added; loading twice adds nobody.

    With `dry_run`, which is the rule, nothing is kept and the answer says what would be.
    """
    async with tenant_session(market.id) as session:
        report = await guest_files.load_guests(
            session,
            caller.actor,
            event_id_of(event_id),
            told.form,
            told.content,
            dry=told.dry_run,
        )
    return {**vars(report), "dry_run": told.dry_run}


@router.post(
    "/attendance",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    summary="Note who came",
    operation_id="noteArrival",
)
async def arrived(market: Marketplace, caller: Signed, event_id: Id, told: Arrival) -> None:
    """Of a registered guest the number is set; others are added to those who came."""
    held = event_id_of(event_id)
    guest = None if told.registration_id is None else _guest_id(told.registration_id)
    async with tenant_session(market.id) as session:
        await guests.arrived(session, caller.actor, held, guest, told.party)


@router.get(
    "/feedback",
    response_model=OpinionList,
    summary="Read what guests thought",
    operation_id="listGuestFeedback",
)
async def thought(market: Marketplace, caller: Signed, event_id: Id, page: Page = 1) -> Any:
    """Ratings from 1 to 5 with what was said beside them."""
    async with tenant_session(market.id) as session:
        found, count = await opinions.opinions_on(
            session, caller.actor, event_id_of(event_id), page
        )
    return {"feedback": [vars(one) for one in found], "count": count}


@router.post(
    "/feedback",
    response_model=Kept,
    status_code=HTTPStatus.CREATED,
    summary="Write down what a guest thought",
    operation_id="giveGuestFeedback",
)
async def think(market: Marketplace, caller: Signed, event_id: Id, told: NewOpinion) -> Any:
    """A rating from 1 to 5, of a registered guest or of somebody."""
    held = event_id_of(event_id)
    guest = None if told.registration_id is None else _guest_id(told.registration_id)
    async with tenant_session(market.id) as session:
        made = await guests.give_feedback(
            session, caller.actor, held, told.rating, told.text, guest
        )
    return {"id": made}


def _guest_id(told: str) -> UUID:
    try:
        return UUID(told)
    except ValueError:
        raise NotFound("There is no such guest.") from None
