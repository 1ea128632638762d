"""Files in a conversation over HTTP: who puts them there, who opens them, and what is refused."""

from typing import Any

import httpx
import pytest

from app.jobs.work import work_off
from app.markets.directory import MarketCard
from tests import files
from tests.database.api.conftest import Browser, signed_up
from tests.database.api.test_chat import asked, stocked  # noqa: F401
from tests.factories import open_market

LIST = "/api/v1/conversations"
MENU = b"# Menu\n\nDinner is served at seven in the evening."


async def begun(client: httpx.AsyncClient) -> str:
    made = await client.post(LIST)
    assert made.status_code == 201, made.text
    return made.json()["conversation_id"]


async def put(
    client: httpx.AsyncClient, held: str, name: str = "menu.md", data: bytes = MENU, **more: Any
) -> httpx.Response:
    return await client.post(
        f"{LIST}/{held}/attachments", files={"file": (name, data, "text/markdown")}, **more
    )


async def test_a_file_is_put_read_sent_and_opened(stocked: MarketCard, browser: Browser):  # noqa: F811
    async with browser(stocked) as client:
        await signed_up(client)
        held = await begun(client)
        made = await put(client, held)
        assert made.status_code == 201, made.text
        told = made.json()
        assert (told["name"], told["state"], told["sent"]) == ("menu.md", "waiting", False)
        await work_off()
        (told,) = (await client.get(f"{LIST}/{held}/attachments")).json()["attachments"]
        assert (told["state"], told["problem"]) == ("ready", "")
        question = asked("When is dinner?", conversation_id=held, attachments=[told["id"]])
        answer = await client.post("/api/v1/chat", json=question)
        assert answer.status_code == 200, answer.text
        said = (await client.get(f"/api/v1/chat/{held}")).json()["messages"]
        assert [one["name"] for one in said[0]["attachments"]] == ["menu.md"]
        assert said[0]["attachments"][0]["url"] == told["url"]
        taken = await client.get(f"/files/attachments/{told['id']}")
        assert taken.content == MENU
        assert taken.headers["content-disposition"] == "attachment; filename*=UTF-8''menu.md"
        assert taken.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in taken.headers["content-security-policy"]
        again = await client.post("/api/v1/chat", json=question)
        assert again.status_code == 409
        refused = await client.delete(f"{LIST}/{held}/attachments/{told['id']}")
        assert refused.status_code == 409
        await client.delete(f"{LIST}/{held}")
        assert (await client.get(f"/files/attachments/{told['id']}")).status_code == 404


async def test_the_page_has_a_way_of_its_own(stocked: MarketCard, browser: Browser):  # noqa: F811
    async with browser(stocked) as client:
        await signed_up(client)
        held = await begun(client)
        form = {"file": ("menu.md", MENU, "text/markdown")}
        path = f"/files/conversations/{held}"
        made = await client.post(path, files=form)
        assert made.status_code == 201, made.text
        foreign = {"sec-fetch-site": "cross-site"}
        assert (await client.post(path, files=form, headers=foreign)).status_code == 403
        removed = await client.delete(f"{LIST}/{held}/attachments/{made.json()['id']}")
        assert removed.status_code == 204
        assert (await client.get(f"{LIST}/{held}/attachments")).json() == {"attachments": []}


async def test_others_can_neither_put_list_send_open_nor_remove(
    stocked: MarketCard,  # noqa: F811
    browser: Browser,
):
    async with browser(stocked) as ada, browser(stocked) as bob, browser(stocked) as nobody:
        await signed_up(ada)
        await signed_up(bob, "bob@example.com")
        held, own = await begun(ada), await begun(bob)
        file = (await put(ada, held)).json()["id"]
        for client, status in ((bob, 404), (nobody, 401)):
            assert (await put(client, held)).status_code == status
            assert (await client.get(f"{LIST}/{held}/attachments")).status_code == status
            removing = await client.delete(f"{LIST}/{held}/attachments/{file}")
            assert removing.status_code == status
            assert (await client.get(f"/files/attachments/{file}")).status_code == 404
            assert (await client.post(LIST)).status_code == (401 if status == 401 else 201)
        stolen = asked("When is dinner?", conversation_id=own, attachments=[file])
        assert (await bob.post("/api/v1/chat", json=stolen)).status_code == 404
        assert (await bob.delete(f"{LIST}/{own}/attachments/{file}")).status_code == 404
        for told in ("x", "../x", file + "x"):
            assert (await ada.get(f"/files/attachments/{told}")).status_code == 404
        wrong = asked("When?", conversation_id=held, attachments=["x"])
        assert (await ada.post("/api/v1/chat", json=wrong)).status_code == 404
    elsewhere = await open_market()
    async with browser(elsewhere) as client:
        await signed_up(client)
        assert (await client.get(f"/files/attachments/{file}")).status_code == 404
        assert (await put(client, held)).status_code == 404
        there = await begun(client)
        stolen = asked("When?", conversation_id=there, attachments=[file])
        assert (await client.post("/api/v1/chat", json=stolen)).status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("menu.exe", b"MZ\0\0", 400),
        ("menu.md", b"", 400),
        ("menu.txt", b"x" * (16 * 1024 * 1024 + 1), 413),
        ("menu.txt", b"x" * (17 * 1024 * 1024), 413),
    ],
)
async def test_what_cannot_be_taken_is_refused_in_the_readers_language(
    stocked: MarketCard,  # noqa: F811
    browser: Browser,
    name: str,
    data: bytes,
    status: int,
):
    async with browser(stocked) as client:
        await signed_up(client)
        held = await begun(client)
        refused = await put(client, held, name, data, headers={"accept-language": "ru"})
        assert refused.status_code == status
        assert any("а" <= sign <= "я" for sign in refused.json()["detail"].lower())
        assert (await client.get(f"{LIST}/{held}/attachments")).json() == {"attachments": []}


async def test_a_form_without_a_file_and_no_form_at_all_are_refused(
    stocked: MarketCard,  # noqa: F811
    browser: Browser,
):
    async with browser(stocked) as client:
        await signed_up(client)
        path = f"{LIST}/{await begun(client)}/attachments"
        wrong: tuple[Any, ...] = (
            {"data": {"file": "words"}},
            {"json": {"file": "x"}},
            {"content": b"x"},
        )
        for sent in wrong:
            assert (await client.post(path, **sent)).status_code == 422
        two = [("file", ("a.md", MENU)), ("file", ("b.md", MENU))]
        assert (await client.post(path, files=two)).status_code == 422
        other = await client.patch(path.removesuffix("/attachments"), content=b"x" * 100_000)
        assert other.status_code == 413, "only the files' own address takes so much"


async def test_why_a_file_cannot_be_read_is_said(stocked: MarketCard, browser: Browser):  # noqa: F811
    async with browser(stocked) as client:
        await signed_up(client)
        held = await begun(client)
        await put(client, held, "menu.pdf", files.pdf([(11, "no")], password=True))
        await work_off()
        (told,) = (await client.get(f"{LIST}/{held}/attachments")).json()["attachments"]
        assert told["state"] == "failed"
        assert "password" in told["problem"]
