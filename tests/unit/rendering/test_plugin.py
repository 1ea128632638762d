"""The changes to Reflex's templates: they fit this version, and say so when they stop fitting."""

import json
from pathlib import Path

import pytest
from reflex_base import constants
from reflex_base.compiler import templates

from app.rendering import plugin
from app.rendering.plugin import AnchorMissing

STATE_JS = (Path(constants.Templates.Dirs.WEB_TEMPLATE) / "utils" / "state.js").read_text()
CONTEXT = templates.context_template(
    is_dev_mode=False, default_color_mode='"system"', initial_state={"a": {}}, state_name="a"
)
VITE = templates.vite_config_template(
    base="/", hmr=False, force_full_reload=False, experimental_hmr=False, sourcemap=False
)
CHANGES = [(plugin.STATE, STATE_JS), (plugin.CONTEXT, CONTEXT), (plugin.VITE_CONFIG, VITE)]


@pytest.mark.parametrize(("change", "source"), CHANGES)
def test_a_change_fits_reflex_and_is_made_once(change: plugin.Change, source: str):
    changed = change(source)
    assert changed != source
    assert change(changed) == changed


@pytest.mark.parametrize(("change", "source"), CHANGES)
def test_a_changed_template_stops_the_build(change: plugin.Change, source: str):
    without_last_anchor = source.replace(change.changes[-1][0], "")
    with pytest.raises(AnchorMissing, match="found 0 times"):
        change(without_last_anchor)


def test_text_that_stands_twice_is_not_guessed_at():
    with pytest.raises(AnchorMissing, match="found 2 times"):
        plugin.replace_once("a b a", "a", "c")


def test_the_router_renders_on_the_server():
    source = 'export default {"basename": "/", "ssr": false, "prerender": ["/"]};'
    config = json.loads(
        plugin.router_config(source).removeprefix("export default ").removesuffix(";")
    )
    assert config == {"basename": "/", "ssr": True, "routeDiscovery": {"mode": "initial"}}


def test_the_waking_script_stays_small():
    entry = dict(plugin.frontend_files())["app/entry.server.jsx"]
    assert "__WAKE_SCRIPT__" not in entry
    assert len((plugin.FRONTEND / "wake.js").read_bytes()) < 1700
