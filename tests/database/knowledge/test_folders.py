"""A folder of the server and the documents made of it, and what may not be read by way of it."""

import os
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select

from app.accounts import actors
from app.accounts.actors import Actor, SignInNeeded
from app.accounts.permissions import Permission
from app.database import tenant_session
from app.errors import NotAllowed, NotFound
from app.jobs import work as doing
from app.jobs.models import Job
from app.jobs.queue import job_of
from app.jobs.work import work_off
from app.knowledge import documents, folders, walking
from app.knowledge.models import Document, FolderFile
from app.knowledge.syncing import sync_all
from app.knowledge.walking import FileGone, FolderGone, FolderRefused, read_below
from app.markets.directory import MarketCard
from app.search.index import Access
from app.search.models import SearchEntry
from app.settings import settings
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")

RULES = "# House rules\n\nA booking can be cancelled free of charge until six in the evening.\n"
LATER = RULES.replace("six in the evening", "noon")
PRICES = "# Prices\n\nA visit costs forty euros, spare parts not included.\n"


@pytest.fixture(autouse=True)
def no_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    """A round that is due by the clock would look through the folder once more."""
    monkeypatch.setattr(doing, "_hourly", {})


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


@pytest.fixture
def operator(market: MarketCard) -> Actor:
    return actors.system(market.id, "tests", Permission.EDIT_KNOWLEDGE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path.resolve() / "shared"
    (made / "terms").mkdir(parents=True)
    (made / "terms" / "rules.md").write_text(RULES)
    (made / "prices.txt").write_text(PRICES)
    return made


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder with a secret, beside the one that is followed."""
    made = tmp_path.resolve() / "outside"
    (made / "terms").mkdir(parents=True)
    for place in (made / "secret.md", made / "terms" / "rules.md"):
        place.write_text("The password of the house is swordfish.")
    return made


def move(place: Path, target: Path) -> None:
    place.rename(target)


def link(place: Path, target: Path) -> None:
    place.symlink_to(target)


async def follow(
    market: MarketCard, operator: Actor, folder: Path, access: Access = "public"
) -> UUID:
    async with tenant_session(market.id) as session:
        folder_id = await folders.follow_folder(session, operator, folder, access)
    await work_off()
    return folder_id


async def look(
    market: MarketCard, operator: Actor, folder_id: UUID, *, emptied: bool = False
) -> Job:
    """What came of looking through the folder once more, and reading what was found."""
    async with tenant_session(market.id) as session:
        job_id = await folders.look_through(session, operator, folder_id, emptied=emptied)
    await work_off()
    async with tenant_session(market.id) as session:
        return await job_of(session, job_id)


async def addresses(market: MarketCard) -> dict[str, Document]:
    async with tenant_session(market.id) as session:
        found = await session.exec(select(Document).where(Document.source == "folder"))
        return {one.address: one for one in found}


async def texts(market: MarketCard) -> str:
    """Everything that can be found in the market."""
    async with tenant_session(market.id) as session:
        return "\n".join(await session.exec(select(SearchEntry.text)))


async def test_files_become_documents_for_those_who_were_named(
    market: MarketCard, operator: Actor, folder: Path
):
    (folder / "photo.png").write_bytes(b"\x89PNG")
    (folder / ".secret.md").write_text("hidden")
    folder_id = await follow(market, operator, folder, "members")
    found = await addresses(market)
    assert set(found) == {"terms/rules.md", "prices.txt"}
    assert {one.access for one in found.values()} == {"members"}
    assert "forty euros" in await texts(market)
    async with tenant_session(market.id) as session:
        (told,) = await folders.folders_of(session, operator)
    assert (told.id, told.name, told.files, told.state) == (folder_id, "shared", 2, "done")
    assert told.report["new"] == 2
    again = await look(market, operator, folder_id)
    assert (again.report["unchanged"], again.report.get("new", 0)) == (2, 0)


async def test_what_changed_is_a_version_and_what_went_is_deleted(
    market: MarketCard, operator: Actor, folder: Path
):
    folder_id = await follow(market, operator, folder)
    (folder / "terms" / "rules.md").write_text(LATER)
    (folder / "prices.txt").unlink()
    done = await look(market, operator, folder_id)
    assert (done.state, done.report["changed"], done.report["deleted"]) == ("done", 1, 1)
    found = await addresses(market)
    assert set(found) == {"terms/rules.md"}
    assert found["terms/rules.md"].current == 2
    said = await texts(market)
    assert "noon" in said
    assert "six in the evening" not in said
    assert "forty euros" not in said


async def test_another_name_for_a_file_keeps_its_document(
    market: MarketCard, operator: Actor, folder: Path
):
    folder_id = await follow(market, operator, folder)
    before = (await addresses(market))["terms/rules.md"].id
    (folder / "terms" / "rules.md").rename(folder / "house.md")
    done = await look(market, operator, folder_id)
    assert done.report["moved"] == 1
    assert (await addresses(market))["house.md"].id == before
    assert "deleted" not in done.report


async def test_a_copy_takes_over_when_the_first_file_goes_or_changes(
    market: MarketCard, operator: Actor, folder: Path
):
    (folder / "a-copy.md").write_text(RULES)
    folder_id = await follow(market, operator, folder)
    assert set(await addresses(market)) == {"a-copy.md", "prices.txt"}
    (folder / "a-copy.md").write_text(LATER)
    await look(market, operator, folder_id)
    said = await texts(market)
    assert "noon" in said
    assert "six in the evening" in said
    (folder / "a-copy.md").write_text(RULES + "\nAnd so on and so forth.\n")
    (folder / "b-copy.md").write_text(RULES)
    (folder / "terms" / "rules.md").unlink()
    await look(market, operator, folder_id)
    assert set(await addresses(market)) == {"a-copy.md", "b-copy.md", "prices.txt"}


async def test_what_a_person_deleted_or_rolled_back_stays_so_until_the_file_changes(
    market: MarketCard, operator: Actor, folder: Path
):
    folder_id = await follow(market, operator, folder)
    (folder / "terms" / "rules.md").write_text(LATER)
    await look(market, operator, folder_id)
    found = await addresses(market)
    async with tenant_session(market.id) as session:
        await documents.roll_back(session, operator, found["terms/rules.md"].id, 1)
        await documents.delete(session, operator, found["prices.txt"].id)
    await work_off()
    os.utime(folder / "terms" / "rules.md")
    os.utime(folder / "prices.txt")
    await look(market, operator, folder_id)
    assert "six in the evening" in await texts(market)
    assert set(await addresses(market)) == {"terms/rules.md"}
    (folder / "prices.txt").write_text(PRICES.replace("forty", "fifty"))
    await look(market, operator, folder_id)
    assert "fifty euros" in await texts(market)


async def test_a_folder_that_is_suddenly_empty_or_gone_deletes_nothing(
    market: MarketCard, operator: Actor, folder: Path
):
    folder_id = await follow(market, operator, folder)
    (folder / "terms" / "rules.md").unlink()
    (folder / "prices.txt").unlink()
    assert (await look(market, operator, folder_id)).state == "failed"
    assert len(await addresses(market)) == 2
    move(folder, folder.with_name("elsewhere"))
    assert (await look(market, operator, folder_id)).state == "failed"
    assert len(await addresses(market)) == 2
    move(folder.with_name("elsewhere"), folder)
    done = await look(market, operator, folder_id, emptied=True)
    assert (done.state, done.report["deleted"]) == ("done", 2)
    assert await texts(market) == ""


async def test_links_are_not_followed_wherever_they_stand(
    market: MarketCard, operator: Actor, folder: Path, outside: Path
):
    (folder / "link.md").symlink_to(outside / "secret.md")
    (folder / "below").symlink_to(outside)
    folder_id = await follow(market, operator, folder)
    assert set(await addresses(market)) == {"terms/rules.md", "prices.txt"}
    assert "swordfish" not in await texts(market)
    done = await look(market, operator, folder_id)
    assert done.report["links"] == 2


async def test_a_folder_or_file_that_became_a_link_is_not_read(
    market: MarketCard, operator: Actor, folder: Path, outside: Path
):
    folder_id = await follow(market, operator, folder)
    (folder / "terms" / "rules.md").unlink()
    (folder / "terms").rmdir()
    # It was found as a folder, and is exchanged before it is opened.
    (folder / "terms").symlink_to(outside / "terms")
    with pytest.raises(FileGone):
        read_below(folder, "terms/rules.md")
    move(folder, folder.with_name("moved"))
    link(folder, outside)
    assert (await look(market, operator, folder_id)).state == "failed"
    assert "swordfish" not in await texts(market)


async def test_too_many_or_too_large_files_are_refused(
    market: MarketCard, operator: Actor, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(documents, "LARGEST", 70)
    (folder / "terms" / "rules.md").write_text(RULES * 2)
    folder_id = await follow(market, operator, folder)
    async with tenant_session(market.id) as session:
        (told,) = await folders.folders_of(session, operator)
    assert told.report["refused"] == 1
    assert told.report["problems"][0]["file"] == "terms/rules.md"
    monkeypatch.setattr(walking, "MOST_FILES", 1)
    done = await look(market, operator, folder_id)
    assert done.state == "failed"


async def test_only_the_operator_names_a_folder_and_never_agoras_own(
    market: MarketCard, operator: Actor, folder: Path
):
    keeper = Actor(
        market.id, "person", market.id, permissions=frozenset({Permission.EDIT_KNOWLEDGE})
    )
    async with tenant_session(market.id) as session:
        for actor, error in (
            (keeper, NotAllowed),
            (actors.visitor(market.id), SignInNeeded),
            (actors.system(market.id, "x", Permission.KEEP_ACCOUNT), NotAllowed),
        ):
            with pytest.raises(error):
                await folders.follow_folder(session, actor, folder, "public")
        home = settings().home
        (home / "files").mkdir(exist_ok=True)
        for place in (home, home / "files", home.parent, Path("/")):
            with pytest.raises(FolderRefused):
                await folders.follow_folder(session, operator, place, "public")
        for place in (folder / "nowhere", folder / "prices.txt"):
            with pytest.raises(FolderGone):
                await folders.follow_folder(session, operator, place, "public")
    folder_id = await follow(market, operator, folder)
    async with tenant_session(market.id) as session:
        for deed in (
            folders.look_through(session, actors.visitor(market.id), folder_id),
            folders.stop_looking(session, actors.visitor(market.id), folder_id),
            folders.leave_folder(session, actors.visitor(market.id), folder_id),
            folders.folders_of(session, actors.visitor(market.id)),
        ):
            with pytest.raises(SignInNeeded):
                await deed


async def test_a_folder_is_closed_to_others_with_all_its_documents(
    market: MarketCard, operator: Actor, folder: Path
):
    folder_id = await follow(market, operator, folder)
    assert await follow(market, operator, folder, "staff") == folder_id
    assert {one.access for one in (await addresses(market)).values()} == {"staff"}
    async with tenant_session(market.id) as session:
        assert set(await session.exec(select(SearchEntry.access))) == {"staff"}


async def test_a_folder_that_is_left_takes_its_documents_and_no_others(
    market: MarketCard, operator: Actor, folder: Path
):
    async with tenant_session(market.id) as session:
        file = documents.File(PRICES.encode(), "our-prices.txt")
        uploaded = await documents.take_in(session, operator, file, access="staff")
    await work_off()
    folder_id = await follow(market, operator, folder)
    assert set(await addresses(market)) == {"terms/rules.md"}
    async with tenant_session(market.id) as session:
        assert await folders.leave_folder(session, operator, folder_id) == 1
    await work_off()
    async with tenant_session(market.id) as session:
        assert [one.id for one in await session.exec(select(Document))] == [uploaded.document_id]
        assert (await session.exec(select(FolderFile))).all() == []
        with pytest.raises(NotFound):
            await folders.look_through(session, operator, folder_id)


async def test_each_hour_all_folders_are_looked_through_and_no_other_market_sees_them(
    market: MarketCard, operator: Actor, folder: Path
):
    folder_id = await follow(market, operator, folder)
    (folder / "new.md").write_text(LATER)
    await sync_all()
    await work_off()
    assert "new.md" in await addresses(market)
    other = await open_market()
    stranger = actors.system(other.id, "tests")
    assert await addresses(other) == {}
    async with tenant_session(other.id) as session:
        assert await folders.folders_of(session, stranger) == []
        for deed in (folders.look_through, folders.stop_looking, folders.leave_folder):
            with pytest.raises(NotFound):
                await deed(session, stranger, folder_id)
