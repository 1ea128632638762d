"""What a market can say in its own words stands on public pages, gaps and all."""

import ast
import json
import subprocess
from pathlib import Path

import reflex as rx

from app.markets.wording import GROUPS, WORDS, gaps
from app.rendering.renderer import node_executable
from components.text import _
from state.locale import LocaleState

COMPONENTS = Path(__file__).parents[3] / "components"
STAFF = ("admin", "platform", "office", "account")


def shown_to_visitors() -> dict[str, set[str]]:
    """Each text that a public page shows, with the gaps that it fills."""
    found: dict[str, set[str]] = {}
    for path in COMPONENTS.rglob("*.py"):
        if path.parent.name in STAFF:
            continue
        for call in ast.walk(ast.parse(path.read_text())):
            match call:
                case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(text)), *_rest]):
                    filled = {keyword.arg or "" for keyword in call.keywords}
                    found[text] = found.get(text, set()) | filled
                case ast.Constant(value=str(text)):
                    found.setdefault(text, set())
                case _:
                    pass
    return found


def test_every_text_that_can_be_replaced_stands_on_a_public_page():
    shown = shown_to_visitors()
    assert [message for message in WORDS if message not in shown] == []
    assert [message for message in WORDS if not gaps(message) <= shown[message]] == []
    assert len(WORDS) == len(set(WORDS)) >= 40
    assert all(messages for _name, messages in GROUPS)


def evaluated(text: rx.Var[str], wording: dict[str, str]) -> str:
    """What a browser shows for `text` in a market with this wording."""
    state, _dot, name = str(LocaleState.wording).partition(".")
    language = str(LocaleState.language).partition(".")[2]
    told = json.dumps({name: wording, language: "en"})
    script = f"const {state} = {told}; process.stdout.write({text!s})"
    words = [node_executable(), "-e", script]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return done.stdout


def test_own_words_take_the_place_of_the_usual_ones_with_their_gaps_filled():
    message = next(message for message in WORDS if gaps(message) == {"market"})
    name = "A$&B's"
    text = _(message, market=rx.Var.create(name))
    assert evaluated(text, {}) == message % {"market": name}
    assert evaluated(text, {message: "Hi from %(market)s, yes %(market)s"}) == (
        f"Hi from {name}, yes {name}"
    )
    assert evaluated(text, {message: "100 % without"}) == "100 % without"
    assert evaluated(_("Ask"), {"Ask": "Say"}) == "Say"
