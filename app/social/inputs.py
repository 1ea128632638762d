"""What a mention must be, whether it comes from a file or over HTTP."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from app.rows import LocaleCode, Long, RowInput, Short

LONGEST_TEXT = 10_000
LONGEST_URL = 2_000
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)
"""How far a clock elsewhere may be wrong."""

_ADDRESS = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)


def _address(told: str) -> str:
    # It becomes a link: nothing but what a browser opens as a page.
    if not _ADDRESS.fullmatch(told):
        raise ValueError("an address begins with https:// or http://")
    return told


def _lower(told: Any) -> Any:
    return told.strip().lower() if isinstance(told, str) else told


def _moment(told: datetime) -> datetime:
    try:
        moment = (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("not a time that a clock can show") from error
    if not EARLIEST <= moment <= datetime.now(UTC) + AHEAD:
        raise ValueError("not between 1995 and today")
    return moment


class MentionInput(RowInput):
    """One mention; `provider` and `listing` are the market's own external ids of what it is about.

    Without a language it is told from the text, without a zone the time is UTC.
    """

    source: Annotated[str, BeforeValidator(_lower), Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$")]
    external_id: Short
    text: Annotated[Long, Field(max_length=LONGEST_TEXT)]
    published_at: Annotated[datetime, AfterValidator(_moment)]
    author: Short | None = None
    url: Annotated[Long, Field(max_length=LONGEST_URL), AfterValidator(_address)] | None = None
    language: LocaleCode | None = None
    provider: Short | None = None
    listing: Short | None = None

    def key(self) -> str:
        return f"{self.source} {self.external_id}"
