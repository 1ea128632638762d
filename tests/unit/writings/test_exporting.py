"""A text as Markdown: what people named things does not become marks of its own."""

from typing import Any
from uuid import uuid4

from app.writings.exporting import as_markdown, made_by
from app.writings.models import Writing


def writing(**more: Any) -> Writing:
    told: dict[str, Any] = {
        "person_id": uuid4(),
        "kind": "proposal",
        "locale": "en",
        "title": "Proposal: *Ours* #1",
        "text": "One service [1].\n• Hall [1]\n• Cake [2]",
        "model": "composer",
        "sources": [
            {
                "number": 1,
                "kind": "listing",
                "title": "[Hall](x)",
                "url": "/en/s/hall",
                "detail": "",
            },
            {"number": 2, "kind": "listing", "title": "Cake", "url": "/en/s/cake", "detail": "5 €"},
        ],
        "edited": False,
    }
    return Writing(**{**told, **more})


def test_a_file_has_title_text_sources_and_who_wrote_it():
    assert as_markdown(writing(), "https://kazan.example") == (
        "# Proposal: \\*Ours\\* \\#1\n\n"
        "One service [1].\n- Hall [1]\n- Cake [2]\n\n"
        "## Sources\n\n"
        "1. [\\[Hall\\](x)](https://kazan.example/en/s/hall)\n"
        "2. [Cake](https://kazan.example/en/s/cake) — 5 €\n\n"
        "*Composed without a model.*\n"
    )


def test_who_wrote_it_is_named():
    assert made_by(writing(edited=True), "en") == "Composed without a model, and changed by hand."
    assert made_by(writing(model="qwen"), "en") == "Written by qwen."
    assert made_by(writing(model="qwen", edited=True), "en") == (
        "Written by qwen, and changed by hand."
    )
