"""Answers in Markdown: what a model writes becomes typed lines, and nothing of it becomes HTML."""

from state.markdown import Piece, Stretch, pieces_of
from state.messages import Card, lines_of


def texts(pieces: list[Piece]) -> list[tuple[str, str]]:
    return [(one.kind, "".join(part.text for part in one.stretches)) for one in pieces]


def test_lists_keep_their_order_and_depth():
    found = pieces_of("- one\n- two\n  - deep\n\n3. third\n4. fourth")
    assert [(one.mark, one.depth) for one in found] == [
        ("•", 0),
        ("•", 0),
        ("•", 1),
        ("3.", 0),
        ("4.", 0),
    ]


def test_a_table_has_its_heads_first_and_no_marks():
    (found,) = pieces_of("| a | b |\n|---|---|\n| 1 | **2** |\n| 3 |")
    assert found.rows == (("a", "b"), ("1", "2"), ("3", ""))


def test_nothing_of_it_becomes_html_or_loads_a_picture():
    text = "<script>alert(1)</script> ![pixel](https://evil.example/p.png) <b>x</b>"
    ((kind, told),) = texts(pieces_of(text))
    assert kind == "text"
    assert told == "<script>alert(1)</script> pixel <b>x</b>"


def test_a_link_leads_to_the_market_alone():
    (found,) = pieces_of("[a](/en/s/a) [b](https://evil.example) [c](//evil.example)")
    assert [one.url for one in found.stretches if one.url] == ["/en/s/a"]
    assert "b (https://evil.example) c (//evil.example)" in texts([found])[0][1]
    assert "javascript" in texts(pieces_of("[d](javascript:alert(1))"))[0][1]


def test_code_is_kept_as_it_is():
    assert pieces_of("```\na  *b*\n```") == [Piece("code", (Stretch("a  *b*", "code"),))]


def test_a_composed_answer_reads_as_before():
    found = texts(pieces_of("Two fit.\n• One [1]\n  Oslo · €10\n\nAnd *this*."))
    assert found == [
        ("text", "Two fit."),
        ("item", "One [1]"),
        ("detail", "Oslo · €10"),
        ("text", "And this."),
    ]


def test_marks_are_links_also_in_bold_text():
    card = Card(1, "listing", "One", "/en/s/one", "", "")
    (line,) = lines_of("**Best [1]**", [card])
    assert [(span.number, span.url, span.style) for span in line.spans] == [
        (0, "", "strong"),
        (1, "/en/s/one", "strong"),
    ]
