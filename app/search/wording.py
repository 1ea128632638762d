"""Who reads the wording of a query in a market: the packaged e5, or a model at an endpoint.

The packaged vectors of every entry stay, whoever reads. Where the endpoint does not answer, or its
model is gone, the packaged e5 stands in for it, and `fallen` tells so.
"""

import asyncio
import dataclasses
import hashlib
import logging
import time
from collections import OrderedDict
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
from sqlmodel import select

from app.database import TenantSession
from app.errors import AppError, Unavailable
from app.i18n import N_
from app.search.embeddings import Vectors
from app.search.exemplars import Sayings, Worded, exemplars, is_worded_by, worded_by
from app.search.models import EmbeddingSet
from app.settings import settings

if TYPE_CHECKING:
    from app.inference.embedding import EndpointEmbedder
    from app.inference.targets import Target

KNOWN_SECONDS = 15.0
"""After so long it is looked again whether the endpoint is still there and switched on."""
MOST_KNOWN = 500
MOST_MODELS = 32
TELLS_APART = 0.1
"""How well a model must tell needs apart, of how well the packaged e5 does. Vectors by chance come
to .01, letters in threes to .2."""

_log = logging.getLogger(__name__)


@dataclasses.dataclass(frozen=True)
class Reader:
    """A model at an endpoint that reads queries in one market, and what it makes of exemplars."""

    set_id: UUID
    model: str
    dimensions: int
    embedder: "EndpointEmbedder"
    known: Worded


@dataclasses.dataclass(frozen=True)
class Wording:
    """A query's vector, and who made it: `by` is None for the packaged e5."""

    vector: Vectors
    known: Worded
    by: Reader | None

    def kinds(self) -> dict[str, float]:
        """How near the query is to what each kind of service is for."""
        return self.known.kinds(self.vector)

    def usually(self) -> float:
        """How near the query is to needs in general."""
        return float(self.known.usually(self.vector))

    def elsewhere(self) -> float:
        """How near the query is to what a market is asked for in vain."""
        return self.known.elsewhere_near(self.vector)


@dataclasses.dataclass(frozen=True)
class Fallen:
    """Since when, and why, the packaged e5 stands in for a model; `reason` is a message id."""

    model: str
    reason: str
    since: datetime


class DoesNotTellApart(AppError):
    """A model makes no difference between needs, so that search by it would be by chance."""

    def __init__(self) -> None:
        super().__init__(N_("This model does not tell needs apart; search keeps what it has."))


_readers: OrderedDict[UUID, tuple[float, Reader]] = OrderedDict()
_models: OrderedDict[str, Worded] = OrderedDict()
_fallen: OrderedDict[UUID, Fallen] = OrderedDict()
_learning: dict[str, asyncio.Task[None]] = {}


def fallen(set_id: UUID) -> Fallen | None:
    """Whether the packaged e5 stands in for this set's model in this process."""
    return _fallen.get(set_id)


def all_fallen() -> list[Fallen]:
    """Every model that the packaged e5 stands in for in this process."""
    return list(_fallen.values())


async def serving_set(session: TenantSession) -> EmbeddingSet | None:
    """The market's vectors from an endpoint that searches use; None where it has none."""
    query = select(EmbeddingSet).where(EmbeddingSet.state == "serving")
    return (await session.exec(query)).one_or_none()


async def reader_of(session: TenantSession) -> Reader | None:
    """The model that reads queries in this market; None for the packaged e5."""
    row = await serving_set(session)
    if row is None or settings().weaviate_url is not None:
        return None
    held = _readers.get(row.id)
    if held is not None and time.monotonic() < held[0]:
        return held[1]
    try:
        target = await model_of(session, row)
    except Unavailable as error:
        _fell(row.id, row.model, error.message)
        return None
    known = await _if_known(target, session.tenant_id)
    if known is None:
        _fell(row.id, row.model, N_("It is being learned what the model makes of needs."))
        return None
    reader = reader_with(row, target, session.tenant_id, known)
    _readers[row.id] = (time.monotonic() + KNOWN_SECONDS, reader)
    while len(_readers) > MOST_KNOWN:
        _readers.popitem(last=False)
    return reader


async def model_of(session: TenantSession, row: EmbeddingSet) -> "Target":
    """The model of a set; raises `Unavailable` where it is gone, changed or switched off."""
    from app.inference.chains import reachable_target  # noqa: PLC0415

    target = await reachable_target(session, row.model_id)
    if target is None or target.dimensions != row.dimensions:
        raise Unavailable(N_("The model is gone or switched off."))
    return target


def reader_with(row: EmbeddingSet, target: "Target", market_id: UUID, known: Worded) -> Reader:
    """Put together who reads for a set."""
    # Most markets have no such model, and what asks one takes a while to import.
    from app.inference.embedding import EndpointEmbedder  # noqa: PLC0415

    return Reader(
        set_id=row.id,
        model=row.model,
        dimensions=row.dimensions,
        embedder=EndpointEmbedder(target, market_id),
        known=dataclasses.replace(known, scale=row.scale, shift=row.shift),
    )


async def served(reader: Reader, said: str) -> Vectors | None:
    """The query's vector by the endpoint; None where it does not answer, which is noted."""
    from app.inference.calling import CallFailed  # noqa: PLC0415
    from app.inference.trying import SAID  # noqa: PLC0415

    try:
        vectors = await reader.embedder.embed_queries([said])
    except CallFailed as failed:
        _fell(reader.set_id, reader.model, SAID[failed.kind])
        return None
    if _fallen.pop(reader.set_id, None) is not None:
        _log.info("Search asks %s again.", reader.model)
    return vectors[0]


def _fell(set_id: UUID, model: str, reason: str) -> None:
    before = _fallen.get(set_id)
    if before is None or before.reason != reason:
        _log.warning("The packaged encoder stands in for %s: %s", model, reason)
        since = before.since if before else datetime.now(UTC)
        _fallen[set_id] = Fallen(model, reason, since)
        while len(_fallen) > MOST_KNOWN:
            _fallen.popitem(last=False)


async def learn(target: "Target", market_id: UUID) -> Worded:
    """What a model makes of the exemplars, asked for once; raises `CallFailed`."""
    from app.inference.embedding import EndpointEmbedder  # noqa: PLC0415

    name = _name(target)
    if name not in _models:
        embedder = EndpointEmbedder(target, market_id)
        _models[name] = await worded_by(name, embedder.embed_many_queries)
        while len(_models) > MOST_MODELS:
            _models.popitem(last=False)
    return _models[name]


async def _if_known(target: "Target", market_id: UUID) -> Worded | None:
    """As `learn`, but nobody who searches waits while it is asked for."""
    name = _name(target)
    if name in _models or is_worded_by(name):
        return await learn(target, market_id)
    if name not in _learning:
        task = asyncio.create_task(_learn_quietly(target, market_id))
        _learning[name] = task
        task.add_done_callback(lambda _done: _learning.pop(name, None))
    return None


async def _learn_quietly(target: "Target", market_id: UUID) -> None:
    from app.inference.calling import CallFailed  # noqa: PLC0415

    try:
        await learn(target, market_id)
    except CallFailed as failed:
        _log.warning("%s could not be asked about the exemplars: %s", target.name, failed.kind)


def _name(target: "Target") -> str:
    """Names a model among all others: by where it is, and by what makes its vectors what they are.

    Markets that use the same one share what it made of the exemplars, which is nobody's secret.
    """
    told = (target.model, target.dimensions, *sorted(target.urls))
    prefixes = (target.query_prefix, target.passage_prefix)
    return hashlib.sha256(repr((told, prefixes)).encode()).hexdigest()


async def calibrated(known: Worded) -> tuple[float, float]:
    """What brings a model's similarities to the scale of the packaged e5: a factor and a summand.

    Both models read the same exemplars. Two that are said of one kind of service are as near as
    they are by e5 then, and so are two of different kinds, in the mean. Raises `DoesNotTellApart`.
    """
    usual = (await exemplars()).worded.said
    theirs, ours = _nearness(known.said), _nearness(usual)
    apart, wanted = theirs[0] - theirs[1], ours[0] - ours[1]
    if apart <= 0 or apart / theirs[2] < TELLS_APART * wanted / ours[2]:
        raise DoesNotTellApart
    scale = wanted / apart
    return scale, ours[1] - scale * theirs[1]


def _nearness(said: Sayings) -> tuple[float, float, float]:
    """The mean similarity of two phrases of one kind, and of different kinds, and its spread."""
    vectors = np.asarray(said.vectors, np.float64)
    sums = np.add.reduceat(vectors, said.starts)
    sizes = np.diff([*said.starts, len(vectors)])
    own = np.einsum("ij,ij->i", sums, sums)
    squares = float(np.einsum("ij,ij->", vectors, vectors))
    whole = vectors.sum(axis=0)
    pairs = float((sizes * (sizes - 1)).sum())
    related = (float(own.sum()) - squares) / pairs
    others = float(len(vectors)) ** 2 - float((sizes**2).sum())
    unrelated = (float(whole @ whole) - float(own.sum())) / others
    some = vectors[:: max(1, len(vectors) // 500)]
    spread = float((some @ some.T)[np.triu_indices(len(some), 1)].std())
    return related, unrelated, max(spread, 1e-9)


def forget() -> None:
    """Forget readers and what was learned, as a test does."""
    for kept in (_readers, _models, _fallen):
        kept.clear()
