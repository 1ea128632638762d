"""What people say when they need a kind of service, in the words of `needs.json`."""

import json
from functools import cache
from importlib import resources
from typing import cast

Needs = dict[str, dict[str, list[str]]]


@cache
def needs() -> Needs:
    """Phrases by category key and locale."""
    source = (resources.files("app.catalogue") / "needs.json").read_text("utf-8")
    return cast("Needs", json.loads(source))
