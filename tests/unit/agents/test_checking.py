"""What a specialist gave back stands in an answer when it is whole, and is left out when not."""

from typing import Any
from uuid import uuid4

import pytest

from agents.base import Block, Finding, Result
from agents.checking import checked

LINES = [{"name": "Hall", "planned": "1200.50"}, {"name": "Food", "planned": "799.50"}]


def test_a_budget_whose_lines_add_up_stands():
    data = {"currency": "EUR", "lines": LINES, "total": "2000.00"}
    result, problems = checked(Result(blocks=(Block("budget", "Money", data, "/en/x"),)))
    assert len(result.blocks) == 1
    assert problems == ()


@pytest.mark.parametrize(
    ("kind", "data", "url"),
    [
        ("budget", {"currency": "EUR", "lines": LINES, "total": "2000.01"}, ""),
        ("table", {"columns": ["a", "b"], "rows": [["1"]]}, ""),
        ("chart", {"form": "bar", "labels": ["a"], "series": [{"name": "s", "values": []}]}, ""),
        ("tasks", {"tasks": [{"due": "tomorrow"}]}, ""),
        ("table", {"columns": [], "rows": [], "more": {1, 2}}, ""),
        ("table", {"columns": [], "rows": []}, "https://elsewhere.example"),
        ("table", {"columns": [], "rows": []}, "//elsewhere.example"),
    ],
)
def test_a_block_that_is_wrong_is_left_out_and_told(kind: Any, data: dict[str, Any], url: str):
    result, problems = checked(Result(text="Still said.", blocks=(Block(kind, "x", data, url),)))
    assert result.blocks == ()
    assert result.text == "Still said."
    assert len(problems) == 1
    assert problems[0].startswith(f"{kind}: ")


def test_a_text_cannot_cite_what_was_not_numbered():
    result, problems = checked(Result(text="Best of all [1]"))
    assert result.text == "Best of all (1)"
    assert problems == ("the text cites",)


def test_a_finding_that_leads_elsewhere_is_left_out():
    away = Finding("listing", uuid4(), "x", "Title", "https://evil.example", "text")
    here = Finding("listing", uuid4(), "y", "Title", "/en/s/y", "text")
    assert checked(Result((away, here)))[0].findings == (here,)
