"""A market's documents in a terminal: from files, addresses and folders of this server."""

import mimetypes
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table
from sqlalchemy import Text, cast
from sqlmodel import col, select

# Registers what jobs there are.
from app import tasks  # noqa: F401  # pyright: ignore[reportUnusedImport]
from app.accounts.actors import Actor, system
from app.commands import ready_database, run
from app.commands.markets import Key, market_of
from app.commands.steps import console
from app.database import TenantSession, tenant_session
from app.errors import AppError, NotFound
from app.knowledge import documents, folders, overseeing
from app.knowledge.access import ACCESSES, checked_access
from app.knowledge.documents import LARGEST, File
from app.knowledge.fetching import check_url
from app.knowledge.models import Document, DocumentFolder
from app.search.index import Access

commands = typer.Typer(no_args_is_help=True)
For = Annotated[str, typer.Option("--for", help="public, members or staff.")]
Which = Annotated[str, typer.Argument(help="The id, or its beginning, as `list` prints it.")]
SHORT = 8
"""Characters of an id that are printed; any beginning that one thing alone has is understood."""
LATER = "`agora up` reads it, or `agora work`."


@commands.command("list")
def list_documents(
    market: Key,
    words: Annotated[str, typer.Option(help="Only with these in the title or address.")] = "",
) -> None:
    """List folders and documents, with how far each is."""

    async def listed() -> None:
        actor, market_id = await _operator(market)
        async with tenant_session(market_id) as session:
            followed = await folders.folders_of(session, actor)
            page = await overseeing.documents_of(session, actor, words=words)
            found = page.documents
            for number in range(2, page.pages + 1):
                more = await overseeing.documents_of(session, actor, words=words, number=number)
                found += more.documents
        if followed:
            table = Table("folder", "for", "files", "state", "path", box=None)
            for one in followed:
                state = one.problem or one.state or "waiting"
                table.add_row(_short(one.id), one.access, str(one.files), state, one.path)
            console.print(table)
        table = Table("document", "for", "state", "passages", "title", "address", box=None)
        for one in found:
            state = f"{one.step} {one.done}/{one.total}" if one.step == "reading" else one.step
            row = (_short(one.id), one.access, state, str(one.passages), one.title, one.address)
            table.add_row(*row)
        console.print(table)

    with ready_database():
        run(listed())


@commands.command()
def add(
    source: Annotated[str, typer.Argument(help="A file, a folder, or an address of the web.")],
    market: Key,
    access: For = "staff",
    title: Annotated[str, typer.Option(help="What it is called; else what it calls itself.")] = "",
) -> None:
    """Take in a file or an address once, or follow a folder from now on."""
    path = Path(source).expanduser()
    named = source if "://" in source else path if path.is_dir() else _file(path)
    with ready_database():
        run(_add(named, market, checked_access(access), title))


async def _add(source: str | Path | File, key: str, access: Access, title: str) -> None:
    actor, market_id = await _operator(key)
    async with tenant_session(market_id) as session:
        if isinstance(source, str):
            check_url(source)
            taken = await documents.take_from_web(
                session, actor, source, access=access, title=title
            )
        elif isinstance(source, File):
            taken = await documents.take_in(session, actor, source, access=access, title=title)
        else:
            folder_id = await folders.follow_folder(session, actor, source, access)
            console.print(f"Folder {_short(folder_id)} is followed for {access}; {LATER}")
            return
    if taken.job_id is None:
        console.print(f"This content is there already: {_short(taken.document_id)}.")
    else:
        console.print(f"Document {_short(taken.document_id)} is for {access}; {LATER}")


@commands.command()
def sync(
    market: Key,
    folder: Annotated[str, typer.Argument(help="One folder's id; all when not given.")] = "",
    emptied: Annotated[
        bool, typer.Option("--emptied", help="Believe a folder that has no file any more.")
    ] = False,
) -> None:
    """Look through folders now; without it that is done each hour."""

    async def looked() -> int:
        actor, market_id = await _operator(market)
        async with tenant_session(market_id) as session:
            followed = await folders.folders_of(session, actor)
            ids = [await _one(session, DocumentFolder, folder)] if folder else None
            ids = ids or [one.id for one in followed]
            for folder_id in ids:
                await folders.look_through(session, actor, folder_id, emptied=emptied)
        return len(ids)

    with ready_database():
        console.print(f"{run(looked())} to look through; `agora up` does it, or `agora work`.")


@commands.command()
def versions(document: Which, market: Key) -> None:
    """List a document's versions."""

    async def listed() -> None:
        actor, market_id = await _operator(market)
        async with tenant_session(market_id) as session:
            found = await _one(session, Document, document)
            shown = await overseeing.document_of(session, actor, found)
            kept = await overseeing.versions_of(session, actor, found)
        table = Table("version", "", "taken in", "kind", "bytes", "file", box=None)
        for one in kept:
            mark = "shown" if one.number == shown.current else ""
            taken = f"{one.created_at:%Y-%m-%d %H:%M}"
            table.add_row(str(one.number), mark, taken, one.kind, str(one.bytes), one.name)
        console.print(shown.title, markup=False)
        console.print(table)

    with ready_database():
        run(listed())


@commands.command()
def rollback(
    document: Which,
    number: Annotated[int, typer.Argument(min=1, help="The version to show again.")],
    market: Key,
) -> None:
    """Show an earlier version again."""

    async def rolled() -> None:
        actor, market_id = await _operator(market)
        async with tenant_session(market_id) as session:
            found = await _one(session, Document, document)
            await documents.roll_back(session, actor, found, number)

    with ready_database():
        run(rolled())
    console.print(f"Version {number} is shown again once it is indexed; {LATER}")


@commands.command()
def remove(
    which: Which,
    market: Key,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete a document, or follow a folder no more and delete what was made of it."""

    async def removed() -> str:
        actor, market_id = await _operator(market)
        async with tenant_session(market_id) as session:
            try:
                folder_id = await _one(session, DocumentFolder, which)
            except NotFound:
                await documents.delete(session, actor, await _one(session, Document, which))
                return "The document is deleted."
            count = await folders.leave_folder(session, actor, folder_id)
            return f"The folder is followed no more; {count} documents are deleted."

    if not yes:
        typer.confirm("Versions, passages and vectors go with it. Delete?", abort=True)
    with ready_database():
        console.print(run(removed()))


@commands.command()
def ask(
    question: Annotated[str, typer.Argument(help="What somebody may ask.")],
    market: Key,
    access: For = "public",
    locale: Annotated[
        str | None, typer.Option(help="The reader's language; the market's when not given.")
    ] = None,
) -> None:
    """Show which passages a question finds for a reader, and which it passes over, and why."""

    async def asked() -> None:
        found_market = await market_of(market)
        actor, reader = system(found_market.id, "agora knowledge"), checked_access(access)
        seen = ACCESSES[: ACCESSES.index(reader) + 1]
        async with tenant_session(found_market.id) as session:
            spoken = locale or found_market.default_locale
            looked = await overseeing.look(session, actor, question, spoken, seen)
        for one in looked:
            why = one.weighed
            mark = "+" if one.given else "-"
            console.print(
                f"{mark} {one.title} · {one.heading} [{why.access}] sure {why.sure:.2f} of"
                f" {why.enough:.2f}, meaning {why.meaning:.3f}, wording {why.wording:.3f},"
                f" names {why.named:.2f}, rank {why.rank:.2f}",
                markup=False,
            )
            console.print(f"    {' '.join(one.text.split())}", style="dim", markup=False)
        given = sum(one.given for one in looked)
        console.print(f"{given} of {len(looked)} passages would be given.")

    with ready_database():
        run(asked())


def _file(path: Path) -> File:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise NotFound("%(name)s cannot be read.", name=path) from error
    return File(data, path.name, mimetypes.guess_type(path.name)[0] or "")


async def _operator(key: str) -> tuple[Actor, UUID]:
    market = await market_of(key)
    return system(market.id, "agora knowledge"), market.id


async def _one(
    session: TenantSession, table: type[Document] | type[DocumentFolder], told: str
) -> UUID:
    """The id that begins so; raises `NotFound`, or `AppError` where several do."""
    told = told.lower().replace("%", "").replace("_", "")
    begins = cast(col(table.id), Text).startswith(told)
    found = list(await session.exec(select(table.id).where(begins).limit(2)))
    if not told or not found:
        raise NotFound("Nothing has the id %(id)s.", id=told)
    if len(found) > 1:
        raise AppError("Several ids begin with %(id)s; give more of it.", id=told)
    return found[0]


def _short(told: UUID) -> str:
    return str(told)[:SHORT]
