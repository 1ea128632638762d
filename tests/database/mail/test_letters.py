"""Letters leave by SMTP or land in the folder, and are not lost while the server is down."""

import socket
from collections.abc import Generator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller

from app.accounts.actors import system
from app.database import tenant_session
from app.errors import AppError
from app.jobs.queue import latest_jobs
from app.jobs.work import work_off
from app.mail.letters import Letter, kept, post
from app.markets.directory import MarketCard
from app.settings import settings
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")

LETTER = Letter(
    to="ada@example.com",
    subject="Подтвердите адрес",
    paragraphs=("Здравствуйте, Ада.", "Нажмите <кнопку>."),
    locale="ru",
    sender="Казань",
    button="Подтвердить",
    link="http://kazan.localhost/auth/verify?ticket=abc",
)


class Server:
    """Keeps what it is sent; refuses addresses that begin with `nobody`."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    async def handle_RCPT(  # noqa: N802  (the name that aiosmtpd calls)
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address.startswith("nobody"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.sent.append(envelope.content)
        return "250 OK"


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


@pytest.fixture
def smtp(monkeypatch: pytest.MonkeyPatch) -> Generator[Server]:
    server = Server()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        listening = probe.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=listening)
    controller.start()
    monkeypatch.setenv("AGORA_MAIL_URL", f"smtp://127.0.0.1:{listening}")
    settings.cache_clear()
    yield server
    controller.stop()
    monkeypatch.undo()
    settings.cache_clear()


async def posted(market: MarketCard, letter: Letter = LETTER) -> None:
    async with tenant_session(market.id) as session:
        await post(session, system(market.id, "tests"), letter)
    await work_off()


def read(raw: bytes) -> EmailMessage:
    return cast("EmailMessage", message_from_bytes(raw, policy=policy.default))


async def test_without_a_mail_server_a_letter_lands_in_the_folder(market: MarketCard, home: Path):
    before = len(kept())
    await posted(market)
    path = kept()[-1]
    assert len(kept()) == before + 1
    assert path.is_relative_to(home)
    assert path.stat().st_mode & 0o077 == 0
    letter = read(path.read_bytes())
    assert (letter["to"], letter["subject"]) == ("ada@example.com", "Подтвердите адрес")
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert LETTER.link in plain.get_content()
    assert "&lt;кнопку&gt;" in html.get_content()


async def test_a_letter_goes_to_the_mail_server(market: MarketCard, smtp: Server):
    await posted(market)
    (raw,) = smtp.sent
    assert read(raw)["from"].addresses[0].display_name == "Казань"


async def test_an_address_that_the_server_refuses_is_not_tried_again(
    market: MarketCard, smtp: Server
):
    await posted(market, Letter("nobody@example.com", "A", ("B",), "en", "C"))
    async with tenant_session(market.id) as session:
        (job,) = await latest_jobs(session, "letter.send")
    assert (job.state, job.problem) == ("failed", "The mail server refuses this address.")


async def test_a_letter_waits_while_the_mail_server_is_down(
    market: MarketCard, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("AGORA_MAIL_URL", "smtp://127.0.0.1:9")
    settings.cache_clear()
    await posted(market)
    async with tenant_session(market.id) as session:
        (job,) = await latest_jobs(session, "letter.send")
    monkeypatch.undo()
    settings.cache_clear()
    assert (job.state, job.attempts) == ("waiting", 1)


def test_a_line_end_in_an_address_makes_no_second_header():
    with pytest.raises(AppError):
        Letter("a@example.com\r\nBcc: b@example.com", "A", ("B",), "en", "C").message()
