"""`ServerRenderPlugin`: adds run-time server rendering to Reflex's build and server.

Reflex compiles pages for React Router with `ssr: false`. The plugin turns that on, adds the entry
that renders, and changes a few lines of what Reflex generates. Each change looks for the exact text
it replaces and raises when Reflex's template has changed, so an upgrade fails at build time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from reflex_base import constants
from reflex_base.plugins.base import Plugin
from starlette.applications import Starlette
from starlette.routing import BaseRoute

FRONTEND = Path(__file__).parent / "frontend"


class AnchorMissing(RuntimeError):
    """Reflex's template changed: the text that server rendering replaces is not there."""


def replace_once(source: str, anchor: str, replacement: str) -> str:
    """Replace `anchor`, which must stand in `source` exactly once; do nothing if it is done."""
    if replacement in source:
        return source
    if source.count(anchor) != 1:
        raise AnchorMissing(
            "Server rendering does not know this version of Reflex; "
            f"this text was expected once and found {source.count(anchor)} times: {anchor!r}"
        )
    return source.replace(anchor, replacement)


@dataclass(frozen=True)
class Change:
    """Texts of a template and what stands there instead; call it with the template's text."""

    changes: tuple[tuple[str, str], ...]

    def __call__(self, source: str) -> str:
        for anchor, replacement in self.changes:
            source = replace_once(source, anchor, replacement)
        return source


def _replacing(*changes: tuple[str, str]) -> Change:
    return Change(changes)


def router_config(source: str) -> str:
    """Turn on server rendering in react-router.config.js."""
    config: dict[str, Any] = json.loads(source.removeprefix("export default ").rstrip().rstrip(";"))
    config["ssr"] = True
    config.pop("prerender", None)
    # All routes in one manifest: no end point for finding routes is needed.
    config["routeDiscovery"] = {"mode": "initial"}
    return f"export default {json.dumps(config)};"


VITE_CONFIG = _replacing(
    (
        "export default defineConfig((config) => ({\n",
        "export default defineConfig((config) => ({\n"
        '  ssr: config.command === "build" ? { noExternal: true } : {},\n',
    ),
)
CONTEXT = _replacing(
    (
        'import { jsx } from "@emotion/react";\n',
        'import { jsx } from "@emotion/react";\n'
        'import { clientStore, useServerStore } from "$/utils/page";\n',
    ),
    (
        "useState(() => createStateStore(initialState))",
        "useState(() => clientStore(createStateStore, initialState))",
    ),
    (
        "{ children, store: serverStateStore }",
        "{ children, store: useServerStore(initialState) }",
    ),
)
STATE = _replacing(
    (
        'import { app, eventLoop } from "$/utils/context-registry";\n',
        'import { app, eventLoop } from "$/utils/context-registry";\n'
        'import { announceHydrated, lazySocket } from "$/utils/page";\n',
    ),
    # No transport is warmed up for a page that may never need one.
    ("      socketStarted ||\n", "      socketStarted || lazySocket ||\n"),
    (
        "    mounted.current = true;\n    ensureSocketConnected();",
        "    mounted.current = true;\n    if (!lazySocket) ensureSocketConnected();\n"
        "    setTimeout(announceHydrated);",
    ),
    # Pages and socket share one port, which may differ from the port at build time.
    (
        "    endpoint.hostname = frontend_hostname;\n",
        "    endpoint.hostname = frontend_hostname;\n"
        "    if (!import.meta.env.DEV) endpoint.port = window.location.port;\n",
    ),
    (
        '      endpoint.port = ""; // Assume',
        '      if (import.meta.env.DEV) endpoint.port = ""; // Assume',
    ),
)


def state_js(_current: str) -> str:
    """The packaged utils/state.js with our changes.

    Reflex copies this file only once, so the copy in the build folder may hold older changes.
    """
    return STATE((constants.Templates.Dirs.WEB_TEMPLATE / "utils" / "state.js").read_text())


def frontend_files() -> list[tuple[str, str]]:
    """The files that the build folder gets: path inside it, and text."""
    wake = json.dumps(_read("wake.js").replace("\n", ""))
    return [
        ("utils/page.js", _read("page.js")),
        ("app/entry.server.jsx", _read("entry.server.jsx").replace("__WAKE_SCRIPT__", wake)),
        ("renderer.mjs", _read("renderer.mjs")),
    ]


def _read(name: str) -> str:
    return (FRONTEND / name).read_text(encoding="utf-8")


class ServerRenderPlugin(Plugin):
    """Renders pages on the server; stands in `rxconfig.py` among the plugins."""

    def pre_compile(self, **context: Any) -> None:
        """Add our files to the build and change Reflex's."""
        modify = context["add_modify_task"]
        context["add_save_task"](frontend_files)
        modify("react-router.config.js", router_config)
        modify("vite.config.js", VITE_CONFIG)
        modify("utils/context.jsx", CONTEXT)
        modify("utils/state.js", state_js)

    def post_compile(self, **context: Any) -> None:
        """Put the page service in front of the app's HTTP routes."""
        # Reflex reads rxconfig.py, and with it this module, while it is itself being imported.
        from app.rendering.service import PageService  # noqa: PLC0415
        from app.settings import settings  # noqa: PLC0415

        app = context["app"]
        given: Any = app.api_transformer or []
        transformers = cast("list[Any]", given if isinstance(given, list) else [given])
        routes: list[BaseRoute] = list(app._api.routes)
        for transformer in transformers:
            if isinstance(transformer, Starlette):
                routes.extend(transformer.routes)
        service = PageService(app, Path.cwd() / ".web", routes, renderers=settings().renderers)
        app.api_transformer = [*transformers, service.wrap]
        app.register_lifespan_task(service.lifespan)
