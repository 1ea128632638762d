"""Naming, hiding and ordering the categories of a market."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlmodel import col, select

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.audit.log import changes, record
from app.catalogue.choices import choices
from app.catalogue.models import CategoryChoice, Listing
from app.catalogue.taxonomy import category
from app.database import TenantSession
from app.errors import AppError, Conflict, NotFound
from app.markets.changes import announce
from app.rows import Short
from app.search.following import follow

_NAME: TypeAdapter[str] = TypeAdapter(Short)


async def edit_choice(
    session: TenantSession,
    actor: Actor,
    key: str,
    seen: int,
    *,
    names: Mapping[str, str],
    hidden: bool,
    locales: Sequence[str],
) -> CategoryChoice:
    """Name a category and say whether it is shown; an empty name is the taxonomy's.

    `seen` is 0 for one that nobody decided about yet. Raises `NotAllowed`, `NotFound` or
    `Conflict`.
    """
    actor.must(Permission.EDIT_CATALOGUE)
    choice = await _to_edit(session, key)
    if (choice.version if choice.tenant_id else 0) != seen:
        raise Conflict("Somebody else changed this while you were editing.")
    stays = {code: text for code, text in choice.names.items() if code not in locales}
    try:
        own = {code: _NAME.validate_python(text.strip()) for code, text in names.items() if text}
    except ValidationError as error:
        raise AppError("At most 200 characters, please.") from error
    renamed = stays | own != choice.names
    await _keep(session, actor, choice, {"names": stays | own, "hidden": hidden})
    if renamed:
        # A listing is found by its category's name too.
        ids = await session.exec(select(Listing.id).where(Listing.category == key))
        await follow(session, actor, "listing", list(ids))
    await announce(session)
    return choice


async def order_categories(session: TenantSession, actor: Actor, keys: Sequence[str]) -> None:
    """Put these categories first, in this order; all others come after. Raises as `edit_choice`."""
    actor.must(Permission.EDIT_CATALOGUE)
    wanted = {key: number for number, key in enumerate(dict.fromkeys(keys), start=1)}
    if any(category(key) is None for key in wanted):
        raise NotFound("There is no such category.")
    decided = await choices(session)
    for key in {*wanted, *decided.rows}:
        choice = await _to_edit(session, key)
        await _keep(session, actor, choice, {"position": wanted.get(key)})
    await announce(session)


async def _to_edit(session: TenantSession, key: str) -> CategoryChoice:
    if category(key) is None:
        raise NotFound("There is no such category.")
    query = (
        select(CategoryChoice)
        .where(col(CategoryChoice.category) == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = (await session.exec(query)).one_or_none()
    return found or CategoryChoice(category=key, names={})


async def _keep(
    session: TenantSession, actor: Actor, choice: CategoryChoice, values: Mapping[str, Any]
) -> None:
    was, is_now = changes({name: getattr(choice, name) for name in values}, values)
    if not is_now:
        return
    for name, value in values.items():
        setattr(choice, name, value)
    if choice.tenant_id:
        choice.version += 1
    choice.updated_at = datetime.now(UTC)
    session.add(choice)
    await session.flush()
    await record(
        session, actor, "category.edited", "category", choice.category, before=was, after=is_now
    )
