"""Prints how well questions find their articles, in markets and a database of their own."""

import asyncio
import os
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path

from app.commands.steps import progress_bar
from app.database import close_engines, tenant_session
from app.embedded.postgres import start
from app.markets.demo.cities import DEMO_MARKETS
from app.markets.opening import create_market
from app.migrations import migrate
from app.search.serving import search_index
from app.settings import settings
from tests.evals.articles.run import Question, found


async def main() -> None:
    """Open the demo markets with their articles alone, ask every question, print the figures."""
    answered: list[tuple[Question, list[str]]] = []
    with progress_bar() as bar:
        task = bar.add_task("markets", total=len(DEMO_MARKETS))
        for demo in DEMO_MARKETS:
            market = await create_market(
                demo.key, name=demo.name, locales=demo.locales, currency="EUR"
            )
            async with tenant_session(market.id) as session:
                answered += await found(session, search_index(), demo)
            bar.advance(task)
    rights: dict[str, list[bool]] = defaultdict(list)
    for question, slugs in answered:
        right = slugs[:1] == [question.slug]
        rights[question.locale].append(right)
        if not right:
            print(f"{question.market} {question.text} ({question.slug}): {', '.join(slugs[:4])}")
    print("| language | questions | hit@1 |\n|---|---:|---:|")
    for locale, of in sorted(rights.items()):
        print(f"| {locale} | {len(of)} | {sum(of) / len(of):.3f} |")
    everything = [right for of in rights.values() for right in of]
    print(f"| all | {len(everything)} | {sum(everything) / len(everything):.3f} |")
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
