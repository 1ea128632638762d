"""Requests, routes and the difference between a page's state and the compiled defaults."""

import json

import pytest
import reflex as rx

from app.rendering.state import (
    PageRequest,
    all_vars,
    diff_json,
    differences,
    kept_vars,
    route_parameters,
)
from state.page import Crumb, PageState


@pytest.mark.parametrize(
    ("route", "path", "values"),
    [
        ("[locale]", "/ru", {"locale": "ru"}),
        (
            "[locale]/c/[category]",
            "/ru/c/craft-plumber",
            {"locale": "ru", "category": "craft-plumber"},
        ),
        ("[locale]/chat/[[conversation]]", "/ru/chat", {"locale": "ru"}),
        ("[[...splat]]", "/a/b", {"splat": ["a", "b"]}),
        ("about", "/about", {}),
    ],
)
def test_a_route_names_the_parts_of_a_path(route: str, path: str, values: dict[str, object]):
    assert route_parameters(route, path) == values


def test_only_what_differs_is_sent():
    compiled = {"shop": {"title": '""', "count": "0"}, "other": {"x": "1"}}
    current = {"shop": {"title": '"Tap"', "count": "0"}, "other": {"x": "1"}}
    found = differences(current, compiled)
    assert found == {"shop": {"title": '"Tap"'}}
    assert json.loads(diff_json(found)) == {"shop": {"title": "Tap"}}


async def test_nothing_that_differs_is_left_out():
    root = rx.State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    compiled = await all_vars(rx.State(_reflex_internal_init=True), initial=True)  # pyright: ignore[reportCallIssue]
    root.is_hydrated = True
    page = await root.get_state(PageState)
    page.head_title = "Tap"
    page.crumbs.append(Crumb("Plumbers", "/en/c/craft-plumber"))
    assert page.tagline == ""
    kept = await kept_vars(root)
    found = differences(kept, compiled)
    assert found == differences(await all_vars(root), compiled)
    assert found[PageState.get_full_name()].keys() == {
        "head_title_rx_state_",
        "crumbs_rx_state_",
    }
    assert len(kept) < len(compiled)


def test_an_anonymous_request_knows_the_address_and_nothing_else():
    request = PageRequest(
        "/ru/search",
        "q=кран",
        {
            "host": "Kazan.localhost:8000",
            "cookie": "session=1",
            "authorization": "Bearer 1",
            "accept-language": "ru",
            "user-agent": "x",
            "x-forwarded-for": "1.2.3.4",
        },
        client="1.2.3.4",
    )
    anonymous = request.anonymous()
    assert anonymous.headers == {"host": "kazan.localhost:8000"}
    assert anonymous.client == ""
    assert (anonymous.path, anonymous.query) == ("/ru/search", "q=кран")


def test_an_address_is_written_with_percent_signs():
    assert PageRequest("/ru/s/кран", "a=1", {}).target == "/ru/s/%D0%BA%D1%80%D0%B0%D0%BD?a=1"
