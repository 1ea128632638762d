"""The platform's own log."""

import reflex as rx

from components.pages.admin.audit import audit
from components.pages.platform.frame import FRAME


def platform_log() -> rx.Component:
    """The page of what was done to markets, and by whom."""
    return audit(FRAME)
