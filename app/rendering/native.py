"""Links and forms that are the browser's own: they work before JavaScript and without it.

Reflex's `rx.el.a` navigates inside the page, and its `rx.el.form` holds every submission back.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML
from reflex_components_core.el.elements.inline import A

__all__ = ["form", "link"]


class NativeAnchor(A):
    """An `a` element that the browser follows with a full page load."""


class NativeForm(BaseHTML):
    """A `form` element that the browser submits."""

    tag = "form"

    action: rx.Var[str]
    method: rx.Var[str]
    enc_type: rx.Var[str]
    no_validate: rx.Var[bool]
    auto_complete: rx.Var[str]


def link(*children: Any, href: Any, **props: Any) -> rx.Component:
    """A link that loads the next page whole."""
    return _made(NativeAnchor, *children, href=href, **props)


def form(*children: Any, action: Any, method: str = "get", **props: Any) -> rx.Component:
    """A form that the browser sends to `action`.

    Its fields do not start JavaScript on a page that waits for the first input, unless the form
    has `custom_attrs={"data-hydrate": ""}`.
    """
    return _made(NativeForm, *children, action=action, method=method, **props)


def _made(kind: Any, *children: Any, **props: Any) -> rx.Component:
    # `create` carries hundreds of optional properties whose types Reflex leaves open.
    return kind.create(*children, **props)
