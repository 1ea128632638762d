"""Probes of files: every file of theirs, by its name, by guesses and by ways out of a folder."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from app.accounts.actors import system
from app.database import tenant_session
from app.errors import NotFound
from app.markets.directory import market_by_id
from app.markets.logos import logo_file, rehang_logo
from app.markets.quotas import folder_of
from tests.isolation.asking import answer
from tests.isolation.ledger import Ledger
from tests.isolation.routes import PLACE, SAID, Walked, walked
from tests.isolation.world import World, their_files

KIND = "file"
WRITES = {
    "app/catalogue/photos/storing.py": "photos",
    "app/conversations/attachments/storing.py": "attachments",
    "app/knowledge/storing.py": "documents",
    "app/markets/archive.py": "exports",
    "app/markets/closing_erasure.py": "",
    "app/markets/logos.py": "logos",
    "app/markets/quotas.py": "",
    "app/training/running.py": "",
}
"""Modules that name the folder of a market's files, and the folder within it that they fill.

Empty where no address gives what it fills. A new one fails here until `world.their_files` puts a
file of theirs where it does.
"""


async def control(world: World, ledger: Ledger) -> None:
    """Ask as theirs for each of their files."""
    for file, name in their_files(world).items():
        got = [await _got(world, "theirs", route, quote(name)) for route in _given()]
        ledger.control(KIND, any(got), f"theirs fetched {file.name}")


async def probe(world: World, ledger: Ledger) -> None:
    """Ask every address with a place in it for their files, and the domain for their paths."""
    for file, told in their_files(world).items():
        for route in _given():
            await world.renew()
            for name in (told, *_names(file, world)):
                for who in world.tokens:
                    got = await _got(world, who, route, name)
                    ledger.probe(KIND, got, f"{who} fetched {name} of {route.path}")
        for name in _names(file, world):
            await _hung(world, ledger, name)


def _given() -> list[Walked]:
    """The routes to read in whose address something may be named."""
    return [route for route in walked() if route.method == "GET" and _place(route)]


def _place(route: Walked) -> bool:
    return any(found.group(1) not in SAID for found in PLACE.finditer(route.path))


def _names(file: Path, world: World) -> Iterator[str]:
    """What one would write for another market's file, as it stands in an address."""
    inside = file.relative_to(folder_of(world.theirs.id)).as_posix()
    yield from (file.name, file.stem, file.name.upper(), f"{file.name}%00", f"{file.name}%20")
    yield from (quote(inside, safe=""), inside)
    for up in ("../", "../../", "../../../", "....//"):
        way = f"{up}{world.theirs.id}/{inside}"
        # As it is, written with signs that stand for others, twice so, and as on other systems.
        once = quote(way, safe="").replace(".", "%2e")
        yield from (way, quote(way, safe=""), once, quote(once, safe=""))
        yield quote(way.replace("/", "\\"), safe="")
    yield quote(str(file), safe="")
    yield str(file).lstrip("/")
    yield quote(f"file://{file}", safe="")


async def _got(world: World, who: str, route: Walked, name: str) -> bool:
    """Whether an address with this name in its place gives what is theirs."""
    theirs = who == "theirs"
    headers = world.headers("stolen" if theirs else who)
    host = world.theirs.host if theirs else world.ours.host
    address = PLACE.sub(lambda _found: name, route.path)
    got = await answer("GET", address, host, headers)
    return world.canary in got.text if theirs else world.leaks_into(got.text)


async def _hung(world: World, ledger: Ledger, name: str) -> None:
    """Name their file as our logo, which would show it."""
    market = await market_by_id(world.ours.id)
    assert market is not None
    try:
        inside = logo_file(market.id, name).resolve()
        out = not inside.is_relative_to(folder_of(market.id).resolve())
    except NotFound:
        out = False
    ledger.probe(KIND, out, f"ours have {name} as the path of a logo")
    try:
        async with tenant_session(market.id) as session:
            actor = system(market.id, "tests")
            await rehang_logo(session, actor, {"file": name}, market.version)
            hung = True
    except NotFound:
        hung = False
    ledger.probe(KIND, hung, f"ours hung {name}")
