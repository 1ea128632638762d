"""Which ways of signing in a market offers."""

import re
from dataclasses import dataclass
from uuid import UUID

from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from sqlmodel import col, delete, func, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.accounts.ways.discovery import endpoints_of
from app.accounts.ways.fetching import check_address
from app.accounts.ways.models import SignInWay
from app.accounts.ways.presets import PRESETS
from app.audit.log import changes, record
from app.database import TenantSession
from app.errors import AppError, Conflict, NotFound

MOST = 12
LONGEST_NAME = 60
LONGEST_CLIENT = 300
LONGEST_SECRET = 8000
_APPLE_ID = re.compile(r"[A-Z0-9]{10}")


class WayRefused(AppError):
    """What was given cannot be the configuration of a sign-in way."""

    code = "way_refused"


@dataclass(frozen=True)
class WayInput:
    """What an admin gives. An empty `secret` of a way that exists leaves its secret as it is."""

    kind: str
    client_id: str
    secret: str = ""
    name: str = ""
    issuer: str = ""
    team_id: str = ""
    key_id: str = ""


@dataclass(frozen=True)
class WayButton:
    """A way as a sign-in page offers it."""

    id: str
    kind: str
    name: str


async def offered_ways(session: TenantSession) -> list[WayButton]:
    """The ways that are switched on, in their order."""
    query = select(SignInWay.id, SignInWay.kind, SignInWay.name).where(
        col(SignInWay.enabled).is_(True)
    )
    found = await session.exec(query.order_by(col(SignInWay.position), col(SignInWay.created_at)))
    return [WayButton(str(way_id), kind, name) for way_id, kind, name in found]


async def offered_way(session: TenantSession, way_id: UUID) -> SignInWay:
    """A way that is switched on; raises `NotFound`."""
    found = await session.get(SignInWay, way_id)
    if found is None or not found.enabled:
        raise NotFound("There is no such sign-in way.")
    return found


async def all_ways(session: TenantSession, actor: Actor) -> list[SignInWay]:
    """Every way, for those who configure them."""
    actor.must(Permission.SIGN_IN_WAYS)
    query = select(SignInWay).order_by(col(SignInWay.position), col(SignInWay.created_at))
    return list((await session.exec(query)).all())


async def add_way(session: TenantSession, actor: Actor, given: WayInput) -> SignInWay:
    """Add a way, switched off; raises `WayRefused` or `AddressRefused`."""
    actor.must(Permission.SIGN_IN_WAYS)
    count = (await session.exec(select(func.count()).select_from(SignInWay))).one()
    if count >= MOST:
        raise WayRefused("A market may have at most %(count)s sign-in ways.", count=MOST)
    made = SignInWay(kind="", name="", issuer="", client_id="", position=count)
    _fill(made, given)
    session.add(made)
    await session.flush()
    await record(session, actor, "sign-in-way.added", "sign_in_way", made.id, after=_told(made))
    return made


async def change_way(
    session: TenantSession, actor: Actor, way_id: UUID, version: int, given: WayInput
) -> SignInWay:
    """Change a way; raises as `add_way`, `NotFound`, or `Conflict` when another was faster."""
    actor.must(Permission.SIGN_IN_WAYS)
    found = await _locked(session, way_id, version)
    before = _told(found)
    moved = given.issuer.strip() != found.issuer and PRESETS[found.kind].issuer == ""
    if moved and found.secret and not given.secret:
        # Otherwise the secret could be had by pointing the way at a server of one's own.
        raise WayRefused("Give the secret again, for the provider's address has changed.")
    _fill(found, given)
    found.version += 1
    session.add(found)
    was, now = changes(before, _told(found))
    if given.secret:
        was, now = was | {"secret": "…"}, now | {"secret": "changed"}
    await record(
        session, actor, "sign-in-way.changed", "sign_in_way", way_id, before=was, after=now
    )
    return found


async def switch_way(
    session: TenantSession, actor: Actor, way_id: UUID, version: int, *, enabled: bool
) -> SignInWay:
    """Offer a way, or offer it no more; raises `NotFound` or `Conflict`."""
    actor.must(Permission.SIGN_IN_WAYS)
    found = await _locked(session, way_id, version)
    if found.enabled != enabled:
        found.enabled = enabled
        found.version += 1
        session.add(found)
        await record(
            session,
            actor,
            "sign-in-way.switched",
            "sign_in_way",
            way_id,
            before={"enabled": not enabled},
            after={"enabled": enabled},
        )
    return found


async def remove_way(session: TenantSession, actor: Actor, way_id: UUID) -> None:
    """Remove a way and its secret. People stay linked, should it be added again."""
    actor.must(Permission.SIGN_IN_WAYS)
    found = await session.get(SignInWay, way_id, with_for_update=True)
    if found is None:
        raise NotFound("There is no such sign-in way.")
    await session.exec(delete(SignInWay).where(col(SignInWay.id) == way_id))
    await record(session, actor, "sign-in-way.removed", "sign_in_way", way_id, before=_told(found))


async def check_way(actor: Actor, kind: str, issuer: str) -> str:
    """Ask the provider for its configuration; return where it sends people to sign in.

    Raises `AddressRefused`, `WayDown` or `AnswerRefused`.
    """
    actor.must(Permission.SIGN_IN_WAYS)
    preset = PRESETS.get(kind)
    if preset is None:
        raise WayRefused("There is no such kind of sign-in way.")
    if not preset.discovers:
        return preset.authorization
    return (await endpoints_of(preset.issuer or issuer, anew=True)).authorization


def _fill(way: SignInWay, given: WayInput) -> None:
    preset = PRESETS.get(given.kind)
    if preset is None or (way.kind and way.kind != given.kind):
        raise WayRefused("There is no such kind of sign-in way.")
    client, secret, name = given.client_id.strip(), given.secret.strip(), given.name.strip()
    if not client or len(client) > LONGEST_CLIENT or not client.isascii() or " " in client:
        raise WayRefused("The client ID is missing, or is none.")
    if len(secret) > LONGEST_SECRET or "\x00" in secret:
        raise WayRefused("The secret is too long.")
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise WayRefused("The name may have at most %(count)s characters.", count=LONGEST_NAME)
    if preset.needs_secret and not (secret or way.secret):
        raise WayRefused("This provider needs the secret of the client.")
    issuer = preset.issuer or given.issuer.strip()
    check_address(issuer)
    if "?" in issuer:
        raise WayRefused("The issuer's address has no question mark.")
    if given.kind == "apple":
        _check_apple(given, secret)
        way.details = {"team_id": given.team_id, "key_id": given.key_id}
    way.kind, way.name = given.kind, name or preset.name
    way.issuer, way.client_id = issuer, client
    if secret:
        way.secret = secret


def _check_apple(given: WayInput, secret: str) -> None:
    if not (_APPLE_ID.fullmatch(given.team_id) and _APPLE_ID.fullmatch(given.key_id)):
        raise WayRefused("Apple's team ID and key ID have ten letters and digits each.")
    if secret:
        try:
            key = ECKey.import_key(secret)
        except (JoseError, ValueError, TypeError) as error:
            raise WayRefused("Paste the whole private key that Apple gave you.") from error
        if key.curve_name != "P-256" or not key.is_private:
            raise WayRefused("Paste the whole private key that Apple gave you.")


def _told(way: SignInWay) -> dict[str, object]:
    return {
        "kind": way.kind,
        "name": way.name,
        "issuer": way.issuer,
        "client_id": way.client_id,
        **way.details,
    }


async def _locked(session: TenantSession, way_id: UUID, version: int) -> SignInWay:
    found = await session.get(SignInWay, way_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound("There is no such sign-in way.")
    if found.version != version:
        raise Conflict("Somebody else changed this in the meantime. Look at it as it is now.")
    return found
