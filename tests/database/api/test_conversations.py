"""What a person does with their conversations over HTTP, and who else may not."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.accounts.actors import system
from app.accounts.keys.issuing import make_key
from app.accounts.permissions import Permission
from app.database import tenant_session
from app.markets.directory import MarketCard
from app.settings import settings
from tests.database.api.conftest import Browser, signed_up
from tests.database.api.test_chat import STREAM, asked, events, stocked  # noqa: F401
from tests.database.api.test_tokens import bearer
from tests.factories import ROWS

LIST = "/api/v1/conversations"


async def begun(client: httpx.AsyncClient, message: str = "my tap drips") -> dict[str, Any]:
    answer = await client.post("/api/v1/chat", json=asked(message))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def listed(client: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    return (await client.get(LIST, params=query)).json()["conversations"]


async def test_a_conversation_is_named_pinned_found_and_put_away(
    stocked: MarketCard,  # noqa: F811
    browser: Browser,
):
    async with browser(stocked) as client:
        await signed_up(client)
        held = (await begun(client))["conversation_id"]
        await begun(client, "how do I cancel a booking?")
        changed = await client.patch(f"{LIST}/{held}", json={"title": "The tap", "pinned": True})
        assert changed.status_code == 204
        first = (await listed(client))[0]
        assert (first["conversation_id"], first["title"], first["pinned"]) == (
            held,
            "The tap",
            True,
        )
        (found,) = await listed(client, q="drips")
        assert (found["conversation_id"], found["passage"]) == (held, "my tap drips")
        # What is refused in part changes nothing.
        refused = await client.patch(f"{LIST}/{held}", json={"title": " ", "archived": True})
        assert refused.status_code == 400
        assert len(await listed(client)) == 2
        await client.patch(f"{LIST}/{held}", json={"archived": True})
        assert [one["archived"] for one in await listed(client, archived="true")] == [True]
        assert len(await listed(client)) == 1
        assert (await client.delete(f"{LIST}/{held}")).status_code == 204
        assert (await client.get(f"/api/v1/chat/{held}")).status_code == 404


async def test_a_link_is_made_shown_and_revoked(stocked: MarketCard, browser: Browser):  # noqa: F811
    async with browser(stocked) as client:
        await signed_up(client)
        held = (await begun(client))["conversation_id"]
        assert (await client.get(f"{LIST}/{held}/share")).status_code == 404
        link = await client.post(f"{LIST}/{held}/share")
        assert link.status_code == 201
        address = f"{settings().origin(stocked.host)}/en/shared/"
        assert link.json()["url"].startswith(address)
        assert (await client.get(f"{LIST}/{held}/share")).json() == link.json()
        assert (await client.delete(f"{LIST}/{held}/share")).status_code == 204
        assert (await client.get(f"{LIST}/{held}/share")).status_code == 404


async def test_a_message_is_said_otherwise_and_a_reply_asked_for_anew(
    stocked: MarketCard,  # noqa: F811
    browser: Browser,
):
    async with browser(stocked) as client:
        await signed_up(client)
        held = (await begun(client))["conversation_id"]
        await client.post(
            "/api/v1/chat", json=asked("how do I cancel a booking?", conversation_id=held)
        )
        edited = await client.post(
            f"/api/v1/chat/{held}/edit", json={"seq": 1, "message": "how do I cancel?"}
        )
        assert edited.status_code == 200, edited.text
        assert edited.json()["agent"] == "communication"
        kept = (await client.get(f"/api/v1/chat/{held}")).json()["messages"]
        assert [one["text"] for one in kept if one["author"] == "person"] == ["how do I cancel?"]
        for seq in (2, 99):
            wrong = await client.post(
                f"/api/v1/chat/{held}/edit", json={"seq": seq, "message": "x"}
            )
            assert wrong.status_code == 404
        again = await client.post(f"/api/v1/chat/{held}/retry", headers=STREAM)
        assert events(again.text)[-1][0] == "done"
        kept = (await client.get(f"/api/v1/chat/{held}")).json()["messages"]
        assert len(kept) == 2


async def test_a_branch_and_a_file_are_made_of_it(stocked: MarketCard, browser: Browser):  # noqa: F811
    async with browser(stocked) as client:
        await signed_up(client)
        held = (await begun(client))["conversation_id"]
        kept = (await client.get(f"/api/v1/chat/{held}")).json()["messages"]
        made = await client.post(f"{LIST}/{held}/branch", json={"seq": kept[1]["seq"]})
        assert made.status_code == 201
        other = (await client.get(f"/api/v1/chat/{made.json()['conversation_id']}")).json()
        assert [one["text"] for one in other["messages"]] == [one["text"] for one in kept]
        on = await client.post(
            "/api/v1/chat", json=asked("and at night?", conversation_id=other["conversation_id"])
        )
        assert on.status_code == 200
        file = await client.get(f"{LIST}/{held}/export", params={"form": "json"})
        assert [one["text"] for one in file.json()["messages"]] == [one["text"] for one in kept]
        markdown = await client.get(f"{LIST}/{held}/export")
        assert markdown.headers["content-type"].startswith("text/markdown")
        assert markdown.headers["content-disposition"].endswith("my-tap-drips.md")


async def test_a_judgement_reaches_staff_alone(stocked: MarketCard, browser: Browser):  # noqa: F811
    async with browser(stocked) as client:
        await signed_up(client)
        told = await begun(client)
        judged = await client.put(
            f"{LIST}/{told['conversation_id']}/feedback",
            json={"message_id": told["message_id"], "good": False, "reason": "missed"},
        )
        assert judged.status_code == 204
        assert (await client.get("/api/v1/feedback")).status_code == 403


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", {"title": "Mine"}),
        ("DELETE", "", None),
        ("GET", "/share", None),
        ("POST", "/share", None),
        ("DELETE", "/share", None),
        ("GET", "/export", None),
        ("POST", "/branch", {"seq": 3}),
    ],
)
async def test_what_is_anothers_is_not_there(
    stocked: MarketCard,  # noqa: F811
    browser: Browser,
    method: str,
    path: str,
    body: dict[str, Any] | None,
):
    async with browser(stocked) as ada, browser(stocked) as bob, browser(stocked) as nobody:
        await signed_up(ada)
        await signed_up(bob, "bob@example.com")
        held = (await begun(ada))["conversation_id"]
        for client, status in ((bob, 404), (nobody, 401)):
            answer = await client.request(method, f"{LIST}/{held}{path}", json=body)
            assert answer.status_code == status
        assert len((await ada.get(f"/api/v1/chat/{held}")).json()["messages"]) == 2


async def test_staff_see_to_what_people_thought(market: MarketCard, browser: Browser):
    async with tenant_session(market.id) as session:
        given = await ROWS["reply_feedback"](session, good=False, reason="wrong")
        key = await make_key(
            session, system(market.id, "tests"), "staff", {Permission.SEE_CONVERSATIONS}
        )
    async with browser(market) as client:
        headers = bearer(key.secret)

        async def found(query: str = "") -> list[bool]:
            answer = await client.get(f"/api/v1/feedback{query}", headers=headers)
            assert answer.status_code == 200, answer.text
            return [one["handled"] for one in answer.json()["replies"]]

        place = f"/api/v1/feedback/{given.reply_id}"
        assert await found() == [False]
        refused = await client.patch(place, json={"handled": True})
        assert refused.status_code == 401
        done = await client.patch(place, json={"handled": True}, headers=headers)
        assert done.status_code == 204
        assert await found() == [True]
        assert await found("?handled=false") == []
        assert await found("?good=true") == []
        assert await found("?agent=nobody") == []
        assert await found("?since=2999-01-01T00:00:00Z") == []
        for wrong in (str(uuid4()), "x"):
            answer = await client.patch(
                f"/api/v1/feedback/{wrong}", json={"handled": True}, headers=headers
            )
            assert answer.status_code == 404
