"""The demo markets, and a member, an owner and a provider for each, made once per data folder.

Run as a module, it makes both in a process of its own: embedding a thousand listings takes memory
that the server should not keep.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from rich.progress import TaskID
from sqlmodel import col, func, select

from app.accounts.actors import system
from app.accounts.models import Person
from app.accounts.permissions import Role
from app.accounts.roles import give_role
from app.accounts.signing import EmailTaken, sign_up
from app.catalogue.models import Listing
from app.commands import run
from app.commands.steps import progress_bar
from app.database import TenantSession, tenant_session
from app.markets.demo.loading import DEMO_MARKETS, load_demo_market
from app.markets.directory import MarketCard
from app.settings import settings

NAMES = {
    "kazan": ("Алина Сафина", "Тимур Галеев", "Ольга Миронова"),
    "berlin": ("Jana Vogt", "Emre Kaya", "Ingrid Thalbach"),
    "madrid": ("Lucía Ortega", "Javier Molina", "Carmen Ruiz"),
}
"""Of the member, the owner and the one who acts for a provider."""


@dataclass(frozen=True)
class DemoAccount:
    """How to sign in to a demo market."""

    market: str
    email: str
    password: str
    role: str = "member"


def demo_is_loaded(home: Path) -> bool:
    """Whether the demo markets were made here; they are not made again when deleted."""
    return (home / "demo.json").exists()


def demo_accounts(home: Path) -> list[DemoAccount]:
    """The people that were made for the demo markets of this data folder."""
    path = home / "demo.json"
    if not path.exists():
        return []
    return [DemoAccount(**account) for account in json.loads(path.read_text())]


async def load_demo() -> list[DemoAccount]:
    """Make what is missing of the demo markets and their members; return how to sign in."""
    accounts: list[DemoAccount] = []
    with progress_bar() as bar:
        for key in DEMO_MARKETS:
            task = bar.add_task(f"{key:<8}", total=None)

            def advance(done: int, total: int, task: TaskID = task) -> None:
                bar.update(task, completed=done, total=total)

            market = await load_demo_market(key, advance)
            roles = (Role.MEMBER, Role.OWNER, Role.PROVIDER)
            accounts += [await _account(market, role) for role in roles]
    return accounts


async def _account(market: MarketCard, role: Role) -> DemoAccount:
    """Make one person; after a load that was broken off, a further one under another address."""
    password = secrets.token_urlsafe(12)
    called = "demo" if role is Role.MEMBER else str(role)
    place = (Role.MEMBER, Role.OWNER, Role.PROVIDER).index(role)
    name = NAMES.get(market.key, ("Demo", "Demo", "Demo"))[place]
    for email in (f"{called}@agora.example", f"{called}-{secrets.token_hex(3)}@agora.example"):
        try:
            async with tenant_session(market.id) as session:
                member = await sign_up(session, email, name, password, market.default_locale)
                person = await session.get_one(Person, member.id)
                person.email_verified_at = person.created_at
                await _give(session, market, member.id, role)
        except EmailTaken:
            continue
        return DemoAccount(market.key, email, password, str(role))
    raise AssertionError("two addresses were taken")


async def _give(session: TenantSession, market: MarketCard, person_id: UUID, role: Role) -> None:
    if role is Role.MEMBER:
        return
    provider = None
    if role is Role.PROVIDER:
        # The one with the most to show.
        query = select(Listing.provider_id).group_by(col(Listing.provider_id))
        most = query.order_by(func.count().desc(), col(Listing.provider_id)).limit(1)
        provider = (await session.exec(most)).one()
    await give_role(session, system(market.id, "demo"), person_id, role, provider)


def keep(home: Path, accounts: list[DemoAccount]) -> None:
    """Keep how to sign in, readable by this user alone, all or nothing."""
    draft = home / "demo.draft"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump([asdict(account) for account in accounts], file, indent=1)
    draft.replace(home / "demo.json")


if __name__ == "__main__":
    keep(settings().home, run(load_demo()))
