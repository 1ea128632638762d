"""Leaflet, which draws a map of streets where somebody opens one: from npm, served by ourselves.

It is no part of the pages' own JavaScript, so the build puts its files beside those of the pages,
under a name that changes with the version.
"""

import shutil
from pathlib import Path
from typing import Any

from reflex_base.plugins.base import Plugin

VERSION = "1.9.4"
PACKAGE = f"leaflet@{VERSION}"
SCRIPT = f"/assets/leaflet-{VERSION}.js"
SHEET = f"/assets/leaflet-{VERSION}.css"
_FILES = Path("node_modules") / "leaflet" / "dist"


class StreetsPlugin(Plugin):
    """Serves Leaflet, which `PACKAGE` brings; stands in `rxconfig.py` among the plugins."""

    def post_build(self, **context: Any) -> None:
        """Put its script and its style sheet among the built files."""
        client: Path = context["static_dir"]
        package = client.parents[1] / _FILES
        for name, served in (("leaflet.js", SCRIPT), ("leaflet.css", SHEET)):
            shutil.copyfile(package / name, client / served.lstrip("/"))
