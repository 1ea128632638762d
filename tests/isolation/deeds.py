"""What ours do with what is their own, for places that no forged request gets as far as.

A forged request ends where its body is refused. These deeds are accepted, so that what binds the
market behind the refusals is reached too.
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import text

from app.accounts import notes
from app.accounts.actors import system
from app.accounts.permissions import Permission
from app.accounts.signing import SESSION_COOKIE, sign_in, sign_up
from app.database import tenant_session
from app.inference.presets import PROFILES
from app.jobs import work as doing
from app.jobs.queue import enqueue
from app.markets import hosts
from tests.factories import ROWS
from tests.isolation import handlers
from tests.isolation.asking import Answer, answer
from tests.isolation.project_deeds import PROJECT_DEEDS
from tests.isolation.routes import FORM
from tests.isolation.world import PLUMBERS, World

PASSWORD = "a long walk at dusk"
_LASTS = timedelta(minutes=5)
_EDGE = "edgeofthefile"
OFFER = {
    "name": "Ada Pipes",
    "title": "Leak repairs",
    "description": "Repairs leaking taps.",
    "category": "craft/plumber",
    "city": "Oslo",
}
"""The form of a first offer."""


async def posted(
    world: World,
    path: str,
    told: dict[str, str] | None = None,
    *,
    cookies: dict[str, str] | None = None,
    data: dict[str, Any] | None = None,
    file: tuple[str, str, bytes] | None = None,
    token: str | None = None,
) -> Answer:
    """Send a form, JSON or a file to ours, as our owner unless another sign-in is given."""
    kept = {SESSION_COOKIE: world.tokens["owner"] if token is None else token, **(cookies or {})}
    body, kind = urlencode(told or {}).encode(), FORM
    if data is not None:
        body, kind = json.dumps(data).encode(), "application/json"
    if file is not None:
        body, kind = _with_file(told or {}, *file), f"multipart/form-data; boundary={_EDGE}"
    headers = {
        "cookie": "; ".join(f"{name}={value}" for name, value in kept.items()),
        "origin": f"http://{world.ours.host}",
        "content-type": kind,
    }
    return await answer("POST", path, world.ours.host, headers, body)


def _with_file(told: dict[str, str], field: str, name: str, data: bytes) -> bytes:
    head = 'Content-Disposition: form-data; name="'
    parts = [f'--{_EDGE}\r\n{head}{key}"\r\n\r\n{value}\r\n' for key, value in told.items()]
    parts.append(f'--{_EDGE}\r\n{head}{field}"; filename="{name}"\r\n\r\n')
    return "".join(parts).encode() + data + f"\r\n--{_EDGE}--\r\n".encode()


async def somebody(world: World) -> tuple[str, str]:
    """A fresh person of ours: their address and their sign-in."""
    email = f"{secrets.token_hex(8)}@example.com"
    async with tenant_session(world.ours.id) as session:
        await sign_up(session, email, "Ada", PASSWORD, "en")
        return email, await sign_in(session, email, PASSWORD, "")


async def a_row(world: World, table: str, **more: Any) -> str:
    """The id of a fresh row of ours."""
    async with tenant_session(world.ours.id) as session:
        return str((await ROWS[table](session, **more)).id)


async def work_off(world: World, kind: str) -> None:
    """Do the jobs of ours that wait, of one kind."""
    query = text("select id from job where kind = :kind and state = 'waiting'")
    async with tenant_session(world.ours.id) as session:
        waiting = list((await session.scalars(query, {"kind": kind})).all())
    for job_id in waiting:
        await done(world, str(job_id))


async def done(world: World, job_id: str) -> None:
    """Have a job of ours worked on; that it fails there is for it to say."""
    with suppress(Exception):
        await doing.work(str(world.ours.id), job_id)


async def _models(world: World) -> None:
    headers = world.headers("key")
    await answer("GET", "/v1/models", world.ours.host, headers)
    told = {"model": next(iter(PROFILES)), "messages": [{"role": "user", "content": "Hello"}]}
    headers |= {"content-type": "application/json"}
    body = json.dumps(told).encode()
    await answer("POST", "/v1/chat/completions", world.ours.host, headers, body)


async def _signing_up(world: World) -> None:
    told = {"email": f"{secrets.token_hex(8)}@example.com", "name": "Ada", "password": PASSWORD}
    await posted(world, "/auth/signup", told, token="")


async def _forgetting(world: World) -> None:
    email, _token = await somebody(world)
    await posted(world, "/auth/forgot", {"email": email}, token="")


async def _admission(world: World) -> None:
    email, _token = await somebody(world)
    await posted(world, "/auth/signin", {"email": email, "password": PASSWORD}, token="")
    told = {"person": str(world.people["member"]), "factors": ["password"], "next": ""}
    note = notes.write("step", world.ours.id, _LASTS, told)
    cookies = {"agora_step": note}
    await posted(world, "/auth/second-step", {"code": "000000"}, cookies=cookies, token="")


async def _chat(world: World) -> None:
    talk = await a_row(world, "conversation", person_id=world.people["owner"])
    await answer("GET", f"/api/v1/chat/{talk}", world.ours.host, world.headers("owner"))
    # The answer goes on for as long as the reader listens.
    with suppress(TimeoutError):
        async with asyncio.timeout(1):
            path = f"/api/v1/chat/{talk}/events"
            await answer("GET", path, world.ours.host, world.headers("owner"))


async def _logo(world: World) -> None:
    await posted(world, "/console/logo", {"version": "1"}, file=("file", "logo.png", b"none"))


async def _documents(world: World) -> None:
    await _jobs(world)
    words = f"# Opening hours\n\nWe are open from nine. {secrets.token_hex(8)}".encode()
    told = {"access": "public"}
    await posted(world, "/console/documents", told, file=("files", "hours.md", words))
    await work_off(world, "document.read")


async def _uploads(world: World) -> None:
    told = {"slug": secrets.token_hex(4), "title": {"en": "Hours"}, "body": {"en": "From nine."}}
    line = json.dumps(told).encode()
    await posted(world, "/console/upload", {"kind": "article"}, file=("file", "all.jsonl", line))
    await work_off(world, "upload.work")


async def _passkeys(world: World) -> None:
    data = {"password": PASSWORD, "credential": {}}
    _email, token = await somebody(world)
    await posted(world, "/auth/passkeys/new/challenge", data=data, token=token)
    for purpose, path in (("new", "/auth/passkeys/new"), ("known", "/auth/passkeys")):
        told = {"challenge": "none", "for": purpose}
        note = notes.write("challenge", world.ours.id, _LASTS, told)
        await posted(world, path, data=data, cookies={"agora_challenge": note}, token=token)


async def _privacy(world: World) -> None:
    email, token = await somebody(world)
    await posted(world, "/auth/consent", {"kind": "improvement", "given": "yes"}, token=token)
    await posted(world, "/auth/erase", {"email": email}, token=token)


async def _second_step(world: World) -> None:
    _email, token = await somebody(world)
    await posted(world, "/auth/second-step/set-up", {"password": PASSWORD}, token=token)
    await posted(world, "/auth/second-step/set-up", {"code": "000000"}, token=token)


async def _tokens(world: World) -> None:
    email, _token = await somebody(world)
    told = {"email": email, "password": PASSWORD}
    pair = json.loads((await posted(world, "/api/auth/login", data=told, token="")).text)
    told = {"refresh_token": pair.get("refresh_token", "none")}
    await posted(world, "/api/auth/refresh", data=told, token="")
    told = {"email": f"{secrets.token_hex(8)}@example.com", "password": PASSWORD, "name": "Ada"}
    await posted(world, "/api/auth/register", data=told, token="")


async def _ways(world: World) -> None:
    way = await a_row(world, "sign_in_way", enabled=True)
    told = {"state": "known", "way": way, "locale": "en", "next": "", "link": ""}
    note = notes.write("errand", world.ours.id, _LASTS, told)
    path = f"/auth/callback/{way}?state=known&error=access_denied"
    await answer("GET", path, world.ours.host, {"cookie": f"agora_errand={note}"})


async def _nothing_found(*_: Any) -> list[str]:
    return []


async def _categories(world: World) -> None:
    form = {"category": PLUMBERS.key, "name.en": "Plumbers", "version": "0"}
    await handlers.send(world, "CategoriesState.save", {"form": form})


async def _hosts(world: World) -> None:
    form = {"host": f"{secrets.token_hex(4)}.example.com"}
    await handlers.send(world, "HostsState.add", {"form": form})
    with pytest.MonkeyPatch.context() as patched:
        # No look-up leaves this machine.
        patched.setattr(hosts, "txt_records", _nothing_found)
        await handlers.send(world, "HostsState.check", {"host": "shop.example.com"})


async def _keys(world: World) -> None:
    form = {"name": "Ours", "life": "30", f"scope {Permission.READ}": "on"}
    await handlers.send(world, "KeysState.make", {"form": form})


async def _knowledge(world: World) -> None:
    form = {"url": "https://example.com/hours", "web_access": "public"}
    await handlers.send(world, "KnowledgeState.fetch", {"form": form})


async def _document(world: World) -> None:
    async with tenant_session(world.ours.id) as session:
        document = await ROWS["document"](session, current=1)
        version = await ROWS["document_version"](session, document_id=document.id, number=1)
        await ROWS["document_chunk"](session, version_id=version.id)
    kept, place = {"id": str(document.id)}, str(document.id)
    form = {"title": "Hours", "access": "staff", "version": str(document.version)}
    for event, told in (
        ("show_more", {}),
        ("save", {"form": form}),
        ("roll_back", {"number": 1}),
    ):
        await handlers.send(world, f"KnowledgeDocumentState.{event}", told, kept, place=place)


async def _lab(world: World) -> None:
    for event, form in (
        ("add", {"text": "When do you open?"}),
        ("measure", {"note": "Before"}),
        ("drop", None),
    ):
        told = {} if form is None else {"form": form}
        kept = {"open_set": await a_row(world, "question_set")}
        await handlers.send(world, f"KnowledgeLabState.{event}", told, kept)
    kept = {"measuring": await a_row(world, "job")}
    await handlers.send(world, "KnowledgeLabState.follow", {}, kept)


async def _listings(world: World) -> None:
    listing = await a_row(world, "listing")
    form = {"deed": "hide", "reason": "Twice.", f"pick.{listing}": True}
    await handlers.send(world, "ListingsState.apply", {"form": form})
    await handlers.send(world, "AdminListingState.judge", {"form": form}, {"listing_id": listing})


async def _people(world: World) -> None:
    form = {"email": f"{secrets.token_hex(8)}@example.com", "role": "operator", "locale": "en"}
    await handlers.send(world, "PeopleState.invite", {"form": form})


async def _conversations(world: World) -> None:
    talk = await a_row(world, "conversation", person_id=world.people["owner"])
    form = {"title": "Leaking taps"}
    await handlers.send(world, "ConversationListState.rename", {"form": form}, {"renaming": talk})
    await handlers.send(world, "ConversationListState.remove", {"conversation_id": talk})


async def _office(world: World) -> None:
    _email, token = await somebody(world)
    await handlers.send(world, "OfficeState.offer", {"form": dict(OFFER)}, token=token)


async def _jobs(world: World) -> None:
    for kind, table, name in (
        ("questions.measure", "question_set", "set_id"),
        ("document.sweep", "document", "digests"),
        ("document.fetch", "document", "document_id"),
    ):
        value: Any = await a_row(world, table)
        told = {name: [value] if name.endswith("s") else value}
        async with tenant_session(world.ours.id) as session:
            job_id = await enqueue(session, system(world.ours.id, "tests"), kind, told)
        await done(world, str(job_id))


async def _providers(world: World) -> None:
    provider = await a_row(world, "provider")
    await handlers.send(world, "AdminProviderState.load", {}, place=provider)


async def _platform(world: World) -> None:
    for handled in handlers.walked():
        if handled.of_platform and handled.shows:
            await handlers.shows_its_own(world, handled)


DEEDS: dict[str, Callable[[World], Awaitable[None]]] = {
    "app/api/admission.py": _admission,
    "app/api/auth.py": _signing_up,
    "app/api/chat.py": _chat,
    "app/api/console.py": _logo,
    "app/api/documents.py": _documents,
    "app/api/passkeys.py": _passkeys,
    "app/api/privacy.py": _privacy,
    "app/api/proofs.py": _forgetting,
    "app/api/setting_up.py": _second_step,
    "app/api/tokens.py": _tokens,
    "app/api/uploads.py": _uploads,
    "app/api/ways.py": _ways,
    "app/catalogue/uploads.py": _uploads,
    "app/inference/relaying.py": _models,
    "app/knowledge/ingesting.py": _documents,
    "app/knowledge/questions.py": _jobs,
    "state/admin/categories.py": _categories,
    "state/admin/hosts.py": _hosts,
    "state/admin/keys.py": _keys,
    "state/admin/knowledge.py": _knowledge,
    "state/admin/knowledge_document.py": _document,
    "state/admin/knowledge_lab.py": _lab,
    "state/admin/listings.py": _listings,
    "state/admin/people.py": _people,
    "state/admin/providers.py": _providers,
    "state/conversation_list.py": _conversations,
    "state/office/profile.py": _office,
    "state/platform/market.py": _platform,
    "state/platform/markets.py": _platform,
    **PROJECT_DEEDS,
}
"""By the file whose places a deed reaches."""
