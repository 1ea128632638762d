"""What of a reply is learnt, and that nothing personal is."""

import json
import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.training.approvals import Reply
from app.training.examples import examples_of, without_personal

CITED = {
    "number": 1,
    "kind": "listing",
    "external_id": "l-1",
    "title": "Plumber on call",
    "url": "/en/s/plumber",
    "detail": "Repairs leaking taps.",
    "price": "40 €",
}


def reply(
    asked: str = "A tap leaks", said: str = "Plumber on call helps [1].", **more: Any
) -> Reply:
    usual: dict[str, Any] = {
        "id": uuid4(),
        "conversation_id": uuid4(),
        "name": "Ada Lovelace",
        "email": "ada@example.com",
        "asked": asked,
        "locale": "en",
        "payload": {"text": said, "agent": "vendor", "citations": [CITED]},
        "at": datetime.now(UTC),
        "approved": True,
    }
    return Reply(**{**usual, **more})


def test_an_example_is_the_prompt_of_the_program_and_the_reply():
    (one,) = examples_of([reply()], "vendor", "Kazan")
    assert [said["role"] for said in one.messages] == ["system", "user", "assistant"]
    assert "You are Maestro" in one.messages[0]["content"]
    data = one.messages[1]["content"]
    for piece in ("Kazan", "A tap leaks", "Plumber on call", "40 €", "Repairs leaking taps."):
        assert f"\n{piece}\n" in data
    (word,) = set(re.findall(r"</(data-\w+)>", data))
    assert word in one.messages[0]["content"]
    assert one.messages[2]["content"] == "Plumber on call helps [1]."
    assert examples_of([reply()], "finance", "Kazan") == []


@pytest.mark.parametrize(
    "text",
    [
        "I am Ada, call +49 151 23456789 or write to ada@example.com",
        "LOVELACE here; the card is 4111 1111 1111 1111.",
        "Ada Lovelace, ada@example.com",
    ],
)
def test_nothing_personal_is_learnt(text: str):
    (one,) = examples_of([reply(text, text)], "vendor", "Kazan")
    learnt = json.dumps(one.messages[1:]).casefold()
    for secret in ("ada", "lovelace", "23456789", "4111 1111", "example.com"):
        assert not re.search(rf"\b{re.escape(secret)}\b", learnt)


def test_short_words_of_a_name_spoil_no_sentence():
    assert without_personal("An apple a day", ["An"][:0]) == "An apple a day"
    (one,) = examples_of([reply("An offer, please", name="An Li")], "vendor", "Kazan")
    assert "An offer, please" in one.messages[1]["content"]


def test_a_conversation_is_held_out_whole_and_always():
    talks = [UUID(int=number) for number in range(400)]
    replies = [reply(conversation_id=talk) for talk in talks for _ in range(2)]
    made = examples_of(replies, "vendor", "Kazan")
    pairs = list(zip(made[::2], made[1::2], strict=True))
    assert all(one.held_out == other.held_out for one, other in pairs)
    assert 50 < sum(one.held_out for one, _ in pairs) < 110
    assert made == examples_of(replies, "vendor", "Kazan")
