"""The console's files: a logo drawn anew and its own market's alone, the log, archives."""

import io

import pytest
from PIL import Image
from sqlmodel import select

from app.accounts import actors
from app.accounts.models import Person
from app.accounts.permissions import Role
from app.accounts.roles import give_role
from app.database import tenant_session
from app.markets import logos
from app.markets.directory import MarketCard, forget_market, market_by_id
from tests.database.api.conftest import Browser, signed_up
from tests.factories import open_market


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 300)) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, "#b91c1c")
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    image.save(out, kind, exif=exif)
    return out.getvalue()


async def make_admin(market: MarketCard) -> None:
    async with tenant_session(market.id) as session:
        (one,) = (await session.exec(select(Person.id))).all()
        await give_role(session, actors.system(market.id, "tests"), one, Role.ADMIN)


async def hung(market: MarketCard) -> dict[str, object]:
    forget_market(market.id)
    card = await market_by_id(market.id)
    assert card is not None
    return dict(card.brand.get("logo") or {})


def sent(data: bytes, version: int = 1) -> dict[str, object]:
    return {
        "files": {"file": ("logo.png", data, "image/png")},
        "data": {"version": str(version), "locale": "ru", "alone": "on"},
    }


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
async def test_a_logo_is_drawn_anew_and_kept_for_good(
    market: MarketCard, browser: Browser, kind: str
):
    async with browser(market) as client:
        await signed_up(client)
        await make_admin(market)
        answer = await client.post("/console/logo", **sent(picture(kind)))  # pyright: ignore[reportArgumentType]
        assert answer.headers["location"] == "/ru/admin/brand?logo=done"
        logo = await hung(market)
        assert (logo["width"], logo["height"], logo["alone"]) == (480, 160, True)
        shown = await client.get(f"/files/logo/{logo['file']}")
    assert shown.status_code == 200
    assert shown.headers["content-type"] == "image/webp"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in shown.headers["cache-control"]
    assert b"a secret place" not in shown.content
    assert Image.open(io.BytesIO(shown.content)).size == (480, 160)


async def test_another_market_has_no_such_file(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        await signed_up(client)
        await make_admin(market)
        await client.post("/console/logo", **sent(picture()))  # pyright: ignore[reportArgumentType]
    name = (await hung(market))["file"]
    async with browser(await open_market()) as stranger:
        for path in (f"/files/logo/{name}", f"/files/logo/..%2f..%2f{market.id}%2flogos%2f{name}"):
            assert (await stranger.get(path)).status_code == 404


async def test_members_and_visitors_hang_nothing(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        refused = await client.post("/console/logo", **sent(picture()))  # pyright: ignore[reportArgumentType]
        assert refused.status_code == 401
        await signed_up(client)
        refused = await client.post("/console/logo", **sent(picture()))  # pyright: ignore[reportArgumentType]
        assert refused.status_code == 403
    assert await hung(market) == {}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
            "not_an_image",
        ),
        (b"GIF89a" + b"\0" * 40, "not_an_image"),
        (picture()[:90], "not_an_image"),
        (b"", "none"),
        (picture(size=(2500, 2000)), "too_large"),
    ],
    ids=["svg", "gif", "cut off", "empty", "pixels"],
)
async def test_what_is_no_logo_is_refused(
    market: MarketCard, browser: Browser, data: bytes, said: str
):
    async with browser(market) as client:
        await signed_up(client)
        await make_admin(market)
        answer = await client.post("/console/logo", **sent(data))  # pyright: ignore[reportArgumentType]
    assert answer.headers["location"] == f"/ru/admin/brand?logo={said}"
    assert await hung(market) == {}


async def test_too_many_bytes_and_other_sites_forms_are_not_read(
    market: MarketCard, browser: Browser
):
    async with browser(market) as client:
        await signed_up(client)
        await make_admin(market)
        huge = await client.post("/console/logo", **sent(b"\0" * (logos.LARGEST + 200_000)))  # pyright: ignore[reportArgumentType]
        assert huge.status_code == 413
        foreign = await client.post(
            "/console/logo",
            headers={"origin": "https://evil.example"},
            **sent(picture()),  # pyright: ignore[reportArgumentType]
        )
        assert foreign.status_code == 403
    assert await hung(market) == {}


async def test_an_editor_who_saw_a_former_version_is_told(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        await signed_up(client)
        await make_admin(market)
        await client.post("/console/logo", **sent(picture()))  # pyright: ignore[reportArgumentType]
        later = await client.post("/console/logo", **sent(picture("WEBP", (50, 50))))  # pyright: ignore[reportArgumentType]
    assert later.headers["location"] == "/ru/admin/brand?logo=conflict"


async def test_the_log_and_the_archives_are_for_those_who_may(market: MarketCard, browser: Browser):
    paths = (
        "/console/audit.csv",
        "/console/audit.jsonl",
        "/console/exports/00000000-0000-0000-0000-000000000000",
    )
    async with browser(market) as client:
        for path in paths:
            assert (await client.get(path)).status_code == 401
        await signed_up(client)
        for path in paths:
            assert (await client.get(path)).status_code == 403
        await make_admin(market)
        log = await client.get("/console/audit.csv?words=role.given")
        assert log.headers["content-type"] == "text/csv; charset=utf-8"
        assert log.headers["cache-control"] == "private, no-store"
        assert "role.given" in log.text
        assert [(await client.get(path)).status_code for path in paths] == [200, 200, 404]
        assert (await client.get("/console/audit.exe")).status_code == 404
