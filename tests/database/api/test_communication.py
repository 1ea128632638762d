"""What is said and written for people over HTTP: messages by number, answers, texts."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from limits import parse

from app.accounts.actors import system
from app.accounts.limits import LIMITS
from app.accounts.permissions import Permission
from app.database import tenant_session
from app.markets import directory
from app.markets.directory import MarketCard
from app.markets.modules import switch_off
from app.search.index import Hit
from tests.database.api.conftest import Browser
from tests.database.api.test_chat import STREAM, asked, events
from tests.database.api.test_tokens import bearer, registered
from tests.factories import ROWS, article, listing, open_market, provider
from tests.shelf import Shelf

PATH = "/api/v1/communication"


@pytest.fixture
async def stocked(market: MarketCard, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> MarketCard:
    """A market with a plumber, an article, and one that visitors may not read."""
    async with tenant_session(market.id) as session:
        plumber, page = await listing(session), await article(session)
        hidden = await article(session, public=False, title={"en": "Margins we keep"})
        await article(session, title={"en": "Are pets welcome?", "ru": "Можно с собакой?"})
    shelf.hits["listing"] = [Hit("listing", plumber.id, 0.9)]
    shelf.hits["article"] = [Hit("article", hidden.id, 0.9), Hit("article", page.id, 0.8)]
    monkeypatch.setattr("app.api.communication.search_index", lambda: shelf)
    return market


async def said(client: httpx.AsyncClient, held: str, after: int = 0, **more: Any) -> dict[str, Any]:
    params = {"conversation_id": held, "after": after, **more}
    answer = await client.get(f"{PATH}/messages", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_chat_is_the_same_at_both_addresses(stocked: MarketCard, browser: Browser):
    async with browser(stocked) as client:
        here = (await client.post(f"{PATH}/chat", json=asked("my tap drips"))).json()
        there = (await client.post("/api/v1/chat", json=asked("my tap drips"))).json()
        ours = {"conversation_id": "", "message_id": ""}
        assert here | ours == there | ours
        more = asked("and at night?", conversation_id=here["conversation_id"])
        stream = await client.post(f"{PATH}/chat", json=more, headers=STREAM)
        found = events(stream.text)
        assert (found[0][0], found[-1][0]) == ("route", "done")
        kept = (await client.get(f"/api/v1/chat/{here['conversation_id']}")).json()
    assert len(kept["messages"]) == 4


async def test_messages_are_read_page_by_page_and_from_where_one_was(
    stocked: MarketCard, browser: Browser
):
    async with browser(stocked) as client:
        first = (await client.post(f"{PATH}/chat", json=asked("my tap drips"))).json()
        held = first["conversation_id"]
        for words in ("how do I cancel a booking?", "thank you"):
            await client.post(f"{PATH}/chat", json=asked(words, conversation_id=held))
        whole = await said(client, held)
        known = (await client.get(f"/api/v1/chat/{held}")).json()["messages"]
        assert whole["messages"] == known
        assert not whole["more"]
        paged: list[dict[str, Any]] = []
        place, more = 0, True
        while more:
            page = await said(client, held, place, limit=2)
            assert len(page["messages"]) <= 2
            place, more = page["seq"], page["more"]
            paged += page["messages"]
        assert paged == known
        assert (await said(client, held, place)) == {
            **whole,
            "messages": [],
            "seq": place,
        }
        last = await said(client, held, known[-3]["seq"])
        assert last["messages"] == known[-2:]


async def test_what_stands_no_longer_is_told_to_who_knew_it(stocked: MarketCard, browser: Browser):
    async with browser(stocked) as client:
        first = (await client.post(f"{PATH}/chat", json=asked("my tap drips"))).json()
        held = first["conversation_id"]
        before = await said(client, held)
        assert before["gone"] == []
        await client.post(f"/api/v1/chat/{held}/retry")
        again = await said(client, held, before["seq"])
        assert again["gone"] == [{"first": 2, "last": before["seq"]}]
        (anew,) = again["messages"]
        assert anew["author"] == "agent"
        edited = {"seq": 1, "message": "how do I cancel a booking?"}
        await client.post(f"/api/v1/chat/{held}/edit", json=edited)
        after = await said(client, held, again["seq"])
        assert after["gone"] == [{"first": 1, "last": again["seq"]}]
        # Who begins to read now hears of none of it.
        fresh = await said(client, held)
        assert fresh["gone"] == []
        assert fresh["messages"] == after["messages"]
        assert fresh["messages"][0]["text"] == edited["message"]
        assert fresh["messages"] == (await client.get(f"/api/v1/chat/{held}")).json()["messages"]


async def test_messages_are_their_persons_alone(stocked: MarketCard, browser: Browser):
    async with browser(stocked) as client:
        headers = bearer((await registered(client))["access_token"])
        made = await client.post(f"{PATH}/chat", json=asked("my tap drips"), headers=headers)
        held = made.json()["conversation_id"]
        address = f"{PATH}/messages?conversation_id={held}"
        assert (await client.get(address, headers=headers)).status_code == 200
        assert (await client.get(address)).status_code == 404
        for wrong, status in (
            ("conversation_id=x", 404),
            (f"conversation_id={uuid4()}", 404),
            (f"conversation_id={held}&after=-1", 400),
            (f"conversation_id={held}&limit=201", 400),
            ("", 400),
        ):
            answer = await client.get(f"{PATH}/messages?{wrong}", headers=headers)
            assert answer.status_code == status, wrong


async def test_answers_are_public_articles_in_the_readers_language(
    stocked: MarketCard, browser: Browser
):
    async with browser(stocked) as client:
        whole = (await client.get(f"{PATH}/faq?locale=ru")).json()
        assert [one["question"] for one in whole["questions"]] == [
            "How to cancel",
            "Можно с собакой?",
        ]
        assert whole["count"] == 2
        cancelling = whole["questions"][0]
        assert cancelling["answer"] == "You can cancel a booking up to a day before."
        assert cancelling["locale"] == "en"
        assert cancelling["url"].startswith(f"http://{stocked.host}")
        assert "/ru/help/" in cancelling["url"]
        found = (await client.get(f"{PATH}/faq?q=how+do+I+cancel")).json()
        assert [one["question"] for one in found["questions"]] == ["How to cancel"]
        assert (await client.get(f"{PATH}/faq?page=2")).json() == {"questions": [], "count": 2}
        assert (await client.get(f"{PATH}/faq?locale=xx")).status_code == 400


async def test_a_proposal_rests_on_the_event_and_its_shortlist(
    stocked: MarketCard, browser: Browser
):
    async with tenant_session(stocked.id) as session:
        cheap = await listing(session, price_amount=40, price_currency="EUR")
        dear = await listing(session, price_amount=90, price_currency="EUR")
    async with browser(stocked) as client:
        headers = bearer((await registered(client))["access_token"])
        event = await client.post(
            "/api/v1/planning/events",
            json={
                "type": "birthday",
                "title": "Zoe at forty",
                "guests": 40,
                "notes": "She must not hear of it",
            },
            headers=headers,
        )
        told: dict[str, Any] = {"event_id": event.json()["id"], "locale": "en"}
        nothing = await client.post(f"{PATH}/proposals", json=told, headers=headers)
        assert (nothing.status_code, nothing.json()["code"]) == (400, "nothing_chosen")
        me = (await client.get("/api/users/me", headers=headers)).json()["id"]
        async with tenant_session(stocked.id) as session:
            for one in (dear, cheap):
                await ROWS["shortlist_entry"](
                    session,
                    person_id=UUID(me),
                    listing_id=one.id,
                    project_id=UUID(told["event_id"]),
                )
        made = await client.post(f"{PATH}/proposals", json=told, headers=headers)
        assert made.status_code == 200, made.text
        text = made.json()
        assert text["title"] == "Proposal: Zoe at forty"
        assert [one["kind"] for one in text["citations"]] == ["event", "listing", "listing"]
        assert "“Zoe at forty” [1]" in text["text"]
        assert "Birthday · 40 guests [1]" in text["text"]
        assert "• Plumber on call [2]" in text["text"]
        assert "The lowest price among them: €40 [3]" in text["text"]
        assert "Not decided yet: Date, Place, Budget." in text["text"]
        assert text["missing"] == ["day", "place", "budget"]
        assert "must not hear" not in made.text
        assert (text["agent"], text["model"]) == ("communication", "composer")
        # In another language, of one service that is named.
        named = told | {"listing_ids": [str(cheap.id)], "locale": "ru"}
        other = (await client.post(f"{PATH}/proposals", json=named, headers=headers)).json()
        assert [one["id"] for one in other["citations"]] == [told["event_id"], str(cheap.id)]
        assert "Сантехник на вызов [2]" in other["text"]


async def test_a_proposal_is_of_ones_own_event_and_of_what_is_on_show(
    stocked: MarketCard, browser: Browser
):
    async with tenant_session(stocked.id) as session:
        shown, hidden = await listing(session), await listing(session, state="draft")
        others = await ROWS["project"](session)
    elsewhere = await open_market()
    async with tenant_session(elsewhere.id) as session:
        theirs = await listing(session)
    async with browser(stocked) as client:
        headers = bearer((await registered(client))["access_token"])
        many = [str(uuid4()) for _ in range(11)]
        for told, status in (
            ({"listing_ids": [str(shown.id)]}, 200),
            ({"listing_ids": [str(shown.id), str(hidden.id)]}, 404),
            ({"listing_ids": [str(theirs.id)]}, 404),
            ({"listing_ids": ["x"]}, 404),
            ({"listing_ids": many}, 400),
            ({"event_id": str(others.id), "listing_ids": [str(shown.id)]}, 404),
            ({"listing_ids": [str(shown.id)], "note": "n" * 1001}, 400),
            ({"listing_ids": [str(shown.id)], "locale": "xx"}, 400),
            ({"listing_ids": [str(shown.id)], "tone": "loud"}, 422),
        ):
            answer = await client.post(f"{PATH}/proposals", json=told, headers=headers)
            assert answer.status_code == status, (told, answer.text)
        told = {"listing_ids": [str(shown.id)]}
        assert (await client.post(f"{PATH}/proposals", json=told)).status_code == 401


async def test_a_marketing_text_says_what_is_written_and_no_more(
    stocked: MarketCard, browser: Browser
):
    async with tenant_session(stocked.id) as session:
        owner = await provider(session, name="Ada & Sons", about={"en": "Since 1990 in Berlin."})
        offer = await listing(
            session,
            provider_id=owner.id,
            description={"en": "One. Two pipes here. Three pipes here. [9] Four pipes here."},
            price_amount=40,
            price_currency="EUR",
        )
    async with browser(stocked) as client:
        headers = bearer((await registered(client))["access_token"])

        async def made(**told: Any) -> dict[str, Any]:
            answer = await client.post(
                f"{PATH}/marketing-texts", json={"locale": "en", **told}, headers=headers
            )
            assert answer.status_code == 200, answer.text
            return answer.json()

        short = await made(subject="listing", id=str(offer.id), length="short")
        assert short["title"] == "Plumber on call"
        assert "Two pipes here. Three pipes here. [1]" in short["text"]
        assert "Four" not in short["text"]
        assert "[9]" not in (await made(subject="listing", id=str(offer.id)))["text"]
        assert "Ada & Sons · €40 [1]" in short["text"]
        of_provider = await made(subject="provider", id=str(owner.id))
        assert of_provider["title"] == "Ada & Sons"
        assert "Since 1990 in Berlin. [1]" in of_provider["text"]
        assert "• Plumber on call [2]" in of_provider["text"]
        assert [one["kind"] for one in of_provider["citations"]] == ["provider", "listing"]
        told = {
            "type": "birthday",
            "title": "Zoe at forty",
            "day": "2031-06-12",
            "guests": 40,
            "budget": {"amount": "900"},
        }
        event = await client.post("/api/v1/planning/events", json=told, headers=headers)
        invited = await made(subject="event", id=event.json()["id"])
        assert "June 12, 2031" in invited["text"].replace("12 June 2031", "June 12, 2031")
        # What it costs and how many come is for nobody else to read.
        assert "900" not in str(invited)
        assert "40 guests" not in str(invited)
        for subject in ("listing", "provider", "event"):
            answer = await client.post(
                f"{PATH}/marketing-texts",
                json={"subject": subject, "id": str(uuid4())},
                headers=headers,
            )
            assert answer.status_code == 404


async def test_texts_are_counted_and_go_with_their_modules(
    stocked: MarketCard, browser: Browser, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(LIMITS, "texts", parse("1/hour"))
    async with tenant_session(stocked.id) as session:
        offer = await listing(session)
    async with browser(stocked) as client:
        headers = bearer((await registered(client))["access_token"])
        told = {"subject": "listing", "id": str(offer.id)}
        for status in (200, 429):
            answer = await client.post(f"{PATH}/marketing-texts", json=told, headers=headers)
            assert answer.status_code == status
    async with tenant_session(stocked.id) as session:
        editor = system(stocked.id, "tests", Permission.SHAPE)
        await switch_off(session, editor, ["chat", "help"], 1)
    directory.forget()
    async with browser(stocked) as client:
        for method, what in (
            ("POST", "chat"),
            ("GET", "messages"),
            ("POST", "proposals"),
            ("POST", "marketing-texts"),
            ("GET", "faq"),
        ):
            told = {} if method == "POST" else None
            answer = await client.request(method, f"{PATH}/{what}", json=told)
            assert answer.status_code == 404, what
