"""A market's logo: an image that is drawn anew before anybody is shown it.

The files stand in `home/files/MARKET/logos`, named by what they hold, so that browsers may keep
them for good. What was sent is never served: it is decoded and encoded again, which leaves behind
everything that is not a picture. SVG is refused, because it can carry scripts.
"""

import asyncio
import hashlib
import io
import re
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import UUID

from PIL import Image, UnidentifiedImageError

from app.accounts.actors import Actor
from app.accounts.permissions import Permission
from app.database import TenantSession
from app.errors import AppError, NotFound
from app.markets.quotas import Quota, leave_room
from app.markets.shaping import keep, market_to_edit
from app.settings import settings

LARGEST = 1024 * 1024
"""Bytes of a file that is taken."""
MOST_PIXELS = 4_000_000
_SHOWN = (640, 160)
"""What a logo is made to fit; twice the size that the header shows, for sharp screens."""
_FORMATS = ("PNG", "JPEG", "WEBP")
_NAME = re.compile(r"[0-9a-f]{32}\.webp")
_KEPT = 5
"""Former logos stay for a while, so that a change can be taken back."""


class LogoRefused(AppError):
    """The file is no image that can become a logo."""


class LogoTooLarge(LogoRefused):
    """The file has too many bytes or too many pixels."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


async def hang_logo(
    session: TenantSession, actor: Actor, data: bytes, seen: int, *, alone: bool = False
) -> int:
    """Make `data` the market's logo; returns the new version.

    `alone` says that the logo holds the market's name, which then is not written beside it. Raises
    `LogoRefused`, `QuotaUsedUp` and `Conflict`.
    """
    market = await market_to_edit(session, actor, Permission.SHAPE, seen)
    drawn, size = await asyncio.to_thread(_drawn, data)
    name = f"{hashlib.sha256(drawn).hexdigest()[:32]}.webp"
    await leave_room(session, Quota.STORAGE, len(drawn))
    await asyncio.to_thread(_store, session.tenant_id, name, drawn)
    logo = {"file": name, "width": size[0], "height": size[1], "alone": alone}
    return await _hung(session, actor, market, logo)


async def rehang_logo(
    session: TenantSession, actor: Actor, logo: dict[str, Any] | None, seen: int
) -> int:
    """Show a logo that was shown before, as `MarketCard.brand["logo"]` had it; None shows none."""
    market = await market_to_edit(session, actor, Permission.SHAPE, seen)
    if logo is not None:
        file = logo_file(session.tenant_id, str(logo.get("file")))
        if not file.is_file():
            raise NotFound("This logo is not kept any more.")
        # Of those that are not shown the oldest go first.
        file.touch()
    return await _hung(session, actor, market, logo)


async def _hung(
    session: TenantSession, actor: Actor, market: Any, logo: dict[str, Any] | None
) -> int:
    before = {"logo": market.brand.get("logo")}
    rest = {key: value for key, value in market.brand.items() if key != "logo"}
    market.brand = {**rest, **({"logo": logo} if logo else {})}
    return await keep(session, actor, market, "market.logo_changed", before, {"logo": logo})


def logo_file(market_id: UUID, name: str) -> Path:
    """Where a logo stands; raises `NotFound` for what is no logo's name."""
    if not _NAME.fullmatch(name):
        raise NotFound("There is no such file.")
    return _folder(market_id) / name


def _folder(market_id: UUID) -> Path:
    return settings().home / "files" / str(market_id) / "logos"


def _drawn(data: bytes) -> tuple[bytes, tuple[int, int]]:
    if len(data) > LARGEST:
        raise LogoTooLarge("The file may have at most %(count)s KB.", count=LARGEST // 1024)
    try:
        # Opening reads the head alone; the pixels are decoded once their number is known.
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise LogoTooLarge(
                    "The image may have at most %(count)s million pixels.",
                    count=MOST_PIXELS // 1_000_000,
                )
            picture = image.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise LogoRefused("A logo is a PNG, JPEG or WebP image.") from error
    except Image.DecompressionBombError as error:
        raise LogoTooLarge(
            "The image may have at most %(count)s million pixels.", count=MOST_PIXELS // 1_000_000
        ) from error
    picture.thumbnail(_SHOWN, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    picture.save(out, "WEBP", lossless=True, quality=80)
    return out.getvalue(), picture.size


def _store(market_id: UUID, name: str, drawn: bytes) -> None:
    folder = _folder(market_id)
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{name}.draft"
    draft.write_bytes(drawn)
    draft.replace(folder / name)
    kept = sorted(folder.glob("*.webp"), key=lambda file: file.stat().st_mtime, reverse=True)
    for former in kept[_KEPT:]:
        former.unlink(missing_ok=True)
