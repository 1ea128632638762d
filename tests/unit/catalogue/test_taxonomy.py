"""The kinds of service: complete enough for every page, and found by key and by slug."""

from app.catalogue.taxonomy import categories, category, category_of_slug

SHOWN_LOCALES = ("en", "ru", "de", "es", "fr", "ar")


def test_a_map_kind_is_named_in_the_reader_s_language():
    plumber = category("craft/plumber")
    assert plumber is not None
    assert plumber.name_in("ru") == "Сантехник"
    assert plumber.name_in("fr") == "Plombier"
    assert plumber.name_in("xx") == "Plumber"
    assert "fontanería" in plumber.terms["es"]


def test_a_kind_that_maps_do_not_know_is_there_too():
    tutor = category("service/tutor")
    assert tutor is not None
    assert all(locale in tutor.names for locale in SHOWN_LOCALES)


def test_an_unknown_key_has_no_category():
    assert category("craft/") is None
    assert category("amenity/bench") is None


def test_slugs_lead_back_to_their_category():
    for kind in categories():
        assert "/" not in kind.slug
        assert category_of_slug(kind.slug) == kind


def test_a_name_that_was_replaced_stays_a_search_term():
    plumber = category("craft/plumber")
    assert plumber is not None
    assert "Офис слесаря-сантехника" in plumber.terms["ru"]


def test_the_kinds_of_craft_office_and_education_are_named_in_every_shown_locale():
    for kind in categories():
        if kind.group in ("craft", "office", "education", "leisure", "service"):
            assert [name for name in SHOWN_LOCALES if name not in kind.names] == [], kind.key
