"""A text as a Markdown file, with what it rests on and who wrote it."""

import re

from app.i18n import translate
from app.inference.composer import Composer
from app.writings.models import Writing

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|])")


def as_markdown(writing: Writing, origin: str) -> str:
    """The whole file; `origin` is the market's address, for the links of the sources."""
    say = writing.locale
    parts = [f"# {_plain(writing.title)}", writing.text.replace("\n• ", "\n- ")]
    if writing.sources:
        heading = translate(say, "Sources")
        parts.append(f"## {heading}")
        parts.append("\n".join(_source(one, origin) for one in writing.sources))
    parts.append(f"*{_plain(made_by(writing, say))}*")
    return "\n\n".join(parts) + "\n"


def made_by(writing: Writing, locale: str) -> str:
    """Who wrote a text, in a sentence."""
    model = writing.model
    match model == Composer.name, writing.edited:
        case True, True:
            return translate(locale, "Composed without a model, and changed by hand.")
        case True, False:
            return translate(locale, "Composed without a model.")
        case False, True:
            return translate(locale, "Written by %(model)s, and changed by hand.", model=model)
        case _:
            return translate(locale, "Written by %(model)s.", model=model)


def _source(one: dict[str, object], origin: str) -> str:
    told = f"{one['number']}. [{_plain(str(one['title']))}]({origin}{one['url']})"
    detail = _plain(str(one.get("detail") or ""))
    return f"{told} — {detail}" if detail else told


def _plain(text: str) -> str:
    """Words that Markdown shows as they are."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
