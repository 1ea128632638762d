"""Giving and taking roles in a terminal, as when a market has no admin yet."""

from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table
from sqlmodel import select

from app.accounts.actors import system
from app.accounts.models import Person
from app.accounts.permissions import Role
from app.accounts.roles import give_role, roles_of, take_role
from app.accounts.signing import normal_email
from app.catalogue.models import Provider
from app.commands import ready_database, run
from app.commands.markets import Key, market_of
from app.commands.steps import console
from app.database import TenantSession, tenant_session
from app.errors import NotFound

commands = typer.Typer(no_args_is_help=True)
Email = Annotated[str, typer.Argument(help="Whose; they must have an account.")]
Given = Annotated[Role, typer.Argument(help="The role.")]
For = Annotated[
    str | None, typer.Option("--provider", help="external_id, for the role of a provider.")
]


@commands.command()
def grant(email: Email, role: Given, market: Key, provider: For = None) -> None:
    """Give a role."""
    with ready_database():
        run(_change(email, role, market, provider, give=True))


@commands.command()
def revoke(email: Email, role: Given, market: Key, provider: For = None) -> None:
    """Take a role away."""
    with ready_database():
        run(_change(email, role, market, provider, give=False))


async def _change(email: str, role: Role, key: str, provider: str | None, *, give: bool) -> None:
    market = await market_of(key)
    actor = system(market.id, "agora person")
    async with tenant_session(market.id) as session:
        query = select(Person).where(Person.email == normal_email(email))
        person = (await session.exec(query)).one_or_none()
        if person is None:
            raise NotFound("There is no such person.")
        act = give_role if give else take_role
        await act(session, actor, person.id, role, await _provider(session, provider))
        held = await roles_of(session, person.id)
    table = Table("person", "roles", box=None)
    table.add_row(person.email, ", ".join(sorted(held)))
    console.print(table)


async def _provider(session: TenantSession, external_id: str | None) -> UUID | None:
    if external_id is None:
        return None
    found = await session.exec(select(Provider.id).where(Provider.external_id == external_id))
    provider_id = found.one_or_none()
    if provider_id is None:
        raise NotFound("There is no such provider.")
    return provider_id
