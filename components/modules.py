"""Showing what leads to a module only where the market has it."""

import reflex as rx

from state.page import PageState


def where_on(module: str, component: rx.Component) -> rx.Component:
    """`component`, unless the market does without the module; see `app.markets.modules`."""
    return rx.cond(PageState.switched_off.contains(module), rx.fragment(), component)
