"""The demo markets and one member for each, made once per data folder.

Run as a module, it makes both in a process of its own: embedding a thousand listings takes memory
that the server should not keep.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.progress import TaskID

from app.accounts.signing import EmailTaken, sign_up
from app.commands import run
from app.commands.steps import progress_bar
from app.database import tenant_session
from app.markets.demo.loading import DEMO_MARKETS, load_demo_market
from app.markets.directory import MarketCard
from app.settings import settings

NAMES = {"kazan": "Алина Сафина", "berlin": "Jana Vogt", "madrid": "Lucía Ortega"}


@dataclass(frozen=True)
class DemoAccount:
    """How to sign in to a demo market."""

    market: str
    email: str
    password: str


def demo_is_loaded(home: Path) -> bool:
    """Whether the demo markets were made here; they are not made again when deleted."""
    return (home / "demo.json").exists()


def demo_accounts(home: Path) -> list[DemoAccount]:
    """The members that were made for the demo markets of this data folder."""
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

            accounts.append(await _member(await load_demo_market(key, advance)))
    return accounts


async def _member(market: MarketCard) -> DemoAccount:
    """Make one member; after a load that was broken off, a further one under another address."""
    password = secrets.token_urlsafe(12)
    for email in ("demo@agora.example", f"demo-{secrets.token_hex(3)}@agora.example"):
        try:
            async with tenant_session(market.id) as session:
                name = NAMES.get(market.key, "Demo")
                await sign_up(session, email, name, password, market.default_locale)
        except EmailTaken:
            continue
        return DemoAccount(market.key, email, password)
    raise AssertionError("two addresses were taken")


def keep(home: Path, accounts: list[DemoAccount]) -> None:
    """Keep how to sign in, readable by this user alone, all or nothing."""
    draft = home / "demo.draft"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump([asdict(account) for account in accounts], file, indent=1)
    draft.replace(home / "demo.json")


if __name__ == "__main__":
    keep(settings().home, run(load_demo()))
