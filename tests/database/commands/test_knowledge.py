"""Documents as an operator keeps them in a terminal: from a file and a folder to their end."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.commands import knowledge
from app.errors import AppError
from app.jobs.work import work_off
from app.knowledge.walking import FolderRefused
from app.markets.directory import MarketCard
from tests.database.commands.test_cli import agora
from tests.factories import open_market

RULES = "# House rules\n\nA booking can be cancelled free of charge until six in the evening.\n"
QUESTION = "Until when can I cancel for free?"
Say = Callable[..., Awaitable[str]]


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


@pytest.fixture
async def say(market: MarketCard, monkeypatch: pytest.MonkeyPatch) -> Say:
    """Gives the command its words, in this process and its event loop: models are loaded once."""
    loop = asyncio.get_running_loop()

    def here(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    monkeypatch.setattr(knowledge, "run", here)
    # The console learns its width when it is made, which another test may have had it do.
    monkeypatch.setattr(knowledge.console, "width", 250)

    async def said(*words: str) -> str:
        told = [*words, "--market", market.key]
        done = await asyncio.to_thread(CliRunner().invoke, knowledge.commands, told)
        if done.exception is not None:
            raise done.exception
        return done.output

    return said


async def test_a_folder_and_a_file_are_taken_in_asked_and_let_go(say: Say, tmp_path: Path):
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "rules.md").write_text(RULES)
    (tmp_path / "prices.txt").write_text("A visit costs forty euros.")
    folder = re.search(r"Folder (\w{8})", await say("add", str(shared), "--for", "public"))
    price = re.search(r"Document (\w{8})", await say("add", str(tmp_path / "prices.txt")))
    assert folder
    assert price
    await work_off()
    listed = await say("list")
    assert re.search(rf"{folder[1]} +public +1 +done +.*shared", listed)
    assert re.search(rf"{price[1]} +staff +ready +1 +prices\.txt", listed)
    rules = re.search(r"(\w{8}) +public +ready +1 .*rules\.md", listed)
    assert rules
    asked = await say("ask", QUESTION)
    # That of the prices is looked at too, and passed over.
    assert "1 of 2 passages would be given" in asked
    assert "until six in the evening" in asked

    (shared / "rules.md").write_text(RULES.replace("six in the evening", "noon"))
    assert (await say("sync")).startswith("1 to look through")
    await work_off()
    assert "noon" in await say("ask", QUESTION)
    assert re.search(r"2 +shown", await say("versions", rules[1]))
    await say("rollback", rules[1], "1")
    await work_off()
    assert "until six in the evening" in await say("ask", QUESTION)

    assert "1 documents are deleted" in await say("remove", folder[1], "--yes")
    assert "deleted" in await say("remove", price[1], "--yes")
    assert "0 of 0 passages" in await say("ask", QUESTION, "--for", "staff")


async def test_what_staff_alone_may_see_is_passed_over_for_everybody_else(say: Say, tmp_path: Path):
    (tmp_path / "rules.md").write_text(RULES)
    await say("add", str(tmp_path / "rules.md"))
    await work_off()
    assert "0 of 1 passages" in await say("ask", QUESTION)
    assert "1 of 1 passages" in await say("ask", QUESTION, "--for", "staff")


async def test_what_is_not_there_or_not_allowed_is_refused(say: Say, tmp_path: Path):
    for words, error in (
        (("add", str(tmp_path / "nothing.md")), AppError),
        (("add", "/"), FolderRefused),
        (("add", "ftp://example.com/a"), AppError),
        (("versions", "deadbeef"), AppError),
        (("remove", "%", "--yes"), AppError),
        (("add", str(tmp_path), "--for", "everybody"), AppError),
    ):
        with pytest.raises(error):
            await say(*words)


def test_nothing_is_removed_without_a_yes():
    asked = CliRunner().invoke(knowledge.commands, ["remove", "x", "--market", "x"], "n\n")
    assert asked.exit_code == 1
    assert "Delete?" in asked.output


def test_the_commands_are_a_part_of_agora(database: object):
    told = agora("knowledge", "list", "--market", "atlantis")
    assert told.returncode == 1
    assert "No market has the key atlantis" in told.stderr
