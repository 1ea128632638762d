"""Every kind of bad row is told by its line and reason, and good rows come through."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.catalogue.imports import read_listings
from app.catalogue.inputs import ListingInput
from app.catalogue.slugs import plain, slug_for
from app.rows import MAX_ROW_BYTES, Problem, Row, UnreadableFile, check

GOOD: dict[str, Any] = {
    "external_id": "l-1",
    "category": "craft/plumber",
    "provider": {"external_id": "p-1", "name": "Ada"},
    "title": {"en": "Pipes"},
    "description": {"en": "All of them."},
}


def read(folder: Path, content: str | bytes, name: str = "rows.jsonl"):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_listings(path))


def lines(*rows: dict[str, Any]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def without(field: str) -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name != field}


def test_the_least_that_a_row_must_say(tmp_path: Path):
    (row,) = read(tmp_path, lines(GOOD))
    assert isinstance(row, Row)
    assert row.line == 1
    assert row.value.provider.name == "Ada"
    assert row.value.price is None
    assert row.value.languages == []


def test_a_whole_row(tmp_path: Path):
    (row,) = read(
        tmp_path,
        lines(
            GOOD
            | {
                "price": {"amount": "40.00", "currency": "EUR", "unit": "hour"},
                "city": "Berlin",
                "lat": 52.5,
                "lon": 13.4,
                "radius_km": 10,
                "languages": ["en", "pt_br"],
                "tags": ["night"],
                "photo": "https://example.com/a.jpg",
            }
        ),
    )
    assert isinstance(row, Row)
    assert row.value.price
    assert str(row.value.price.amount) == "40.00"
    assert row.value.languages == ["en", "pt-BR"]
    assert (row.value.lat, row.value.lon, row.value.radius_km) == (52.5, 13.4, 10)


@pytest.mark.parametrize("field", ["external_id", "category", "provider", "title", "description"])
def test_a_required_field_is_missing(tmp_path: Path, field: str):
    assert read(tmp_path, lines(without(field))) == [Problem(1, f"{field}: Field required")]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"provider": {"external_id": "p"}}, "provider.name: Field required"),
        ({"provider": {"name": " "}}, "provider.name: String should have at least 1 character"),
        ({"title": {}}, "title: a text in at least one language is needed"),
        ({"title": {"xx-nope": "T"}}, "title: 'xx-nope' is not a language code"),
        ({"title": {"en": ""}}, "title.en: String should have at least 1 character"),
        ({"title": {"en": "a\x00b"}}, "title.en: a NUL character"),
        ({"title": "T"}, "title: Input should be a valid dictionary"),
        (
            {"category": "craft/plumbr"},
            "category: there is no category 'craft/plumbr'; did you mean craft/plumber",
        ),
        (
            {"category": "plumber"},
            "category: there is no category 'plumber'; did you mean craft/plumber?",
        ),
        ({"price": {"amount": "-1"}}, "price.amount: Input should be greater than or equal to 0"),
        ({"price": {"amount": "1.005"}}, "price.amount: Decimal input should have no more than 2"),
        ({"price": {"amount": "free"}}, "price.amount: Input should be a valid decimal"),
        ({"price": {"amount": "NaN"}}, "price.amount: Input should be a finite number"),
        (
            {"price": {"amount": "1", "currency": "EURO"}},
            "price.currency: 'EURO' is not an ISO 4217 currency",
        ),
        ({"lat": 91, "lon": 0}, "lat: Input should be less than or equal to 90"),
        ({"lat": 1, "lon": -181}, "lon: Input should be greater than or equal to -180"),
        ({"lat": 52.5}, "lat and lon belong together"),
        ({"radius_km": 0}, "radius_km: Input should be greater than 0"),
        ({"languages": ["klingonish"]}, "languages.0: 'klingonish' is not a language code"),
        ({"photo": "javascript:alert(1)"}, "photo: not an address that starts with https://"),
        ({"photo": "//evil.example/a.png"}, "photo: not an address that starts with https://"),
        ({"titel": {}}, "titel: Extra inputs are not permitted"),
    ],
)
def test_a_field_is_not_of_its_form(tmp_path: Path, change: dict[str, Any], reason: str):
    (problem,) = read(tmp_path, lines(GOOD | change))
    assert isinstance(problem, Problem)
    assert problem.line == 1
    assert problem.reason.startswith(reason)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"{", "not JSON: "),
        (b'["a"]', "not a JSON object"),
        (b'{"external_id": "\xff"}', "not UTF-8 text"),
        (b"[" * 100_000, "not JSON: "),
        (b'{"lat": NaN}', "not JSON: NaN is not a number"),
        (b'{"a": "' + b"x" * MAX_ROW_BYTES + b'"}', "the row is longer than 1,000,000 bytes"),
    ],
)
def test_a_line_that_is_no_row_does_not_spoil_the_next(tmp_path: Path, raw: bytes, reason: str):
    problem, row = read(tmp_path, raw + b"\n" + lines(GOOD).encode())
    assert isinstance(problem, Problem)
    assert problem.line == 1
    assert problem.reason.startswith(reason)
    assert isinstance(row, Row)
    assert row.line == 2


def test_half_a_surrogate_pair_is_no_text(tmp_path: Path):
    raw = lines(GOOD).replace("Pipes", "\\ud83d")
    assert read(tmp_path, raw) == [Problem(1, "title.en: not UTF-8 text")]


def test_empty_lines_and_a_byte_order_mark_are_no_rows(tmp_path: Path):
    (row,) = read(tmp_path, b"\xef\xbb\xbf" + b"\n \n" + lines(GOOD).encode())
    assert isinstance(row, Row)
    assert row.line == 3
    (row,) = read(tmp_path, b"\xef\xbb\xbf" + lines(GOOD).encode())
    assert isinstance(row, Row)


def test_a_file_in_utf_16_is_refused_in_a_sentence(tmp_path: Path):
    with pytest.raises(UnreadableFile, match="UTF-16"):
        read(tmp_path, lines(GOOD).encode("utf-16"))
    with pytest.raises(UnreadableFile, match="UTF-16"):
        read(tmp_path, "external_id\n".encode("utf-16"), "rows.csv")


def test_the_same_external_id_twice(tmp_path: Path):
    found = read(tmp_path, lines(GOOD, GOOD | {"external_id": "l-2"}, GOOD))
    assert found[2] == Problem(3, "'l-1' stands on line 1 already")


def test_one_provider_with_two_names(tmp_path: Path):
    other = GOOD | {"external_id": "l-2", "provider": {"external_id": "p-1", "name": "Bob"}}
    assert read(tmp_path, lines(GOOD, other))[1] == Problem(2, "provider: 'p-1' is 'Ada' on line 1")


CSV = (
    "external_id{d}category{d}provider.name{d}title.en{d}title.ru{d}description.en{d}"
    "price.amount{d}price.currency{d}lat{d}lon{d}languages{d}tags\n"
    'l-1{d}craft/plumber{d}Ada{d}"Pipes, taps"{d}{d}"Two\nlines"'
    "{d}40{d}EUR{d}52.5{d}13.4{d}en|ru{d}\n"
    "l-2{d}craft/nothing{d}Ada{d}T{d}Т{d}D{d}{d}{d}{d}{d}{d}a|b\n"
)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_csv_file_says_the_same(tmp_path: Path, delimiter: str, mark: bytes):
    row, problem = read(tmp_path, mark + CSV.format(d=delimiter).encode(), "rows.csv")
    assert row == Row(
        2,
        ListingInput.model_validate(
            {
                "external_id": "l-1",
                "category": "craft/plumber",
                "provider": {"name": "Ada"},
                "title": {"en": "Pipes, taps"},
                "description": {"en": "Two\nlines"},
                "price": {"amount": "40", "currency": "EUR"},
                "lat": 52.5,
                "lon": 13.4,
                "languages": ["en", "ru"],
            }
        ),
    )
    assert isinstance(problem, Problem)
    # The row before spans two lines of the file.
    assert problem.line == 4
    assert "craft/nothing" in problem.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"external_id,title.en\nl-1,a,b\n", "3 cells, but the first line names 2 columns"),
        (b"external_id,title,title.en\nl-1,a,b\n", "the columns title and title.en contradict"),
        (b'external_id,title.en\nl-1,"open\n', "not CSV, and nothing after it can be read"),
        (b"external_id,colour\nl-1,red\n", "category: Field required"),
    ],
)
def test_a_bad_row_of_csv(tmp_path: Path, content: bytes, reason: str):
    (problem,) = read(tmp_path, content, "rows.csv")
    assert isinstance(problem, Problem)
    assert problem.reason.startswith(reason)


def test_a_csv_file_in_another_encoding(tmp_path: Path):
    content = (
        "external_id,category,provider.name,title.de,description.de\nl-1,craft/plumber,Müller,T,D\n"
    ).encode("latin-1")
    assert read(tmp_path, content, "rows.csv") == [Problem(2, "provider.name: not UTF-8 text")]


def test_two_columns_of_one_name(tmp_path: Path):
    with pytest.raises(UnreadableFile, match="same name"):
        read(tmp_path, "external_id,external_id\na,b\n", "rows.csv")


def test_an_empty_file_has_no_rows(tmp_path: Path):
    assert read(tmp_path, b"") == []
    assert read(tmp_path, b"", "rows.csv") == []


def test_checking_counts_and_keeps_the_problems(tmp_path: Path):
    told: list[int] = []
    checked = check(iter(read(tmp_path, lines(GOOD) + "{\n")), told.append)
    assert (checked.good, checked.bad) == (1, 1)
    assert [problem.line for problem in checked.problems] == [2]
    assert told == [1, 2]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Müller & Söhne", "muller-sohne"),
        ("Щётка, 2 шт.", "shchetka-2-sht"),
        ("L'Électricien", "lelectricien"),
        ("", ""),
        ("x" * 100, "x" * 64),
    ],
)
def test_a_slug_is_plain(text: str, slug: str):
    assert plain(text) == slug


def test_a_slug_is_cut_between_words():
    assert plain("word " * 20) == "-".join(["word"] * 13)


def test_what_reads_alike_gets_different_slugs():
    first = slug_for("Pipes", "L 1", identity="L 1", taken=set())
    second = slug_for("Pipes", "l-1", identity="l-1", taken={first})
    assert first == "pipes-l-1"
    assert second.startswith("pipes-l-1-")
    assert slug_for("水", "", identity="a", taken=set())
