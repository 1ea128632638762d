"""What a collection in Weaviate looks like, and how entries and filters are put to it.

All markets share a collection, each in a tenant of its own whose name is the market's id. A
collection's name tells its layout and the models that embedded its texts, so one that was made
otherwise is never searched by mistake. It ends in `a` or `b`: a market is indexed
anew in the other of the two.
"""

import hashlib
from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from weaviate.classes.config import (
    Configure,
    DataType,
    Property,
    StopwordsPreset,
    Tokenization,
    VectorDistances,
)
from weaviate.classes.data import DataObject, GeoCoordinate
from weaviate.classes.query import Filter

from app.search.embeddings import paired_embedder, sentence_embedder
from app.search.entries import Entry
from app.search.index import Access, Filters, Kind
from app.search.sources import Part
from app.search.weaviate.connection import Client

LAYOUT = 1
"""Raise it when the properties below change."""
PREFIX = "Agora"
MEANING, WORDING = "meaning", "wording"
DEAREST = 10**15
"""The highest price in hundredths that a filter asks for; Weaviate's integers have 64 bits."""


def collection_name(other_than: str | None = None) -> str:
    """The collection that this version of the program fills; never the one that is named."""
    models = sentence_embedder(), paired_embedder()
    made = (LAYOUT, *((model.name, model.dimensions) for model in models))
    stem = f"{PREFIX}{hashlib.sha256(repr(made).encode()).hexdigest()[:12]}"
    return f"{stem}b" if other_than == f"{stem}a" else f"{stem}a"


def was_made_alike(collection: str) -> bool:
    """Whether a collection has the layout and the vectors that this version of the program asks."""
    return collection[:-1] == collection_name()[:-1]


async def make_collection(client: Client, name: str) -> None:
    """Make sure that the collection is there."""
    if await client.collections.exists(name):
        return
    await client.collections.create(
        name,
        multi_tenancy_config=Configure.multi_tenancy(
            enabled=True, auto_tenant_creation=False, auto_tenant_activation=False
        ),
        inverted_index_config=Configure.inverted_index(stopwords_preset=StopwordsPreset.NONE),
        vector_config=[
            Configure.Vectors.self_provided(
                name=vector,
                vector_index_config=Configure.VectorIndex.hnsw(distance_metric=VectorDistances.DOT),
            )
            for vector in (MEANING, WORDING)
        ],
        properties=[
            *(
                _exact(name)
                for name in ("kind", "source_id", "locale", "digest", "access", "category", "city")
            ),
            *(_exact(name, DataType.TEXT_ARRAY) for name in ("languages", "facets")),
            _exact("currency"),
            _number("part", DataType.INT),
            _number("price", DataType.INT),
            _number("hub", DataType.NUMBER),
            _number("wording_hub", DataType.NUMBER),
            Property(name="spot", data_type=DataType.GEO_COORDINATES),
            _words("text", Tokenization.WORD),
            # Typos leave most of a name's letters in threes as they are.
            _words("names", Tokenization.TRIGRAM),
        ],
    )


def _exact(name: str, kind: DataType = DataType.TEXT) -> Property:
    return Property(
        name=name,
        data_type=kind,
        tokenization=Tokenization.FIELD,
        index_searchable=False,
        index_filterable=True,
    )


def _number(name: str, kind: DataType) -> Property:
    return Property(name=name, data_type=kind, index_filterable=True)


def _words(name: str, tokenization: Tokenization) -> Property:
    return Property(
        name=name,
        data_type=DataType.TEXT,
        tokenization=tokenization,
        index_searchable=True,
        index_filterable=False,
    )


def object_id(kind: Kind, source: UUID, part: Part) -> UUID:
    """The id of an entry, the same each time, so that importing twice is importing once."""
    return uuid5(NAMESPACE_URL, f"agora:{kind}/{source}/{part.locale}/{part.number}")


def object_of(entry: Entry) -> DataObject[Any, Any]:
    """An entry as Weaviate keeps it; what a listing does not say is left out, so never passes."""
    source, part, traits = entry.source, entry.part, entry.source.traits
    kept: dict[str, Any] = {
        "kind": source.kind,
        "source_id": str(source.id),
        "locale": part.locale,
        "part": part.number,
        "digest": source.digest,
        "access": source.access,
        "text": part.text or part.title,
        "names": part.names,
        "facets": list(part.facets),
        "hub": entry.hub,
        "wording_hub": entry.wording_hub,
        "category": traits.get("category"),
        "city": _folded(traits.get("city")),
        "languages": list(traits.get("languages") or ()),
        "currency": traits.get("price_currency"),
        "price": _hundredths(traits.get("price_amount")),
    }
    lat, lon = traits.get("lat"), traits.get("lon")
    if lat is not None and lon is not None:
        kept["spot"] = GeoCoordinate(latitude=lat, longitude=lon)
    return DataObject(
        uuid=object_id(source.kind, source.id, part),
        # An empty list would be a value; what is not there cannot pass a filter.
        properties={name: value for name, value in kept.items() if value not in (None, [])},
        vector={MEANING: entry.meaning.tolist(), WORDING: entry.wording.tolist()},
    )


def of_kind(kind: Kind) -> Any:
    """Entries of one kind."""
    return Filter.by_property("kind").equal(kind)


def of_sources(kind: Kind, ids: list[UUID]) -> Any:
    """Entries of these sources."""
    return of_kind(kind) & Filter.by_property("source_id").contains_any([str(one) for one in ids])


def conditions(kind: Kind, filters: Filters, access: Sequence[Access]) -> Any:
    """What an entry must be, put to Weaviate; None where nothing at all can pass."""
    if not access:
        return None
    asked = [of_kind(kind), Filter.by_property("access").contains_any(list(access))]
    if filters.category is not None:
        asked.append(Filter.by_property("category").equal(filters.category))
    if filters.city is not None:
        asked.append(Filter.by_property("city").equal(_folded(filters.city)))
    if filters.language is not None:
        asked.append(Filter.by_property("languages").contains_any([filters.language]))
    if filters.price_max is not None:
        if filters.currency is None:
            return None
        most = max(-DEAREST, min(DEAREST, _hundredths(filters.price_max) or 0))
        asked.append(Filter.by_property("price").less_or_equal(most))
    if filters.currency is not None:
        asked.append(Filter.by_property("currency").equal(filters.currency))
    if filters.near is not None:
        asked.append(
            Filter.by_property("spot").within_geo_range(
                GeoCoordinate(latitude=filters.near.lat, longitude=filters.near.lon),
                filters.near.km * 1000,
            )
        )
    return Filter.all_of(asked)


def _folded(city: str | None) -> str | None:
    return city.strip().lower() if city is not None else None


def _hundredths(amount: Decimal | None) -> int | None:
    if amount is None:
        return None
    return int((Decimal(amount) * 100).to_integral_value(ROUND_FLOOR))
