"""Whether two pages are the same page: what they say, of what elements, and under what head.

Scripts are left out, for they are what the two ways of making a page differ in, and so is what
only one of them brings and nobody sees: preloads, the character set, the viewport.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

FRAME = ".market"
"""What holds all that is seen of a page."""

_UNSEEN = ("script", "style", "template")
_OWN_HEAD = {"viewport", "next-size-adjust"}
_COMPARED = ("id", "class", "href", "lang", "dir", "role", "type", "aria-current", "style")
_LINKS = {"canonical", "alternate", "manifest", "icon", "apple-touch-icon"}


@dataclass(frozen=True)
class Sketch:
    """A page without what does not count."""

    text: list[str]
    elements: Counter[str]
    head: Counter[str]
    data: Any


def sketch(html: str) -> Sketch:
    """What counts of a page."""
    page = LexborHTMLParser(html)
    data = [json.loads(one.text()) for one in page.css('script[type="application/ld+json"]')]
    head = Counter(
        _written(one, ("name", "property", "content", "media"))
        for one in page.css("meta[content]")
        if one.attributes.get("name") not in _OWN_HEAD
    )
    head.update(
        _written(one, ("rel", "href", "hreflang"))
        for one in page.css("link[href]")
        if one.attributes.get("rel") in _LINKS
    )
    head.update(f"title: {one.text()}" for one in page.css("head title"))
    head.update(_written(one, ("lang", "dir")) for one in page.css("html"))
    page.strip_tags(list(_UNSEEN))
    frame = page.css_first(FRAME)
    if frame is None:
        return Sketch([], Counter(), head, data)
    text = frame.text(separator="\n")
    return Sketch(
        [line for one in text.split("\n") if (line := " ".join(one.split()))],
        Counter(_written(one, _COMPARED) for one in frame.css("*")),
        head,
        data,
    )


def differences(ours: str, theirs: str) -> list[str]:
    """In what `theirs` is another page than `ours`, a line for each; empty where it is the same."""
    one, other = sketch(ours), sketch(theirs)
    if not one.elements or not other.elements:
        return ["One of them has no frame of a market."]
    found = [*_missing("head", one.head, other.head)]
    found += _missing("element", one.elements, other.elements)
    found += _missing("text", _joined(one.text), _joined(other.text))
    if one.data != other.data:
        found.append(f"structured data: {one.data} and {other.data}")
    return found


def _joined(text: Iterable[str]) -> Counter[str]:
    """The words of a page; where one text node ends and the next begins does not count."""
    return Counter(" ".join(text).split())


def _missing(what: str, ours: Counter[str], theirs: Counter[str]) -> list[str]:
    return [
        *(f"{what} only here: {one} ({number})" for one, number in (ours - theirs).items()),
        *(f"{what} only there: {one} ({number})" for one, number in (theirs - ours).items()),
    ]


def _written(node: LexborNode, names: Iterable[str]) -> str:
    told = node.attributes
    values = {name: " ".join((told[name] or "").split()) for name in names if name in told}
    if "class" in values:
        values["class"] = " ".join(sorted(values["class"].split()))
    if "style" in values:
        rules = values["style"].replace(" ", "").rstrip(";").split(";")
        values["style"] = ";".join(sorted(rules))
    return f"{node.tag} " + " ".join(f'{name}="{value}"' for name, value in values.items())
