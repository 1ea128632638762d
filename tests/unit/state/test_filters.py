"""Links between the pages of a list."""

from state.filters import language_options, page_links

PATH = "/en/c/craft-plumber"


def test_one_page_needs_no_links():
    assert page_links(PATH, {}, 1, 1) == []


def test_the_open_page_is_no_link_and_the_first_has_the_plain_address():
    links = page_links(PATH, {}, 2, 9)
    assert [(link.number, link.href) for link in links] == [
        (1, PATH),
        (2, ""),
        (3, f"{PATH}?page=3"),
        (9, f"{PATH}?page=9"),
    ]


def test_filters_are_kept_and_written_as_addresses_want():
    links = page_links(PATH, {"city": "Альметьевск & co", "lang": ""}, 1, 2)
    assert links[1].href.startswith(f"{PATH}?city=%D0%90")
    assert links[1].href.endswith("+%26+co&page=2")


def test_languages_stand_in_the_order_of_the_readers_language():
    assert [option.value for option in language_options(["en", "ar", "ru"], "ru")] == [
        "en",
        "ar",
        "ru",
    ]
