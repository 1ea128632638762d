"""Texts of the market with all that an index keeps of them: both vectors, and how near to needs."""

import dataclasses
from collections.abc import Sequence
from uuid import UUID

from sqlmodel import select

from app.database import TenantSession
from app.markets.models import Market
from app.search.embeddings import Vectors, paired_embedder, sentence_embedder
from app.search.exemplars import exemplars
from app.search.sources import Part, Source


@dataclasses.dataclass(frozen=True)
class Entry:
    """One text, ready to be indexed.

    `meaning`, shape (512,), is the sentence encoder's vector, `wording`, shape (384,), e5's; `hub`
    and `wording_hub` say how near the text is to needs in general.
    """

    source: Source
    part: Part
    meaning: Vectors
    wording: Vectors
    hub: float
    wording_hub: float


async def entries(session: TenantSession, found: Sequence[Source]) -> list[Entry]:
    """Every part of these sources, embedded."""
    parts: list[tuple[Source, Part]] = []
    for source in found:
        parts += [(source, part) for part in source.parts]
    if not parts:
        return []
    known = await exemplars()
    meanings = await sentence_embedder().embed([part.whole for _, part in parts])
    hubs = known.hubness(meanings)
    wordings = await _wordings(session, parts)
    wording_hubs = known.worded.usually(wordings)
    return [
        Entry(
            source=source,
            part=part,
            meaning=meanings[row],
            wording=wordings[row],
            hub=float(hubs[row]),
            wording_hub=float(wording_hubs[row]),
        )
        for row, (source, part) in enumerate(parts)
    ]


async def _wordings(session: TenantSession, parts: Sequence[tuple[Source, Part]]) -> Vectors:
    """e5's vector of each part, shape (len(parts), 384).

    A part has one for all its languages, from the market's own: e5 takes ten times as long as the
    sentence encoder, and adds little more in a second language.
    """
    own = (await session.exec(select(Market.default_locale))).first()
    chosen: dict[tuple[UUID, int], str] = {}
    for source, part in parts:
        place = (source.id, part.number)
        if place not in chosen or part.locale == own:
            chosen[place] = part.whole
    places = {place: row for row, place in enumerate(chosen)}
    vectors = await paired_embedder().embed_passages(list(chosen.values()))
    return vectors[[places[source.id, part.number] for source, part in parts]]
