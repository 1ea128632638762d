"""Passkeys: discoverable WebAuthn credentials, which prove a person without a password."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, delete, func, select
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from app.accounts.actors import Actor, Member
from app.accounts.factors.models import Passkey
from app.accounts.models import Person
from app.accounts.permissions import Permission
from app.accounts.ways.entering import LastWay
from app.accounts.ways.models import Identity
from app.audit.log import record
from app.database import TenantSession
from app.errors import AppError, NotFound

MOST = 20
LONGEST_NAME = 60
_UNREADABLE = (WebAuthnException, ValueError, TypeError, KeyError)


class PasskeyRefused(AppError):
    """The device's answer is not what was asked for, or the passkey is not known here."""

    code = "passkey"


async def registration(
    session: TenantSession, member: Member, host: str, market_name: str
) -> tuple[dict[str, Any], str]:
    """What a browser is asked to make a passkey with, and the challenge to remember."""
    known = await session.exec(select(Passkey).where(Passkey.person_id == member.id))
    options = generate_registration_options(
        rp_id=host,
        rp_name=market_name,
        user_id=member.id.bytes,
        user_name=member.email,
        user_display_name=member.name,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return _told(options)


async def add_passkey(
    session: TenantSession,
    actor: Actor,
    challenge: str,
    host: str,
    origin: str,
    credential: dict[str, Any],
    name: str,
) -> None:
    """Keep the passkey that a browser made; raises `PasskeyRefused`."""
    actor.must(Permission.KEEP_ACCOUNT)
    assert actor.person_id is not None
    count = select(func.count()).where(col(Passkey.person_id) == actor.person_id)
    if (await session.exec(count)).one() >= MOST:
        raise PasskeyRefused("You have too many passkeys. Remove one first.")
    refused = PasskeyRefused("The passkey could not be used. Try again.")
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=host,
            expected_origin=origin,
            require_user_verification=True,
        )
    except _UNREADABLE as error:
        raise refused from error
    row = Passkey(
        person_id=actor.person_id,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=_name(name),
        backed_up=made.credential_backed_up,
    )
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise refused from error
    await record(session, actor, "passkey.added", "person", actor.person_id)


def authentication(host: str) -> tuple[dict[str, Any], str]:
    """What a browser is asked to sign, with any passkey of this host; and the challenge."""
    return _told(
        generate_authentication_options(
            rp_id=host, user_verification=UserVerificationRequirement.REQUIRED
        )
    )


async def who_has_passkey(
    session: TenantSession, challenge: str, host: str, origin: str, credential: dict[str, Any]
) -> UUID:
    """The person whose passkey signed the challenge; raises `PasskeyRefused`."""
    refused = PasskeyRefused("The passkey could not be used. Try again.")
    try:
        credential_id = base64url_to_bytes(str(credential["rawId"])[:2000])
        handle = base64url_to_bytes(str(credential["response"]["userHandle"])[:200])
    except _UNREADABLE as error:
        raise refused from error
    query = select(Passkey).where(Passkey.credential_id == credential_id).with_for_update()
    found = (await session.exec(query)).one_or_none()
    if found is None or handle != found.person_id.bytes:
        raise refused
    try:
        proved = verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=host,
            expected_origin=origin,
            credential_public_key=found.public_key,
            credential_current_sign_count=found.sign_count,
            require_user_verification=True,
        )
    except _UNREADABLE as error:
        raise refused from error
    found.sign_count, found.used_at = proved.new_sign_count, datetime.now(UTC)
    session.add(found)
    return found.person_id


async def passkeys_of(session: TenantSession, actor: Actor) -> list[Passkey]:
    """One's own passkeys, the oldest first."""
    actor.must(Permission.KEEP_ACCOUNT)
    query = select(Passkey).where(Passkey.person_id == actor.person_id)
    return list((await session.exec(query.order_by(col(Passkey.created_at)))).all())


async def rename_passkey(session: TenantSession, actor: Actor, passkey_id: UUID, name: str) -> None:
    """Call one's own passkey otherwise; raises `NotFound`."""
    found = await _own(session, actor, passkey_id)
    found.name = _name(name)
    session.add(found)


async def remove_passkey(session: TenantSession, actor: Actor, passkey_id: UUID) -> None:
    """Let a passkey open nothing more; raises `NotFound` or `LastWay`."""
    person = await session.get(Person, actor.person_id, with_for_update=True)
    found = await _own(session, actor, passkey_id)
    others = select(Passkey.id).where(
        Passkey.person_id == found.person_id, col(Passkey.id) != passkey_id
    )
    ways = select(Identity.id).where(Identity.person_id == found.person_id)
    if (
        person is not None
        and person.password_hash is None
        and (await session.exec(others.limit(1))).first() is None
        and (await session.exec(ways.limit(1))).first() is None
    ):
        raise LastWay("Set a password first: without this you could not sign in any more.")
    await session.exec(delete(Passkey).where(col(Passkey.id) == passkey_id))
    await record(session, actor, "passkey.removed", "person", found.person_id)


async def _own(session: TenantSession, actor: Actor, passkey_id: UUID) -> Passkey:
    actor.must(Permission.KEEP_ACCOUNT)
    found = await session.get(Passkey, passkey_id)
    if found is None or found.person_id != actor.person_id:
        raise NotFound("There is no such passkey.")
    return found


def _name(name: str) -> str:
    return "".join(sign for sign in " ".join(name.split()) if sign.isprintable())[:LONGEST_NAME]


def _told(options: Any) -> tuple[dict[str, Any], str]:
    told = json.loads(options_to_json(options))
    return told, told["challenge"]
