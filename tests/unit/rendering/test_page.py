"""What load handlers may declare."""

import pytest

from app.rendering.page import Declaration, declaring, ssr


def test_declarations_reach_the_render_that_runs():
    with declaring(Declaration()) as declaration:
        ssr.status(404)
        ssr.cache(30)
        ssr.hydrate("interaction")
        ssr.header("X-Robots-Tag", "noindex")
        assert ssr.active
    assert declaration.status == 404
    assert declaration.hydrate == "interaction"
    assert declaration.headers == {"x-robots-tag": "noindex"}
    assert declaration.is_public


def test_outside_a_render_declarations_do_nothing():
    ssr.status(500)
    ssr.cache(30)
    assert not ssr.active
    with declaring(Declaration()) as declaration:
        assert declaration == Declaration()


@pytest.mark.parametrize(
    "declaration",
    [
        Declaration(),
        Declaration(lifetime=60, status=500),
        Declaration(lifetime=60, status=302, location="/en"),
        Declaration(lifetime=60, headers={"set-cookie": "a=b"}),
        Declaration(lifetime=60, headers={"www-authenticate": "Basic"}),
    ],
)
def test_a_page_is_private_unless_it_can_be_shared(declaration: Declaration):
    assert not declaration.is_public


def test_a_header_cannot_smuggle_another():
    with declaring(Declaration()), pytest.raises(ValueError, match="line breaks"):
        ssr.header("x-name", "a\r\nset-cookie: b=c")


def test_an_unknown_way_to_hydrate_is_refused():
    with pytest.raises(ValueError, match="eager"):
        ssr.hydrate("eager")  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    "told", ["http:", "*", "https://a.example/x", "https://a.example; script-src *", "//a.example"]
)
def test_only_an_origin_can_be_let_give_pictures(told: str):
    with declaring(Declaration()) as declaration:
        ssr.pictures_from("https://tiles.example.org:8443")
        with pytest.raises(ValueError, match="origin"):
            ssr.pictures_from(told)
    assert declaration.pictures == {"https://tiles.example.org:8443"}
