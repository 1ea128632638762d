"""Two markets: ours, whose people try, and theirs, whose every text holds a word of its own."""

import hashlib
import json
import secrets
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

import app.tables  # noqa: F401  (every table must be known)
from app.accounts.actors import system
from app.accounts.keys.issuing import make_key
from app.accounts.permissions import KEY_SCOPES, Role
from app.accounts.roles import give_role
from app.accounts.signing import SESSION_COOKIE, person_of_token, start_sign_in
from app.accounts.tokens import bearing
from app.audit.log import record
from app.catalogue.taxonomy import categories
from app.database import TENANT_TABLES, TenantSession, platform_session, tenant_session
from app.jobs.queue import enqueue
from app.markets.archive import KIND as EXPORT
from app.markets.directory import MarketCard
from app.markets.platform import ensure_platform
from app.markets.quotas import folder_of
from app.search.serving import search_index
from app.settings import settings
from tests.factories import ROWS, open_market
from tests.review_rows import reported

ROWS_EACH = 6
OWN_KEY = {"market", "market_host"}
PLUMBERS = next(each for each in categories() if each.key == "craft/plumber")
LOGO = f"{secrets.token_hex(16)}.webp"

CONTENT = {
    "about",
    "actor_name",
    "address",
    "after",
    "alt",
    "asked_by_name",
    "author",
    "before",
    "body",
    "city",
    "description",
    "label",
    "message",
    "name",
    "names",
    "notes",
    "note",
    "path",
    "payload",
    "report",
    "state_reason",
    "text",
    "title",
    "user_agent",
    "words",
}
"""Columns that hold what people wrote; theirs all hold the canary.

Tables without one hold hashes and references alone, and are probed by those values.
"""


@dataclass
class World:
    """Ours, theirs, and what may never get from there to here."""

    ours: MarketCard
    theirs: MarketCard
    platform: MarketCard
    canary: str
    """In everything that their people wrote."""
    sign: str
    """In the name of their market, which stands on each of its pages."""
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict[str, list[dict[str, str]]])
    """Their rows by table, every column as text."""
    people: dict[str, UUID] = field(default_factory=dict[str, UUID])
    """Our people by what they are."""
    tokens: dict[str, str] = field(default_factory=dict[str, str])
    """Sign-ins of our people by what they are, and `stolen`, that of one of theirs."""
    bearers: dict[str, str] = field(default_factory=dict[str, str])
    """What the API takes beside cookies: a key of ours, and a key and a token stolen from them."""
    platform_token: str = ""
    """The sign-in of who runs the platform."""
    their_token: str = ""
    their_person: str = ""
    job_id: str = ""
    """A job of theirs that waits."""
    export_id: str = ""
    """A job of theirs that made an archive."""

    document_id: str = ""
    """A document of theirs that everybody there may read."""
    attachment_id: str = ""
    """A file in a conversation of theirs."""
    downloads: dict[Any, str] = field(default_factory=dict[Any, str])
    """The routes that sent their owner a file, with what was in it."""

    def strays(self, bound: set[UUID]) -> bool:
        """Whether transactions of ours were bound elsewhere than to ours.

        What the platform shares with every market, its models, is read in the platform's name; its
        people and its log hold the canary, so that nothing else of it passes unseen.
        """
        return bound - {self.ours.id, self.platform.id} != set()

    def leaks_into(self, text: str) -> bool:
        """Whether something of theirs is in what ours was shown."""
        return self.canary in text or self.sign in text

    def forged(self) -> list[str]:
        """What our people ask for everywhere: ids, slugs and names of theirs."""
        return [
            self.rows["conversation"][0]["id"],
            self.their_person,
            self.rows["listing"][0]["slug"],
            self.rows["provider"][0]["slug"],
            self.rows["article"][0]["slug"],
            self.rows["person"][0]["email"],
            self.rows["ticket"][0]["id"],
            self.job_id,
            self.export_id,
            str(self.theirs.id),
        ]

    def ids(self) -> list[str]:
        """One id of every table of theirs, for whoever may do something with it."""
        return [rows[0]["id"] for table, rows in sorted(self.rows.items()) if table not in OWN_KEY]

    def some_ids(self, number: int) -> list[str]:
        """A third of `ids`, another one for each next number, for what is asked very often."""
        return self.ids()[number % 3 :: 3]

    def headers(self, who: str) -> dict[str, str]:
        """What a browser or a program sends to be taken for this person."""
        if who in self.bearers:
            return {"authorization": f"Bearer {self.bearers[who]}"}
        token = self.tokens[who]
        return {"cookie": f"{SESSION_COOKIE}={token}"} if token else {}

    async def renew(self) -> None:
        """Sign our people in again whom a deed has signed out, so that no probe asks as nobody."""
        async with tenant_session(self.ours.id) as session:
            for name, person_id in self.people.items():
                if await person_of_token(session, self.tokens[name]) is None:
                    self.tokens[name] = await start_sign_in(session, person_id, "")


async def made() -> World:
    """A fresh pair of markets."""
    canary, sign = f"zq{secrets.token_hex(6)}", f"zs{secrets.token_hex(6)}"
    platform, ours = await ensure_platform(), await open_market()
    # By its key theirs is on the first page of the platform's list.
    theirs = await open_market(f"aaa{secrets.token_hex(4)}", name={"en": sign, "ru": sign})
    world = World(ours, theirs, platform, canary, sign)
    actor = system(ours.id, "tests")
    async with tenant_session(ours.id) as session:
        world.tokens["visitor"] = ""
        for name, role in (("member", None), ("admin", Role.ADMIN), ("owner", Role.OWNER)):
            person = await ROWS["person"](session)
            if role is not None:
                await give_role(session, actor, person.id, role)
            if role is Role.OWNER:
                provider = await ROWS["provider"](session)
                await give_role(session, actor, person.id, Role.PROVIDER, provider.id)
            world.people[name] = person.id
            world.tokens[name] = await start_sign_in(session, person.id, "")
        for table in ROWS:
            await ROWS[table](session)
        key = await make_key(session, actor, "Ours", list(KEY_SCOPES), None)
        world.bearers["key"] = key.secret
    await _run_platform(world)
    await _fill(world)
    world.tokens["stolen"] = world.their_token
    return world


async def _run_platform(world: World) -> None:
    """Somebody who runs the platform, and an entry of its log that nobody else may see."""
    home = world.platform.id
    async with tenant_session(home) as session:
        person = await ROWS["person"](session, name=world.canary)
        await give_role(session, system(home, "tests"), person.id, Role.PLATFORM_OWNER)
        world.platform_token = await start_sign_in(session, person.id, "")
        deed = {"words": world.canary}
        await record(session, system(home, "tests"), "market.noted", "market", home, after=deed)


async def _fill(world: World) -> None:
    actor = system(world.theirs.id, "tests")
    async with tenant_session(world.theirs.id) as session:
        person = await ROWS["person"](session)
        world.their_person = str(person.id)
        provider = await ROWS["provider"](session)
        await give_role(session, actor, person.id, Role.OWNER)
        await give_role(session, actor, person.id, Role.PROVIDER, provider.id)
        world.their_token = await start_sign_in(session, person.id, world.canary)
        talk = await ROWS["conversation"](session, person_id=person.id, last_seq=1)
        await ROWS["conversation_event"](
            session, conversation_id=talk.id, seq=1, payload={"text": f"{world.canary} asks"}
        )
        world.attachment_id = str((await ROWS["attachment"](session, conversation_id=talk.id)).id)
        event = await ROWS["project"](session, person_id=person.id)
        await ROWS["project_task"](session, project_id=event.id, due=event.day)
        for table in ("registration", "guest_feedback", "event_income", "event_report"):
            await ROWS[table](session, project_id=event.id)
        written = await ROWS["writing"](session, project_id=event.id, person_id=person.id)
        await ROWS["writing_version"](session, writing_id=written.id)
        money = await ROWS["budget"](session, project_id=event.id)
        await ROWS["budget_line"](session, budget_id=money.id)
        listing = await ROWS["listing"](session, provider_id=provider.id)
        asked = {"listing_ids": [str(listing.id)], "message": world.canary}
        await ROWS["approval"](
            session, person_id=person.id, conversation_id=talk.id, arguments=asked
        )
        await ROWS["quote_request"](session, provider_id=provider.id, person_id=person.id)
        await ROWS["shortlist_entry"](session, person_id=person.id, listing_id=listing.id)
        await reported(session, person.id, listing.id)
        await ROWS["category_choice"](session, category=PLUMBERS.key)
        await ROWS["sign_in_way"](session, enabled=True)
        await ROWS["upload"](session, content=world.canary.encode())
        document = await ROWS["document"](session, current=1)
        world.document_id = str(document.id)
        digest = _digest(world.canary)
        version = await ROWS["document_version"](session, document_id=document.id, digest=digest)
        await ROWS["document_chunk"](session, version_id=version.id)
        world.job_id = str(await enqueue(session, actor, "isolation.theirs", {"word": "x"}))
        world.export_id = str((await ROWS["job"](session, **_exported())).id)
        for table, make in ROWS.items():
            for _ in range(ROWS_EACH - 1):
                # Of some things a market has one only; the first row stands then.
                with suppress(IntegrityError):
                    async with session.begin_nested():
                        await make(session, **_more(table, person.id))
        key = await make_key(session, actor, world.canary, list(KEY_SCOPES), None)
        origin = settings().origin(world.theirs.host)
        pair = await bearing.start(session, person.id, origin)
        world.bearers |= {"stolen key": key.secret, "stolen token": pair.access}
    async with platform_session(world.theirs.id) as session:
        for table in sorted(ROWS):
            await _mark(session, table, world.canary)
        old = "update audit_entry set created_at = now() - interval '2 years'"
        await session.execute(
            text(f"{old} where id = (select min(id::text)::uuid from audit_entry)")
        )
    async with tenant_session(world.theirs.id) as session:
        await search_index().refresh(session, "listing", [listing.id])
    async with platform_session(world.theirs.id) as session:
        for table in sorted(TENANT_TABLES):
            world.rows[table] = await _read(session, table)
    _put_files(world)


def _exported() -> dict[str, Any]:
    """A job whose archive was made a moment ago."""
    now = datetime.now(UTC)
    return {"kind": EXPORT, "state": "done", "finished_at": now}


def _more(table: str, person_id: Any) -> dict[str, Any]:
    return {"person_id": person_id} if table in {"conversation", "project"} else {}


def _put_files(world: World) -> None:
    """A file of theirs in every place where the program puts files of a market."""
    for path in their_files(world):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".zip":
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("rows/person.jsonl", world.canary)
        else:
            path.write_bytes(world.canary.encode())
    (folder_of(world.ours.id) / "logos").mkdir(parents=True, exist_ok=True)
    (folder_of(world.ours.id) / "photos").mkdir(exist_ok=True)


def their_files(world: World) -> dict[Path, str]:
    """Every file of theirs, with what an address names it by."""
    folder = folder_of(world.theirs.id)
    photo = f"{UUID(world.rows['listing_photo'][0]['id']).hex}-640.webp"
    return {
        folder / "logos" / LOGO: LOGO,
        folder / "photos" / photo: photo,
        folder / "exports" / f"{world.export_id}.zip": world.export_id,
        folder / "documents" / _digest(world.canary): world.document_id,
        folder / "attachments" / world.attachment_id: world.attachment_id,
    }


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


async def _mark(session: TenantSession, table: str, canary: str) -> None:
    """Write the canary into every column of a table that holds what people wrote."""
    columns = {
        column.name: column
        for column in SQLModel.metadata.tables[table].columns
        if column.name in CONTENT and column.computed is None
    }
    for name, column in columns.items():
        kind = str(column.type).lower()
        if "json" in kind:
            words = {"en": f"Plumber on call {canary}", "text": f"{canary} asks"}
            value = "cast(:value as jsonb)"
            told = json.dumps(words)
        elif "text" in kind or "varchar" in kind:
            value, told = "cast(:value as text) || ' ' || left(id::text, 8)", canary
        else:
            continue
        await session.execute(text(f"update {table} set {name} = {value}"), {"value": told})


async def _read(session: TenantSession, table: str) -> list[dict[str, str]]:
    names = [column.name for column in SQLModel.metadata.tables[table].columns]
    listed = ", ".join(f"{name}::text" for name in names if name not in {"meaning", "wording"})
    order = "created_at" if "created_at" in names else "1"
    # The owner may read the directory of all markets, so theirs are named.
    query = text(f"select {listed} from {table} where tenant_id = :theirs order by {order}, 1")
    found = await session.execute(query, {"theirs": session.tenant_id})
    return [dict(row) for row in found.mappings()]


async def state_of(market: MarketCard) -> dict[str, str]:
    """A digest of every table and file of a market, to see that nothing in it was touched."""
    digests: dict[str, str] = {}
    async with platform_session(market.id) as session:
        for table in sorted(TENANT_TABLES):
            query = text(
                f"select coalesce(md5(string_agg(t::text, '|' order by t::text)), '')"
                f" from {table} t where tenant_id = :id"
            )
            digests[table] = str(await session.scalar(query, {"id": market.id}))
    for path in sorted(folder_of(market.id).rglob("*")):
        if path.is_file():
            digests[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return digests
