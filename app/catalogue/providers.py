"""Those who offer: found, written, hidden and deleted by the staff, or written by themselves."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from pydantic import AfterValidator, StringConstraints, ValidationError
from sqlmodel import col, select

from app.accounts import actors
from app.accounts.actors import Actor
from app.accounts.models import Person, RoleGrant
from app.accounts.permissions import Permission, Role
from app.accounts.roles import give_role
from app.audit.log import changes, record
from app.catalogue.editing import must_write_for
from app.catalogue.models import Listing, Provider
from app.catalogue.publishing import ProviderState
from app.catalogue.slugs import plain, slug_for
from app.database import TenantSession
from app.errors import AppError, Conflict, NotFound
from app.markets.shaping import NotAccepted
from app.rows import RowInput, Short, locale_code
from app.search.following import follow


class ProviderRefused(NotAccepted):
    """A name or a text that cannot stand."""


def _abouts(texts: dict[str, str]) -> dict[str, str]:
    return {locale_code(code): text for code, text in texts.items() if text}


About = Annotated[str, StringConstraints(max_length=5000, pattern=r"^[^\x00]*$")]


class ProviderFields(RowInput):
    """Who someone is, in their own words."""

    name: Short
    about: Annotated[dict[str, About], AfterValidator(_abouts)]


def provider_fields(name: object, about: Mapping[str, object]) -> ProviderFields:
    """What a form says; raises `ProviderRefused`."""
    try:
        return ProviderFields.model_validate({"name": name, "about": dict(about)})
    except ValidationError as error:
        raise ProviderRefused(
            "A name of up to 200 characters is needed, and up to 5,000 about yourself.",
            field="name",
        ) from error


async def provider_of(session: TenantSession, actor: Actor, provider_id: UUID) -> Provider:
    """A provider, for those who may change it; raises `NotAllowed` or `NotFound`."""
    if not actor.may(Permission.MODERATE):
        must_write_for(actor, provider_id)
    found = await session.get(Provider, provider_id, populate_existing=True)
    if found is None:
        raise NotFound("There is no such provider.")
    return found


async def acting_for(session: TenantSession, actor: Actor, provider_id: UUID) -> list[str]:
    """The names of the people who act for a provider; nobody for those who may not see people."""
    if not actor.may(Permission.SEE_PEOPLE):
        return []
    found = await session.exec(
        select(Person.name)
        .join(RoleGrant, col(RoleGrant.person_id) == col(Person.id))
        .where(col(RoleGrant.provider_id) == provider_id)
        .order_by(Person.name)
    )
    return list(found)


async def create_provider(session: TenantSession, actor: Actor, fields: ProviderFields) -> Provider:
    """A new provider without listings; raises `NotAllowed`."""
    actor.must(Permission.EDIT_CATALOGUE)
    return await _create(session, actor, fields)


async def become_provider(session: TenantSession, actor: Actor, fields: ProviderFields) -> Provider:
    """A provider of the person's own, and the role to act for it; the one they have already.

    Raises `SignInNeeded`, or `NotAllowed` for those who are no person.
    """
    actor.must(Permission.KEEP_ACCOUNT)
    if actor.person_id is None:
        raise AppError("Only a person can offer a service.")
    if actor.providers:
        return await provider_of(session, actor, min(actor.providers))
    made = await _create(session, actor, fields)
    # Anybody may offer; what they offer is looked at before it is shown.
    giver = actors.system(session.tenant_id, "offering", Permission.INVITE)
    await give_role(session, giver, actor.person_id, Role.PROVIDER, made.id)
    return made


async def edit_provider(
    session: TenantSession, actor: Actor, provider_id: UUID, seen: int, fields: ProviderFields
) -> Provider:
    """Change name and text; raises `NotAllowed`, `NotFound` or `Conflict`."""
    must_write_for(actor, provider_id)
    provider = await _to_edit(session, actor, provider_id)
    if provider.version != seen:
        raise Conflict("Somebody else changed this while you were editing.")
    return await _keep(session, actor, provider, "provider.edited", fields.model_dump())


async def show_provider(
    session: TenantSession, actor: Actor, provider_id: UUID, *, shown: bool
) -> Provider:
    """Hide a provider and all they offer, or show them again; raises as `edit_provider`."""
    actor.must(Permission.MODERATE)
    provider = await _to_edit(session, actor, provider_id)
    state = ProviderState.PUBLISHED if shown else ProviderState.HIDDEN
    deed = "provider.shown" if shown else "provider.hidden"
    return await _keep(session, actor, provider, deed, {"state": state})


async def delete_provider(session: TenantSession, actor: Actor, provider_id: UUID) -> None:
    """Delete a provider with everything they offer; raises `NotAllowed` or `NotFound`."""
    actor.must(Permission.EDIT_CATALOGUE)
    provider = await _to_edit(session, actor, provider_id)
    ids = list(await session.exec(select(Listing.id).where(Listing.provider_id == provider_id)))
    before = {**_told(provider), "listings": len(ids)}
    await session.delete(provider)
    await session.flush()
    await record(session, actor, "provider.deleted", "provider", provider_id, before=before)
    await follow(session, actor, "listing", ids)


async def _create(session: TenantSession, actor: Actor, fields: ProviderFields) -> Provider:
    provider_id = uuid4()
    alike = select(Provider.slug).where(Provider.slug == plain(fields.name))
    taken = set(await session.exec(alike))
    provider = Provider(
        id=provider_id,
        external_id=f"own-{provider_id.hex}",
        slug=slug_for(fields.name, identity=provider_id.hex, taken=taken),
        **fields.model_dump(),
    )
    session.add(provider)
    await session.flush()
    await record(session, actor, "provider.created", "provider", provider.id, after=_told(provider))
    return provider


async def _keep(
    session: TenantSession,
    actor: Actor,
    provider: Provider,
    action: str,
    values: Mapping[str, Any],
) -> Provider:
    before = _told(provider)
    for name, value in values.items():
        setattr(provider, name, value)
    was, is_now = changes(before, _told(provider))
    if not is_now:
        return provider
    provider.version += 1
    provider.updated_at = datetime.now(UTC)
    session.add(provider)
    await session.flush()
    await record(session, actor, action, "provider", provider.id, before=was, after=is_now)
    # A listing is found by its provider's name, and seen only while its provider is.
    query = select(Listing.id).where(col(Listing.provider_id) == provider.id)
    await follow(session, actor, "listing", list(await session.exec(query)))
    return provider


async def _to_edit(session: TenantSession, actor: Actor, provider_id: UUID) -> Provider:
    if not actor.may(Permission.MODERATE):
        must_write_for(actor, provider_id)
    provider = await session.get(
        Provider, provider_id, with_for_update=True, populate_existing=True
    )
    if provider is None:
        raise NotFound("There is no such provider.")
    return provider


def _told(provider: Provider) -> dict[str, Any]:
    return {"name": provider.name, "about": provider.about, "state": provider.state}
