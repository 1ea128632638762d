"""What the index keeps of listings, articles and documents: texts, and what filters ask of them."""

import dataclasses
import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import and_
from sqlmodel import col, select

from app.catalogue.choices import Choices, choices
from app.catalogue.models import Listing, Provider
from app.catalogue.publishing import on_show
from app.database import TenantSession
from app.knowledge.models import Article, Document, DocumentChunk, DocumentVersion
from app.search.facets import facets_of
from app.search.index import Kind

LONGEST_PASSAGE = 400
"""Characters of a passage; the sentence encoder averages over words, so short ones are clearer."""
LONGEST_NAMES = 400
VERSION = 2
"""Raise it when texts or exemplars are prepared another way, so that all are embedded anew."""


_OF_A_VERSION = col(DocumentVersion.id) == col(DocumentChunk.version_id)
_SHOWN = and_(
    col(Document.id) == col(DocumentVersion.document_id),
    col(Document.current) == col(DocumentVersion.number),
)
"""Only the passages of the version that a document shows can be found."""


@dataclasses.dataclass(frozen=True)
class Part:
    """A text to be indexed; `title` is repeated in every part of an article."""

    locale: str
    number: int
    title: str
    text: str
    names: str
    facets: tuple[str, ...]

    @property
    def whole(self) -> str:
        """What is embedded."""
        return f"{self.title}. {self.text}" if self.text else self.title


@dataclasses.dataclass(frozen=True)
class Source:
    """A listing, an article or a passage with the parts that can be found."""

    id: UUID
    kind: Kind
    parts: tuple[Part, ...]
    traits: dict[str, Any] = dataclasses.field(default_factory=dict[str, Any])
    access: str = "public"
    """Not a part of the digest: who may see a text does not change what it means."""

    @property
    def digest(self) -> str:
        """Changes with anything that would change the index."""
        content = [VERSION, [dataclasses.astuple(part) for part in self.parts], self.traits]
        return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()[:32]


async def source_ids(
    session: TenantSession, kind: Kind, among: Sequence[UUID] | None = None
) -> list[UUID]:
    """Ids of everything of this kind (`among` these) that may be found."""
    if kind == "passage":
        passages = (
            select(DocumentChunk.id)
            .join(DocumentVersion, _OF_A_VERSION)
            .join(Document, _SHOWN)
            .order_by(col(DocumentChunk.id))
        )
        if among is not None:
            passages = passages.where(col(DocumentChunk.id).in_(among))
        return list(await session.exec(passages))
    table, found = (
        (Listing, on_show()) if kind == "listing" else (Article, col(Article.public).is_(True))
    )
    query = select(table.id).where(found).order_by(col(table.id))
    if among is not None:
        query = query.where(col(table.id).in_(among))
    return list(await session.exec(query))


async def who_may_see(session: TenantSession, kind: Kind, among: Sequence[UUID]) -> dict[UUID, str]:
    """Whom each of these is for now; what may not be found at all is left out."""
    if kind != "passage":
        return dict.fromkeys(await source_ids(session, kind, among), "public")
    passages = (
        select(DocumentChunk.id, Document.access)
        .join(DocumentVersion, _OF_A_VERSION)
        .join(Document, _SHOWN)
        .where(col(DocumentChunk.id).in_(among))
    )
    return dict((await session.exec(passages)).all())


async def sources(session: TenantSession, kind: Kind, ids: Sequence[UUID]) -> list[Source]:
    """The sources with these ids, as far as they exist and may be found."""
    if kind == "listing":
        found = await session.exec(
            select(Listing, Provider.name)
            .join(Provider, col(Provider.id) == col(Listing.provider_id))
            .where(col(Listing.id).in_(ids), on_show())
        )
        decided = await choices(session)
        return [_listing(listing, provider, decided) for listing, provider in found]
    if kind == "passage":
        chunks = await session.exec(
            select(DocumentChunk, Document.title, Document.access)
            .join(DocumentVersion, _OF_A_VERSION)
            .join(Document, _SHOWN)
            .where(col(DocumentChunk.id).in_(ids))
        )
        return [_passage(chunk, title, access) for chunk, title, access in chunks]
    articles = await session.exec(
        select(Article).where(col(Article.id).in_(ids), col(Article.public).is_(True))
    )
    return [_article(article) for article in articles]


def _listing(listing: Listing, provider: str, decided: Choices) -> Source:
    tags = " ".join(listing.tags)
    # A detail named in one language holds in all.
    everything = " . ".join([*listing.title.values(), *listing.description.values(), tags])
    facets = tuple(sorted(facets_of(everything)))
    parts = tuple(
        Part(
            locale=locale,
            number=0,
            title=title,
            text=listing.description.get(locale, ""),
            names=" ".join([title, provider, tags, decided.name(listing.category, locale)])[
                :LONGEST_NAMES
            ].lower(),
            facets=facets,
        )
        for locale, title in sorted(listing.title.items())
    )
    traits = {
        "category": listing.category,
        "city": listing.city,
        "languages": listing.languages,
        "price_amount": listing.price_amount,
        "price_currency": listing.price_currency,
        "lat": listing.lat,
        "lon": listing.lon,
    }
    return Source(listing.id, "listing", parts, traits)


def _article(article: Article) -> Source:
    parts = tuple(
        Part(
            locale=locale,
            number=number,
            title=title,
            text=passage,
            names=title.lower()[:LONGEST_NAMES],
            facets=(),
        )
        for locale, title in sorted(article.title.items())
        for number, passage in enumerate(passages(article.body.get(locale, "")) or [""])
    )
    return Source(article.id, "article", parts)


def _passage(chunk: DocumentChunk, title: str, access: str) -> Source:
    path = " › ".join(dict.fromkeys([title, *chunk.heading]))
    part = Part(
        locale=chunk.language,
        number=0,
        title=path[:LONGEST_NAMES],
        text=chunk.text,
        names=path[:LONGEST_NAMES].lower(),
        facets=(),
    )
    return Source(chunk.id, "passage", (part,), access=access)


def passages(markdown: str) -> list[str]:
    """The text in pieces of whole paragraphs, or sentences where a paragraph is long."""
    pieces: list[str] = []
    for paragraph in re.split(r"\n\s*\n", markdown):
        plain = _plain(paragraph)
        if not plain or re.fullmatch(r"#+\s.*", paragraph.strip()):
            continue
        piece = ""
        for sentence in re.split(r"(?<=[.!?؟。])\s+", plain):
            if piece and len(piece) + len(sentence) > LONGEST_PASSAGE:
                pieces.append(piece)
                piece = ""
            piece = f"{piece} {sentence}".strip()
        pieces.append(piece)
    return pieces


def _plain(markdown: str) -> str:
    without_links = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", markdown)
    without_marks = re.sub(r"(^|\s)(?:[#>*+-]|\d+\.)\s+", r"\1", without_links)
    return re.sub(r"\s+", " ", re.sub(r"[*_`]+", "", without_marks)).strip()
