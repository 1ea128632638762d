"""Which specialists there are: found by their names, so that one can be missing."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TypeGuard

from agents.base import BaseAgent, Deps

NAMES = (
    "vendor",
    "communication",
    "planning",
    "finance",
    "analytics",
    "social",
    "dashboard",
    "course",
)
"""Every specialist that may be there, in the order in which an answer lets them speak."""


@cache
def kinds() -> dict[str, type[BaseAgent]]:
    """The specialists of this program: for each name, the agent in `agents.<name>` with it."""
    found: dict[str, type[BaseAgent]] = {}
    for name in NAMES:
        if find_spec(f"agents.{name}") is None:
            continue
        for made in vars(import_module(f"agents.{name}")).values():
            if _is_agent(made) and made.__dict__.get("name") == name:
                found[name] = made
    return found


def specialists(deps: Deps) -> dict[str, BaseAgent]:
    """One of each specialist, with what it works with."""
    return {name: kind(deps) for name, kind in kinds().items()}


def _is_agent(made: object) -> TypeGuard[type[BaseAgent]]:
    return isinstance(made, type) and issubclass(made, BaseAgent)
