"""What stands in a page's head, from state vars: title, description, addresses, structured data."""

# Reflex leaves the types of some component properties open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import reflex as rx
from reflex.vars import VarData

from app.i18n import LOCALES, SOURCE, direction, nearest

Text = str | rx.Var[Any]


def page_head(
    *,
    title: Text,
    description: Text = "",
    canonical: Text = "",
    alternates: rx.Var[Sequence[dict[str, str]]] | None = None,
    structured_data: Text = "",
    image: Text = "",
    image_size: tuple[Text, Text] = ("", ""),
    image_alt: Text = "",
    kind: Text = "website",
    site_name: Text = "",
    robots: Text = "",
    manifest: Text = "",
) -> dict[str, Any]:
    """Return the head of a page as keyword arguments for `App.add_page`.

    `alternates` is a list of `{"lang": ..., "href": ...}` that includes the page itself and
    `x-default`; `image_size` are the width and the height of `image`; `structured_data` is text
    made by `json_ld`; `robots` is for example "noindex".
    Elements whose content is empty are left out of the HTML.
    """
    elements: list[rx.Component] = [
        _property("og:image", image),
        _property("og:image:width", image_size[0]),
        _property("og:image:height", image_size[1]),
        _property("og:image:alt", image_alt),
        rx.cond(image, rx.el.meta(name="twitter:card", content="summary_large_image")),
        _property("og:title", title),
        _property("og:description", description),
        _property("og:url", canonical),
        _property("og:type", kind),
        _property("og:site_name", site_name),
        rx.el.meta(name="robots", content=robots),
        rx.cond(manifest, rx.el.link(rel="manifest", href=manifest)),
        rx.cond(canonical, rx.el.link(rel="canonical", href=canonical)),
        rx.cond(
            structured_data,
            rx.el.script(structured_data, type="application/ld+json"),
        ),
    ]
    if alternates is not None:
        elements.append(rx.foreach(alternates, _alternate))
    return {
        "title": title,
        "description": description,
        # What Reflex writes of it cannot follow a var.
        "image": "",
        "meta": elements,
    }


def alternates(addresses: Mapping[str, str], default: str) -> list[dict[str, str]]:
    """The translations of a page as `page_head` wants them, of its addresses by their languages.

    `x-default` comes last: the one in the `default` language, or what stands in for it.
    """
    found = [{"lang": code, "href": address} for code, address in addresses.items()]
    if source := nearest(default, list(addresses)):
        found.append({"lang": "x-default", "href": addresses[source]})
    return found


def html_attributes() -> dict[str, rx.Var[str]]:
    """Return `lang` and `dir` of the html element, from the first part of the path.

    For `rx.App(html_custom_attrs=...)`. Unknown languages count as the source language, and the
    path rather than a route's parameter decides because a page that is not found has none.
    """
    right_to_left = [locale for locale in LOCALES if direction(locale) == "rtl"]
    code = 'useLocation().pathname.split("/")[1]'
    data = VarData(imports={"react-router": ["useLocation"]})
    return {
        "lang": rx.Var(
            f'((code) => {json.dumps(LOCALES)}.includes(code) ? code : "{SOURCE}")({code})',
            _var_type=str,
            _var_data=data,
        ),
        "dir": rx.Var(
            f'{json.dumps(right_to_left)}.includes({code}) ? "rtl" : "ltr"',
            _var_type=str,
            _var_data=data,
        ),
    }


def _property(name: str, content: Text) -> rx.Component:
    return rx.el.meta(custom_attrs={"property": name}, content=content)


def _alternate(page: rx.vars.ObjectVar[dict[str, str]]) -> rx.Component:
    return rx.el.link(rel="alternate", href_lang=page["lang"], href=page["href"])
