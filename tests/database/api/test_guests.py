"""Guests of an event over HTTP: one by one, and from a file."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.markets.directory import MarketCard
from app.projects import guest_files
from tests.database.api.conftest import Browser
from tests.database.api.test_tokens import bearer, registered


async def an_event(client: httpx.AsyncClient, email: str = "ada@example.com") -> str:
    """The path of a new event; the client is signed in as whose it is."""
    client.headers.update(bearer((await registered(client, email))["access_token"]))
    made = await client.post("/api/v1/planning/events", json={"type": "conference"})
    return f"/api/v1/planning/events/{made.json()['id']}"


async def loaded(client: httpx.AsyncClient, event: str, **told: Any) -> dict[str, Any]:
    answer = await client.post(f"{event}/registrations/import", json=told)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_guests_come_answer_arrive_and_say_what_they_thought(
    market: MarketCard, browser: Browser
):
    async with browser(market) as client:
        event = await an_event(client)
        told = {"name": "Zoe", "email": "Zoe@example.com", "party": 3}
        zoe = (await client.post(f"{event}/registrations", json=told)).json()
        assert (zoe["email"], zoe["state"], zoe["came"]) == ("zoe@example.com", "invited", 0)
        place = f"{event}/registrations/{zoe['id']}"
        assert (await client.patch(place, json={"state": "coming"})).json()["state"] == "coming"
        for arrival in ({"registration_id": zoe["id"], "party": 2}, {}):
            answer = await client.post(f"{event}/attendance", json=arrival)
            assert answer.status_code == 204
        for opinion in (
            {"rating": 2, "registration_id": zoe["id"]},
            {"rating": 4, "text": "Better", "registration_id": zoe["id"]},
            {"rating": 5},
        ):
            assert (await client.post(f"{event}/feedback", json=opinion)).status_code == 201
        listed = (await client.get(f"{event}/registrations")).json()
        assert [(one["name"], one["came"]) for one in listed["guests"]] == [("Zoe", 2)]
        assert listed["figures"] == {
            "invited": 3,
            "coming": 3,
            "declined": 0,
            "came": 3,
            "ratings": 2,
            "rating": 4.5,
        }
        thought = (await client.get(f"{event}/feedback")).json()
        assert [(one["name"], one["rating"], one["text"]) for one in thought["feedback"]] == [
            ("", 5, ""),
            ("Zoe", 4, "Better"),
        ]
        # What is reckoned of the event has them, too.
        roi = (await client.get(event.replace("planning", "analytics") + "/roi")).json()
        assert roi["guests"]["came_of_yes"]["part"] == 2
        assert (await client.delete(place)).status_code == 204
        assert (await client.get(f"{event}/registrations")).json()["count"] == 0


async def test_a_file_is_tried_before_it_is_loaded(market: MarketCard, browser: Browser):
    rows = (
        "name;email;party;state;came;rating;feedback\n"
        "Zoe;zoe@example.com;2;coming;2;5;Lovely\n"
        "Bo;;1;declined;;;\n"
        "Cy;not an address;1;coming;;;\n"
        "Di;di@example.com;0;coming;;;\n"
    )
    async with browser(market) as client:
        event = await an_event(client)
        tried = await loaded(client, event, content=rows)
        assert (tried["dry_run"], tried["created"], tried["bad"]) == (True, 2, 2)
        assert [one["line"] for one in tried["problems"]] == [4, 5]
        assert "e-mail" in tried["problems"][0]["reason"]
        assert (await client.get(f"{event}/registrations")).json()["count"] == 0
        done = await loaded(client, event, content=rows, dry_run=False)
        assert {**done, "dry_run": True} == tried
        figures = (await client.get(f"{event}/registrations")).json()["figures"]
        assert (figures["invited"], figures["came"], figures["rating"]) == (3, 2, 5.0)
        again = await loaded(client, event, content=rows, dry_run=False)
        assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 2)
        # A file knows who came, and leaves alone what it does not say.
        lines = [
            {"name": "Zoe", "email": "ZOE@example.com", "party": 2, "state": "coming", "came": 1},
            {"name": "bo", "state": "coming"},
        ]
        told = "\n".join(map(json.dumps, lines))
        changed = await loaded(client, event, form="jsonl", content=told, dry_run=False)
        assert (changed["created"], changed["updated"]) == (0, 2)
        now = (await client.get(f"{event}/registrations")).json()
        assert [(one["name"], one["state"], one["came"]) for one in now["guests"]] == [
            ("bo", "coming", 0),
            ("Zoe", "coming", 1),
        ]
        assert now["figures"]["rating"] == 5.0
        gone = await loaded(
            client, event, content="name,email,came\nZoe,zoe@example.com,0", dry_run=False
        )
        assert gone["updated"] == 1
        assert (await client.get(f"{event}/registrations")).json()["figures"]["came"] == 0


async def test_a_file_of_too_many_loads_nobody(
    market: MarketCard, browser: Browser, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(guest_files, "MOST_REGISTRATIONS", 2)
    async with browser(market) as client:
        event = await an_event(client)
        told = {"content": "name\nA\nB\nC", "dry_run": False}
        answer = await client.post(f"{event}/registrations/import", json=told)
        assert (answer.status_code, answer.json()["code"]) == (400, "many")
        assert (await client.get(f"{event}/registrations")).json()["count"] == 0
        # A whole file fits, where another body would be too large.
        big = "name\n" + "\n".join(f"Guest number {n:06d}" for n in range(5_000))
        assert len(big) > 64 * 1024
        answer = await client.post(
            f"{event}/registrations/import", json={"content": big, "dry_run": True}
        )
        assert answer.status_code == 400
        monkeypatch.setattr(guest_files, "MOST_REGISTRATIONS", 5_000)
        assert (await loaded(client, event, content=big))["created"] == 5_000


async def test_guests_are_for_whose_event_it_is(market: MarketCard, browser: Browser):
    async with browser(market) as client, browser(market) as other:
        event, another = await an_event(client), await an_event(other, "grace@example.com")
        zoe = (await client.post(f"{event}/registrations", json={"name": "Zoe"})).json()["id"]
        asked: tuple[tuple[str, str, dict[str, Any] | None], ...] = (
            ("GET", "registrations", None),
            ("POST", "registrations", {"name": "Eve"}),
            ("PATCH", f"registrations/{zoe}", {"state": "declined"}),
            ("DELETE", f"registrations/{zoe}", None),
            ("POST", "registrations/import", {"content": "name\nEve", "dry_run": False}),
            ("POST", "attendance", {"registration_id": zoe}),
            ("GET", "feedback", None),
            ("POST", "feedback", {"rating": 1}),
        )
        for method, what, told in asked:
            answer = await other.request(method, f"{event}/{what}", json=told)
            assert answer.status_code == 404, what
        for method, what, told in asked[2:4]:
            # A guest of one event is none of another's, for the same person neither.
            answer = await other.request(method, f"{another}/{what}", json=told)
            assert answer.status_code == 404, what
        for place in (str(uuid4()), "x"):
            answer = await client.delete(f"{event}/registrations/{place}")
            assert answer.status_code == 404
        now = (await client.get(f"{event}/registrations")).json()
        assert [(one["name"], one["state"]) for one in now["guests"]] == [("Zoe", "invited")]
        async with browser(market) as nobody:
            assert (await nobody.get(f"{event}/registrations")).status_code == 401
