"""Lines that people paste are read as guests, and none is read as what it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.projects.pasted_guests import read_lines


@pytest.mark.parametrize(
    ("line", "name", "email", "party"),
    [
        ("Ada Lovelace", "Ada Lovelace", "", 1),
        ("Grace Hopper <Grace@Example.com>", "Grace Hopper", "grace@example.com", 1),
        ('"Hopper, Grace" <grace@example.com>', "Hopper, Grace", "grace@example.com", 1),
        ("Zoe, zoe@example.com, 4", "Zoe", "zoe@example.com", 4),
        ("Zoe\tzoe@example.com\t4", "Zoe", "zoe@example.com", 4),
        ("4; Zoe", "Zoe", "", 4),
        ("Familie Weber +3", "Familie Weber", "", 4),
        ("- Анна Петрова", "Анна Петрова", "", 1),
        ("12. ليلى حداد", "ليلى حداد", "", 1),
        ("bo@example.com", "bo", "bo@example.com", 1),
        ("Anne-Marie O'Neill", "Anne-Marie O'Neill", "", 1),
        ("Room 101 (Bo)", "Room 101, Bo", "", 1),
    ],
)
def test_a_line_names_a_guest(line: str, name: str, email: str, party: int):
    ((number, guest),) = read_lines(line)
    assert guest is not None
    assert (number, guest.name, guest.email, guest.party) == (1, name, email, party)


@pytest.mark.parametrize("line", ["4", ", ;", "Zoe, 0", "Zoe, 500", "x" * 201, "Zoe\u202eeoZ"])
def test_what_names_nobody_is_told_by_its_line(line: str):
    assert read_lines(f"Ada\n\n{line}")[1:] == [(3, None)]


@given(st.text(max_size=400))
def test_nothing_that_is_pasted_breaks_the_reading(text: str):
    for number, guest in read_lines(text):
        assert number >= 1
        assert guest is None or (guest.name.strip() and 1 <= guest.party <= 100)
