"""Probes of exports: what leaves the program as a file holds nothing of another market."""

import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlencode
from uuid import UUID

from sqlalchemy.exc import NoResultFound

from app.accounts.actors import system
from app.database import tenant_session
from app.errors import NotFound
from app.markets.archive import archive_of, pack
from app.privacy.holdings import held_about
from tests.isolation.asking import Answer, answer
from tests.isolation.forging import names_in
from tests.isolation.ledger import Ledger
from tests.isolation.routes import PLACE, SAID, Walked, walked
from tests.isolation.world import World

KIND = "export"


async def control(world: World, ledger: Ledger) -> None:
    """Have everything of theirs exported by themselves."""
    found = await sending(world)
    ledger.control(KIND, len(found) >= 3, "routes that send files are found")
    for route, told in found.items():
        ledger.control(KIND, world.canary in told, f"theirs took {route.path}")
    packed = await _packed(world.theirs.id)
    ledger.control(KIND, world.canary in packed, "theirs packed an archive")
    async with tenant_session(world.theirs.id) as session:
        actor = system(world.theirs.id, "tests")
        given = await archive_of(session, actor, UUID(world.export_id))
        held = str(await held_about(session, UUID(world.their_person)))
    ledger.control(KIND, given.file.is_file(), "theirs took their archive")
    ledger.control(KIND, world.canary in held, "theirs took their data")


async def probe(world: World, ledger: Ledger) -> None:
    """Have everything exported that ours may export, with what is theirs in every parameter."""
    for route in await sending(world):
        await world.renew()
        names = names_in(route.module)
        for value in (*world.forged(), world.canary, "%"):
            for query in ("", urlencode(dict.fromkeys(names, value))):
                for who in world.tokens:
                    got = await _sent(world, who, route, value, query)
                    words = f"{who} took {route.path} {query}"
                    ledger.probe(KIND, world.leaks_into(_without(got, query)), words)
    packed = await _packed(world.ours.id)
    ledger.probe(KIND, world.leaks_into(packed), "ours packed an archive")
    for row in world.rows["job"]:
        given = await _archive_given(world, row["id"])
        ledger.probe(KIND, given, f"ours took the archive {row['id']}")
    for row in world.rows["person"]:
        held = ""
        async with tenant_session(world.ours.id) as session:
            with suppress(NoResultFound):
                held = str(await held_about(session, UUID(row["id"])))
        ledger.probe(KIND, world.leaks_into(held), f"ours took the data of {row['id']}")


async def sending(world: World) -> dict[Walked, str]:
    """Every route that sends a file, found by asking each as theirs, and what it gave them."""
    if not world.downloads:
        for route in walked():
            for value in (world.export_id, world.document_id) if route.method == "GET" else ():
                got = await _sent(world, "theirs", route, value, "")
                if "attachment" in got.headers.get("content-disposition", ""):
                    world.downloads[route] = got.text
                    break
    return world.downloads


def _without(got: Answer, query: str) -> str:
    """What was answered, unless it only repeats a word of the question in a refusal."""
    return got.text if got.status < 400 or not query else ""


async def _sent(world: World, who: str, route: Walked, value: str, query: str) -> Answer:
    theirs = who == "theirs"
    told = {name: said[0] for name, said in SAID.items()}
    path = PLACE.sub(lambda found: told.get(found.group(1), quote(value, safe="")), route.path)
    address = f"{path}?{query}" if query else path
    host = world.theirs.host if theirs else world.ours.host
    return await answer("GET", address, host, world.headers("stolen" if theirs else who))


async def _packed(market_id: UUID) -> str:
    """All that stands in a fresh archive of a market."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "archive.zip"
        await pack(market_id, target, _nothing)
        return Answer(body=target.read_bytes()).text


async def _archive_given(world: World, job_id: str) -> bool:
    async with tenant_session(world.ours.id) as session:
        try:
            await archive_of(session, system(world.ours.id, "tests"), UUID(job_id))
        except NotFound:
            return False
    return True


async def _nothing(_done: int, _total: int) -> None:
    """Nobody follows this archive."""
