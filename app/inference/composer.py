"""The composer: an honest, cited answer with no model at all.

It is the last link of every chain. It only ever says sentences of the catalogues, titles and facts
of listings, and sentences of articles, so it can be dull but it cannot invent.
"""

from collections.abc import AsyncIterator
from zlib import crc32

import numpy as np

from app.i18n import ntranslate, translate
from app.inference.model import Brief, Evidence
from app.inference.sentences import a_few_words, flat, sentences_of, shortened
from app.inference.texts import marketing_text, proposal
from app.search.embeddings import Embedder, Vectors

SENTENCES = 3
"""How many sentences of the articles an explanation quotes at most."""

ALIKE = 0.22
"""How much less near than the best sentence another may be to be quoted with it."""

ABOUT = 0.5
"""How much the nearness of an article's title counts beside that of a sentence."""


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
            for piece in a_few_words(paragraph):
                yield piece

    async def _paragraphs(self, brief: Brief) -> list[str]:
        match brief.purpose:
            case "offer":
                return await self._offer(brief)
            case "explain":
                return await self._explain(brief)
            case "both":
                offered = await self._services(brief, _of_kind(brief, "listing"))
                explained = await self._quotes(brief, _told(brief))
                return [*offered, *explained] or _nothing(brief)
            case "proposal" | "marketing":
                return await self._wanted(brief)
            case "unclear" | "exhausted":
                return _astray(brief)
            case _:
                return _small_talk(brief)

    async def _offer(self, brief: Brief) -> list[str]:
        listings = _of_kind(brief, "listing")
        if not listings:
            return _nothing(brief)
        return [*await self._services(brief, listings), *_remarks(brief, listings), _ask_on(brief)]

    async def _services(self, brief: Brief, listings: list[Evidence]) -> list[str]:
        if not listings:
            return []
        return [_head(brief, len(listings)), await self._lines(brief, listings)]

    async def _lines(self, brief: Brief, listings: list[Evidence]) -> str:
        """A line for each service, with what it says that is nearest to the message."""
        details = await self._best_sentences(brief, [found.text for found in listings])
        return "\n".join(
            f"• {flat(found.title)} [{found.number}] — "
            + ". ".join(part for part in (flat(" · ".join(found.facts)), detail) if part)
            for found, detail in zip(listings, details, strict=True)
        )

    async def _wanted(self, brief: Brief) -> list[str]:
        """A text that somebody asked for."""
        if brief.purpose == "marketing":
            return marketing_text(brief)
        listings = _of_kind(brief, "listing")
        return proposal(brief, await self._lines(brief, listings), _remarks(brief, listings))

    async def _explain(self, brief: Brief) -> list[str]:
        articles = _told(brief)
        if not articles:
            return _nothing(brief)
        return await self._quotes(brief, articles)

    async def _quotes(self, brief: Brief, articles: list[Evidence]) -> list[str]:
        """What each article says to the message, and where to read on."""
        sentences = [
            (found, place, sentence)
            for found in articles
            for place, sentence in enumerate(sentences_of(found.text, brief.hosts))
        ]
        if not sentences:
            return []
        titles = await self._nearness(brief.message, [found.title for found in articles])
        about = {found.number: near for found, near in zip(articles, titles, strict=True)}
        alone = await self._nearness(brief.message, [sentence for _, _, sentence in sentences])
        # A sentence counts for more in an article that is about the question.
        near = [
            score + ABOUT * about[found.number]
            for score, (found, _, _) in zip(alone, sentences, strict=True)
        ]
        ranked = sorted(zip(near, sentences, strict=True), key=lambda pair: -pair[0])
        first = ranked[0][1][0]
        said: dict[int, list[tuple[int, str]]] = {}
        for score, (found, place, sentence) in ranked:
            own = said.setdefault(found.number, [])
            # Each article says at least its best sentence, for it is cited.
            most = SENTENCES if found is first else 1
            if not own or (len(own) < most and score >= ranked[0][0] - ALIKE):
                own.append((place, sentence))
        paragraphs = [
            " ".join(sentence for _, sentence in sorted(own)) + f" [{number}]"
            for number, own in said.items()
        ]
        title, number = flat(first.title), first.number
        if first.kind == "file":
            more = translate(
                brief.locale,
                "Where it is written: “%(title)s”, %(place)s [%(number)s].",
                title=title,
                place=flat(" · ".join(first.facts)),
                number=number,
            )
        elif first.kind == "passage":
            more = translate(
                brief.locale,
                "Where it is written: “%(title)s” [%(number)s].",
                title=title,
                number=number,
            )
        else:
            more = translate(
                brief.locale,
                "The whole article: “%(title)s” [%(number)s].",
                title=title,
                number=number,
            )
        return [*paragraphs, more]

    async def _best_sentences(self, brief: Brief, texts: list[str]) -> list[str]:
        split = [sentences_of(text, brief.hosts) for text in texts]
        flat = [sentence for sentences in split for sentence in sentences]
        if not flat:
            return ["" for _ in texts]
        near = iter(await self._nearness(brief.message, flat))
        return [
            shortened(max(scored)[1]) if (scored := [(next(near), text) for text in own]) else ""
            for own in split
        ]

    async def _nearness(self, message: str, sentences: list[str]) -> list[float]:
        vectors: Vectors = await self._embedder.embed([message, *sentences])
        return np.asarray(vectors[1:] @ vectors[0]).tolist()


def _of_kind(brief: Brief, kind: str) -> list[Evidence]:
    return [found for found in brief.evidence if found.kind == kind]


def _told(brief: Brief) -> list[Evidence]:
    """What is written about how the market works: articles and documents."""
    return [found for found in brief.evidence if found.kind != "listing"]


def _head(brief: Brief, count: int) -> str:
    say, market = brief.locale, brief.market
    if brief.unmet:
        return translate(
            say,
            "Nothing in %(market)s meets all of it (%(wishes)s). This comes nearest:",
            market=market,
            wishes=", ".join(brief.unmet),
        )
    if brief.by_price:
        return translate(say, "From the lowest price up:")
    if count > 1 and crc32(brief.message.encode()) % 2:
        return translate(say, "This is what %(market)s has, the best match first:", market=market)
    return ntranslate(
        say,
        "One service in %(market)s fits:",
        "%(count)s services in %(market)s fit:",
        count,
        market=market,
    )


def _remarks(brief: Brief, listings: list[Evidence]) -> list[str]:
    """What sets the services apart, as far as it can be said without judging them."""
    told: list[str] = []
    cheapest = next((found for found in listings if found.number == brief.cheapest), None)
    if cheapest is not None and not brief.by_price:
        told.append(
            translate(
                brief.locale,
                "The lowest price among them: %(price)s [%(number)s].",
                price=cheapest.facts[-1],
                number=cheapest.number,
            )
        )
    if brief.speaking:
        told.append(
            ntranslate(
                brief.locale,
                "This one speaks your language: %(numbers)s.",
                "These speak your language: %(numbers)s.",
                len(brief.speaking),
                numbers=" ".join(f"[{number}]" for number in brief.speaking),
            )
        )
    return [" ".join(told)] if told else []


def _ask_on(brief: Brief) -> str:
    if crc32(brief.message.encode()) % 3 == 0 and not brief.by_price:
        return translate(
            brief.locale, "Shall I look for something cheaper, or show you others? Just say so."
        )
    return translate(
        brief.locale,
        "Open a card for the details. Tell me the day, the place or your budget and I will"
        " narrow it down.",
    )


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


def _astray(brief: Brief) -> list[str]:
    say = brief.locale
    if brief.purpose == "exhausted":
        return [
            translate(say, "That was everything in %(market)s that fits.", market=brief.market),
            translate(
                say, "Say it in other words, or name the kind of service you are looking for."
            ),
        ]
    return [
        translate(
            say,
            "I did not understand that. Tell me in a few words what you need, for example:"
            " “a tap is leaking” or “how do I cancel?”",
        ),
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
