"""Blocks as the page shows them: lengths, days and amounts in the reader's language."""

from typing import Any

import pytest

from app.conversations.blocks import shown
from state.blocks import block_views

PLAN = {
    "phases": [
        {"name": "First", "from": "2027-01-01", "to": "2027-01-10", "tasks": 4, "done": 1},
        {"name": "Then", "from": "2027-01-11", "to": "2027-01-20", "tasks": 2, "done": 0},
    ],
    "date": "2027-01-20",
    "guests": 80,
    "hours": [{"name": "Dinner", "from": "2027-01-20T18:00:00", "to": "2027-01-20T20:00:00"}],
}
BUDGET = {
    "currency": "RUB",
    "lines": [
        {"name": "Зал", "planned": "3000.00", "actual": "4000.00"},
        {"name": "Торт", "planned": "1000.00", "actual": None},
    ],
    "total": "4000.00",
}


def block(kind: str, data: dict[str, Any], url: str = "") -> dict[str, Any]:
    return {"kind": kind, "title": "T", "data": data, "url": url}


def test_phases_stand_in_time_with_what_is_done_of_them():
    (view,) = block_views([block("plan", PLAN)], "en")
    assert [(bar.x, bar.width, bar.filled) for bar in view.bars] == [
        ("0.00%", "50.00%", "12.50%"),
        ("50.00%", "50.00%", "0.00%"),
    ]
    assert view.bars[0].told == "Jan 1\u2009–\u200910, 2027 · 4 tasks"
    assert view.summary == "January 20, 2027 · 80 guests"
    assert [row.name for row in view.hours] == ["Dinner"]


def test_a_budget_shows_plan_and_fact_and_what_is_over():
    (view,) = block_views([block("budget", BUDGET)], "ru")
    hall, cake = view.bars
    assert (hall.width, hall.filled, hall.over) == ("75.00%", "100.00%", "1\xa0000\xa0₽")
    assert (cake.filled, cake.over) == ("0.00%", "")
    assert view.has_actual
    assert "4\xa0000\xa0₽" in view.summary


def test_tasks_to_do_come_first_and_many_are_folded():
    tasks = [{"name": f"T{number}", "done": number == 0} for number in range(12)]
    (view,) = block_views([block("tasks", {"tasks": tasks})], "en")
    assert [row.name for row in view.tasks] == [f"T{number}" for number in range(1, 7)]
    assert view.more[-1].name == "T0"
    assert view.more[-1].done


def test_a_row_of_a_table_leads_to_its_page():
    data = {"columns": ["a", "b"], "rows": [["1", "2"]], "urls": ["/en/s/x"]}
    (view,) = block_views([block("comparison", data)], "en")
    assert [(cell.head, cell.text, cell.url) for cell in view.rows[0].cells] == [
        ("a", "1", "/en/s/x"),
        ("b", "2", ""),
    ]


def test_a_line_chart_has_points_and_a_bar_chart_bars():
    series = [{"name": "s", "values": ["0", None, "10"]}]
    data = {"labels": ["a", "b", "c"], "series": series}
    (line,) = block_views([block("chart", {"form": "line", **data})], "en")
    assert line.curves[0].points == "0.0,100.0 300.0,0.0"
    (bars,) = block_views([block("chart", {"form": "bar", **data})], "en")
    assert [(bar.name, bar.width) for bar in bars.bars] == [("a", "0.00%"), ("c", "100.00%")]
    assert [cell.text for cell in bars.rows[1].cells] == ["b", "–"]


@pytest.mark.parametrize(
    "wrong",
    [
        block("budget", {**BUDGET, "total": "1"}),
        block("unknown", {}),
        block("table", {"columns": ["a"], "rows": [["1"]], "urls": ["//evil.example"]}),
        {"title": "nothing else"},
    ],
)
def test_what_has_no_shape_is_neither_shown_nor_told(wrong: dict[str, Any]):
    good = block("tasks", {"tasks": []})
    assert [view.kind for view in block_views([wrong, good], "en")] == ["tasks"]
    assert [told["kind"] for told in shown([wrong, good])] == ["tasks"]


def test_a_block_never_leads_elsewhere():
    (view,) = block_views([block("tasks", {"tasks": []}, "https://evil.example")], "en")
    assert view.url == ""
