"""What arrives with an event is looked at before anything is done with it."""

from pathlib import Path

import pytest
from reflex_base.event.context import EventContext

from app.errors import NotAllowed, NotFound
from state.failures import say_failed
from state.payloads import form_of, number_of, text_of, uuid_of

WILD = [None, 7, True, 1.5, [], ["x"], {}, {"a": 1}, "", "x", "../", "\x00", "\ud800", "x" * 10**6]


@pytest.mark.parametrize("told", WILD)
def test_anything_becomes_what_is_asked_for(told: object):
    text = text_of(told, 200)
    assert len(text) <= 200
    assert "\x00" not in text
    text.encode()
    assert 0 <= number_of(told) < 10**9
    assert isinstance(form_of(told), dict)
    with pytest.raises(NotFound):
        uuid_of(told)


def told(path: str, error: Exception) -> str:
    """What a person on this page is told."""
    context = EventContext(
        token="a-tab",
        state_manager=None,  # pyright: ignore[reportArgumentType]
        enqueue_impl=None,  # pyright: ignore[reportArgumentType]
        emit_event_impl=None,
        emit_delta_impl=None,
        router_data={"asPath": path},
    )
    token = EventContext.set(context)
    try:
        return str(say_failed(error).args)
    finally:
        EventContext.reset(token)


def test_what_no_page_refuses_is_refused_in_the_readers_language():
    refusal = NotAllowed("You are not allowed to do this.")
    assert "You are not allowed to do this." in told("/en/admin", refusal)
    assert "У вас нет на это прав." in told("/ru/admin?x=1", refusal)
    assert "You are not allowed to do this." in told("/xx/admin", refusal)


def test_a_mistake_of_ours_tells_nothing_of_the_inside(caplog: pytest.LogCaptureFixture):
    shown = told("/en/admin", RuntimeError("secret-table"))
    assert "Something went wrong. Please try again." in shown
    assert "secret-table" not in shown
    assert "secret-table" in caplog.text


def test_the_program_answers_so():
    # The composition root is read, not run: importing it makes every page.
    source = (Path(__file__).parents[3] / "app" / "app.py").read_text()
    assert "backend_exception_handler=say_failed" in source
