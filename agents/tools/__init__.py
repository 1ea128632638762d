"""The tools of the agents. Importing this package makes them known to whoever carries them out."""

from agents.tools.projects import PLAN_EVENT
from agents.tools.vendors import COMPARE, KEEP, REQUEST_QUOTES, SEARCH

__all__ = ["COMPARE", "KEEP", "PLAN_EVENT", "REQUEST_QUOTES", "SEARCH"]
