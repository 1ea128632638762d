"""Prints how well search does on the set, in a market and a database of their own."""

import asyncio
import os
import shutil
import tempfile
from pathlib import Path

from app.commands.steps import progress_bar
from app.database import close_engines, tenant_session
from app.embedded.postgres import start
from app.markets.opening import create_market
from app.migrations import migrate
from app.search.serving import search_index
from app.settings import settings
from tests.evals.search.run import measure


async def main() -> None:
    """Open the market, fill it, ask every query and print the figures."""
    market = await create_market(
        "evals", name={"en": "Evaluations"}, locales=("en", "ru", "de"), currency="EUR"
    )
    with progress_bar() as bar:
        task = bar.add_task("queries", total=None)
        async with tenant_session(market.id) as session:
            measured = await measure(
                session,
                search_index(),
                lambda done, total: bar.update(task, completed=done, total=total),
            )
    print("| set | half | queries | hit@1 | recall@5 | MRR | false answers |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for (name, half), figures in measured.items():
        print(f"| {name} | {half} | {figures} |")
    await close_engines()


if __name__ == "__main__":
    folder = Path(tempfile.mkdtemp(prefix="agora-evals-"))
    folder.chmod(0o755)
    try:
        with start(folder, hasty=True) as server:
            os.environ |= {"DATABASE_URL": server.app_url, "DATABASE_OWNER_URL": server.owner_url}
            settings.cache_clear()
            migrate()
            asyncio.run(main())
    finally:
        shutil.rmtree(folder)
