"""A letter, and the ways it leaves: SMTP where one is configured, else a folder in `AGORA_HOME`."""

import hashlib
import secrets
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid, parseaddr
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib
from pydantic import TypeAdapter

from app.accounts.actors import Actor
from app.approvals.effects import CutOff, once
from app.database import TenantSession
from app.errors import AppError, Unavailable
from app.i18n import direction
from app.jobs.queue import enqueue
from app.jobs.work import Work, job
from app.settings import settings


@dataclass(frozen=True)
class Letter:
    """What one person gets: paragraphs, and at most one thing to do."""

    to: str
    subject: str
    paragraphs: tuple[str, ...]
    locale: str
    sender: str
    """The market's name, which stands before the sender's address."""
    button: str = ""
    link: str = ""
    key: str = ""
    """A letter with a key is sent at most once, also when the program is killed while it sends."""

    def message(self) -> EmailMessage:
        """The letter as plain text and HTML."""
        if any(sign in self.to + self.subject + self.sender for sign in "\r\n"):
            raise AppError("This is not an e-mail address.")
        message = EmailMessage()
        sender = parseaddr(settings().mail_from)[1]
        message["From"] = formataddr((self.sender, sender))
        message["To"] = self.to
        message["Subject"] = self.subject
        message["Date"] = format_datetime(datetime.now(UTC))
        domain = sender.rpartition("@")[2]
        mark = hashlib.sha256(self.key.encode()).hexdigest()[:40]
        message["Message-ID"] = f"<{mark}@{domain}>" if self.key else make_msgid(domain=domain)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content("\n\n".join((*self.paragraphs, *((self.link,) if self.link else ()))))
        message.add_alternative(self._html(), subtype="html")
        return message

    def _html(self) -> str:
        body = "".join(f"<p>{escape(words)}</p>" for words in self.paragraphs)
        if self.link:
            body += (
                f'<p><a href="{escape(self.link)}" style="display:inline-block;padding:12px 20px;'
                'border-radius:8px;background:#1f3a5f;color:#ffffff;text-decoration:none">'
                f"{escape(self.button)}</a></p>"
                '<p style="color:#667085;font-size:13px;word-break:break-all">'
                f"{escape(self.link)}</p>"
            )
        return (
            f'<!doctype html><html lang="{self.locale}" dir="{direction(self.locale)}"><body style='
            '"margin:0;padding:24px;background:#f6f5f2;font-family:system-ui,sans-serif;'
            'color:#1d2433;line-height:1.5"><div style="max-width:520px;margin:0 auto;padding:24px;'
            'background:#ffffff;border-radius:12px">'
            f'<p style="font-weight:600">{escape(self.sender)}</p>{body}</div></body></html>'
        )


_LETTER = TypeAdapter(Letter)


async def post(session: TenantSession, actor: Actor, letter: Letter) -> None:
    """Send `letter` once the session is committed; tried anew while the mail server is down."""
    await enqueue(session, actor, "letter.send", asdict(letter))


@job("letter.send", attempts=6)
async def send(work: Work) -> None:
    """Send one letter now."""
    letter = _LETTER.validate_python(work.told)
    if not letter.key:
        await _deliver(letter)
        return

    async def deliver() -> dict[str, Any]:
        await _deliver(letter)
        return {}

    await once(work.market_id, f"letter:{letter.key}", deliver)


async def _deliver(letter: Letter) -> None:
    url = settings().mail_url
    if url is None:
        keep(letter)
        return
    parts = urlsplit(url)
    try:
        await aiosmtplib.send(
            letter.message(),
            hostname=parts.hostname,
            port=parts.port,
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            use_tls=parts.scheme == "smtps",
            timeout=20,
        )
    except aiosmtplib.SMTPRecipientsRefused as error:
        raise AppError("The mail server refuses this address.") from error
    except (aiosmtplib.SMTPReadTimeoutError, aiosmtplib.SMTPServerDisconnected) as error:
        if letter.key:
            # The server may have taken it; a second letter would be worse than a lost one.
            raise CutOff("It was cut off in the middle, and may have happened or not.") from error
        raise Unavailable("The mail server does not answer.") from error
    except (aiosmtplib.SMTPException, OSError) as error:
        raise Unavailable("The mail server does not answer.") from error


def keep(letter: Letter) -> Path:
    """Put the letter into the folder where developers read mail; `agora mail` shows it."""
    folder = settings().home / "mail"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}.eml"
    path.write_bytes(letter.message().as_bytes())
    path.chmod(0o600)
    return path


def kept() -> list[Path]:
    """The letters in the folder, the oldest first."""
    return sorted((settings().home / "mail").glob("*.eml"))
