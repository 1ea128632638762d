"""How many files a section has, and where each begins and ends."""

from itertools import pairwise
from uuid import UUID, uuid4

import pytest

from app.rendering.sitemap_files import (
    DEEPEST,
    MOST_ADDRESSES,
    MOST_BYTES,
    Part,
    Span,
    counted,
    planned,
)


def _light(longest: int) -> int:
    return 100 + longest


def _parts(each: int) -> list[Part]:
    return [Part(number, each, 20, digest=number) for number in range(1 << DEEPEST)]


def test_a_small_section_is_one_file():
    things = ((uuid4(), Part(0, 2, 20)) for _ in range(300))
    assert list(planned("listings", counted(things), _light)) == [Span("listings", 0, 0)]


def test_a_section_of_nothing_has_no_file():
    assert planned("listings", [], _light) == {}


@pytest.mark.parametrize(("addresses", "files"), [(9, 1), (10, 2), (19, 2), (20, 4), (1000, 128)])
def test_files_are_halved_until_each_has_room(addresses: int, files: int):
    found = planned("listings", _parts(addresses), _light)
    assert len(found) == files
    assert all(part.addresses < MOST_ADDRESSES for part in found.values())
    assert sum(part.addresses for part in found.values()) == addresses << DEEPEST


def test_long_addresses_make_more_files():
    found = planned("listings", _parts(9), lambda _longest: 10_000)
    assert len(found) == 16
    assert all(part.addresses * 10_000 < MOST_BYTES for part in found.values())


def test_every_id_is_in_one_file_and_files_touch():
    found = sorted(planned("listings", _parts(100), _light), key=lambda span: span.number)
    assert found[0].first == UUID(int=0)
    assert found[-1].last == UUID(int=(1 << 128) - 1)
    for one, following in pairwise(found):
        assert one.last.int + 1 == following.first.int


def test_a_file_is_found_by_its_name():
    span = Span("listings", 5, 19)
    assert Span.named(span.name) == span
    assert span.first.bytes[0] >> 3 == span.last.bytes[0] >> 3 == 19


def test_what_changes_in_a_part_changes_its_file_alone():
    parts = _parts(20)
    before = planned("listings", parts, _light)
    parts[77] = Part(77, 20, 20, digest=1_000_000)
    after = planned("listings", parts, _light)
    assert [span for span in before if before[span] != after[span]] == [Span("listings", 2, 0)]
