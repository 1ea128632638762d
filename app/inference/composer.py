"""The composer: an honest, cited answer with no model at all.

It is the last link of every chain. It only ever says sentences of the catalogues, titles and facts
of listings, and sentences of articles, so it can be dull but it cannot invent.
"""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Final

import numpy as np

from app.i18n import ntranslate, translate
from app.inference.model import Brief, Evidence
from app.search.embeddings import Embedder, Vectors

SENTENCES = 3
"""How many sentences of the articles an explanation quotes at most."""

DETAIL_WORDS = 34
"""How many words of a listing's description stand beside it at most."""

_SENTENCE_END: Final = re.compile(r"(?<=[.!?…؟。])\s+|\n+")
_MARKUP: Final = re.compile(
    r"^\s*(?:#+|[-*+]|\d+\.|>)\s*|[*_`]+|\[([^\]]*)\]\([^)]*\)", re.MULTILINE
)


class Composer:
    """Writes answers from the catalogues' sentences and the evidence."""

    name = "composer"

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    async def stream(self, brief: Brief) -> AsyncIterator[str]:
        """Yield the answer a few words at a time; see `ChatModel.stream`."""
        for number, paragraph in enumerate(await self._paragraphs(brief)):
            if number:
                yield "\n\n"
            for piece in _words(paragraph):
                yield piece

    async def _paragraphs(self, brief: Brief) -> list[str]:
        match brief.purpose:
            case "offer":
                return await self._offer(brief)
            case "explain":
                return await self._explain(brief)
            case "both":
                articles = _of_kind(brief, "article")
                listings = _of_kind(brief, "listing")
                explained = await self._quotes(brief, articles) if articles else []
                offered = await self._services(brief, listings) if listings else []
                return [*explained, *offered] or _nothing(brief)
            case _:
                return _small_talk(brief)

    async def _offer(self, brief: Brief) -> list[str]:
        listings = _of_kind(brief, "listing")
        if not listings:
            return _nothing(brief)
        return [
            *await self._services(brief, listings),
            translate(
                brief.locale,
                "Open a card for the details. Tell me the day, the place or your budget and I will"
                " narrow it down.",
            ),
        ]

    async def _services(self, brief: Brief, listings: list[Evidence]) -> list[str]:
        say = brief.locale
        head = ntranslate(
            say,
            "One service in %(market)s fits:",
            "%(count)s services in %(market)s fit:",
            len(listings),
            market=brief.market,
        )
        details = await self._best_sentences(brief.message, [found.text for found in listings])
        lines = [
            f"• {found.title} [{found.number}] — "
            + ". ".join(part for part in (" · ".join(found.facts), detail) if part)
            for found, detail in zip(listings, details, strict=True)
        ]
        return [head, "\n".join(lines)]

    async def _explain(self, brief: Brief) -> list[str]:
        articles = _of_kind(brief, "article")
        if not articles:
            return _nothing(brief)
        quotes = await self._quotes(brief, articles)
        more = translate(
            brief.locale,
            "The whole article: “%(title)s” [%(number)s].",
            title=articles[0].title,
            number=articles[0].number,
        )
        return [*quotes, more]

    async def _quotes(self, brief: Brief, articles: list[Evidence]) -> list[str]:
        sentences = [
            (found.number, place, sentence)
            for found in articles
            for place, sentence in enumerate(_sentences(found.text))
        ]
        if not sentences:
            return []
        near = await self._nearness(brief.message, [sentence for _, _, sentence in sentences])
        # What stands in the best article counts a little more than a chance sentence elsewhere.
        first = articles[0].number
        weighed = [
            float(score) + (0.08 if number == first else 0.0)
            for score, (number, _, _) in zip(near, sentences, strict=True)
        ]
        best = sorted(range(len(sentences)), key=lambda at: -weighed[at])[:SENTENCES]
        floor = weighed[best[0]] - 0.25
        chosen = sorted(
            (sentences[at] for at in best if weighed[at] >= floor),
            key=lambda said: (said[0] != first, said[0], said[1]),
        )
        return [" ".join(f"{sentence} [{number}]" for number, _, sentence in chosen)]

    async def _best_sentences(self, message: str, texts: list[str]) -> list[str]:
        split = [_sentences(text) for text in texts]
        flat = [sentence for sentences in split for sentence in sentences]
        if not flat:
            return ["" for _ in texts]
        near = iter(await self._nearness(message, flat))
        return [
            _shortened(max(scored)[1]) if (scored := [(next(near), text) for text in own]) else ""
            for own in split
        ]

    async def _nearness(self, message: str, sentences: list[str]) -> list[float]:
        vectors: Vectors = await self._embedder.embed([message, *sentences])
        return np.asarray(vectors[1:] @ vectors[0]).tolist()


def _of_kind(brief: Brief, kind: str) -> list[Evidence]:
    return [found for found in brief.evidence if found.kind == kind]


def _nothing(brief: Brief) -> list[str]:
    say = brief.locale
    return [
        translate(
            say,
            "I found nothing in %(market)s that fits, and I will not make something up.",
            market=brief.market,
        ),
        *_suggestions(brief),
        translate(say, "Say it in other words, or name the kind of service you are looking for."),
    ]


def _small_talk(brief: Brief) -> list[str]:
    say, market = brief.locale, brief.market
    can = translate(
        say,
        "I find services in %(market)s and answer questions about how this market works, always"
        " with a link to where it is written.",
        market=market,
    )
    match brief.purpose:
        case "greeting":
            return [
                translate(say, "Hello! I am Maestro, the assistant of %(market)s.", market=market),
                can,
                *_suggestions(brief),
            ]
        case "thanks":
            return [translate(say, "You are welcome. Ask on whenever something is missing.")]
        case "farewell":
            return [translate(say, "Goodbye! This conversation stays here for when you return.")]
        case "identity":
            return [
                translate(
                    say,
                    "I am Maestro, a program and not a person. I work for %(market)s.",
                    market=market,
                ),
                can,
                *_suggestions(brief),
            ]
        case _:
            return [
                translate(say, "That is outside what I can do, so I would only be guessing."),
                can,
                *_suggestions(brief),
            ]


def _suggestions(brief: Brief) -> list[str]:
    if not brief.offers:
        return []
    return [
        translate(
            brief.locale,
            "Here you can find, for example: %(offers)s.",
            offers=", ".join(brief.offers),
        )
    ]


def _sentences(text: str) -> list[str]:
    plain = _MARKUP.sub(lambda found: found[1] or "", text)
    return [part.strip() for part in _SENTENCE_END.split(plain) if len(part.split()) > 2]


def _shortened(sentence: str) -> str:
    words = sentence.split()
    return sentence if len(words) <= DETAIL_WORDS else " ".join(words[:DETAIL_WORDS]) + "…"


def _words(paragraph: str) -> Iterator[str]:
    # A few words at a time read like writing and cost few frames.
    pieces = re.findall(r"\S+\s*", paragraph)
    for start in range(0, len(pieces), 4):
        yield "".join(pieces[start : start + 4])
