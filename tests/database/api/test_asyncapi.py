"""The description of the sockets is whole, and says what the sockets say."""

import re
from pathlib import Path
from typing import Any

from app.api.sockets.events import SERVER_EVENTS
from app.api.sockets.frames import CLIENT_FRAMES, MEANINGS
from app.markets.directory import MarketCard
from tests.database.api.conftest import Browser

DOCS = Path(__file__).parents[3] / "docs" / "api.md"


def references(told: Any) -> list[str]:
    """Every reference in a document."""
    if isinstance(told, dict):
        inner = [found for value in told.values() for found in references(value)]  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]
        return [told["$ref"], *inner] if "$ref" in told else inner
    if isinstance(told, list):
        return [found for value in told for found in references(value)]  # pyright: ignore[reportUnknownVariableType,reportUnknownArgumentType]
    return []


async def test_the_sockets_are_described(market: MarketCard, browser: Browser):
    async with browser(market) as client:
        answer = await client.get("/api/asyncapi.json")
    assert answer.status_code == 200
    document = answer.json()
    assert document["asyncapi"] == "3.0.0"
    assert document["channels"]["chat"]["address"] == "/ws/chat"
    for reference in references(document):
        place: Any = document
        for part in reference.removeprefix("#/").split("/"):
            assert part in place, reference
            place = place[part]
    messages = document["components"]["messages"]
    assert len(messages) == len(CLIENT_FRAMES) + len(SERVER_EVENTS)
    for message in messages.values():
        schema = document["components"]["schemas"][message["payload"]["$ref"].rpartition("/")[2]]
        assert schema["properties"]["type"]["const"] == message["name"]
        assert message["summary"]
    operations = document["operations"]
    assert len(operations["toServer"]["messages"]) == len(CLIENT_FRAMES)
    assert operations["toServer"]["action"] == "receive"


def test_the_page_names_every_frame_and_every_code():
    page = DOCS.read_text(encoding="utf-8")
    section = page[page.index("## Talk over a socket") : page.index("## Money of events")]
    for model in (*CLIENT_FRAMES, *SERVER_EVENTS):
        (name,) = getattr(model.model_fields["type"].annotation, "__args__", ("",))
        assert f"`{name}`" in section, name
    codes = {int(code) for code in re.findall(r"\b(1\d{3}|44\d\d)\b", section)}
    assert {int(code) for code in MEANINGS} <= codes
