"""Files that were sent: they go with what they belong to, and are told of in what is made of it."""

import os
from uuid import uuid4

import pytest
from sqlmodel import select

from app.accounts import actors
from app.conversations import branching, exporting, keeping, sharing
from app.conversations.attachments import taking
from app.conversations.attachments.sending import standing_in
from app.conversations.models import Attachment, AttachmentPassage
from app.database import tenant_session
from app.jobs.work import work_off
from app.knowledge.documents import File
from app.markets.directory import MarketCard
from app.privacy.erasing import erase
from app.privacy.retention import enforce
from tests.database.conversations.test_attachments import MENU, begun, files_of, sent, taken
from tests.factories import open_market

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def test_files_go_with_the_conversation_and_with_the_account(market: MarketCard):
    talk, ada = await begun(market)
    other, bob = await begun(market)
    for where, who in ((talk, ada), (other, bob)):
        file = await taken(market, where, who)
        await work_off()
        await sent(market, where, file.id)
    async with tenant_session(market.id) as session:
        await keeping.remove(session, talk, ada)
        assert len((await session.exec(select(Attachment))).all()) == 1
    await work_off()
    assert len(files_of(market)) == 1
    async with tenant_session(market.id) as session:
        await erase(session, actors.system(market.id, "tests"), bob)
        assert (await session.exec(select(AttachmentPassage))).all() == []
    await work_off()
    assert files_of(market) == []


async def test_what_was_left_behind_is_swept_at_night(market: MarketCard):
    talk, ada = await begun(market)
    told = await taken(market, talk, ada)
    folder = files_of(market)[0].parent
    for name in (str(uuid4()), f"{uuid4()}.part", str(uuid4())):
        (folder / name).write_bytes(b"left behind")
    young, *old = [path for path in files_of(market) if path.name != str(told.id)]
    for path in (*old, folder / str(told.id)):
        os.utime(path, (0, 0))
    await enforce()
    assert set(files_of(market)) == {young, folder / str(told.id)}


async def test_a_branch_has_files_of_its_own(market: MarketCard):
    talk, ada = await begun(market)
    file = await taken(market, talk, ada)
    await work_off()
    reply = await sent(market, talk, file.id)
    async with tenant_session(market.id) as session:
        made = await branching.branch(session, talk, ada, reply)
        (copy,) = await taking.attached(session, made, ada, sent=True)
        assert copy.id != file.id
        assert await standing_in(session, made, 99) == [copy.id]
        _title, said = await exporting.said_in(session, made, ada)
        assert said[1].citations[0]["url"] == f"/files/attachments/{copy.id}"
        await keeping.remove(session, talk, ada)
    await work_off()
    assert [path.name for path in files_of(market)] == [str(copy.id)]
    async with tenant_session(market.id) as session:
        rows = (await session.exec(select(AttachmentPassage.attachment_id))).all()
    assert set(rows) == {copy.id}


async def test_exports_name_the_files_and_a_link_shows_their_names_alone(market: MarketCard):
    talk, ada = await begun(market)
    file = await taken(market, talk, ada, File(MENU.data, "my *menu*.md"))
    await work_off()
    await sent(market, talk, file.id)
    async with tenant_session(market.id) as session:
        title, said = await exporting.said_in(session, talk, ada)
        link = await sharing.share(session, talk, ada)
        shown = await sharing.shared(session, link.token)
    assert r"Files: my \*menu\*.md" in exporting.as_markdown(title, said, "en", "http://x")
    assert '"my *menu*.md"' in exporting.as_json(talk, title, said, "http://x")
    assert str(file.id) not in str([(one.attachments, one.text) for one in shown.said])
    assert [one.attachments[0]["name"] for one in shown.said[:1]] == ["my *menu*.md"]
    assert shown.said[1].citations[0]["url"] == ""
