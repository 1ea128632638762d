"""Links that are anchors and nothing else."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A

__all__ = ["link"]


class NativeAnchor(A):
    """An `a` element that the browser follows with a full page load."""


def link(*children: Any, href: Any, **props: Any) -> rx.Component:
    """A link that works without JavaScript and loads the next page whole."""
    return NativeAnchor.create(*children, href=href, **props)
