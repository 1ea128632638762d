"""Messages are understood in six languages, with the packaged embedder and no model."""

from collections import defaultdict

import pytest

from agents.intents import Intents, examples
from app.search.embeddings import sentence_embedder
from tests.evals.routing.run import understood, utterances

FLOOR = 0.95
LOCALE_FLOOR = 0.9


async def test_the_evaluation_set_is_understood():
    said = utterances()
    found = await understood(said)
    right: dict[str, list[bool]] = defaultdict(list)
    for one, intent in zip(said, found, strict=True):
        right[one["locale"]].append(one["intent"] == intent)
    every = [hit for hits in right.values() for hit in hits]
    assert sum(every) / len(every) >= FLOOR
    assert set(right) == {"en", "ru", "de", "es", "fr", "ar"}
    assert min(sum(hits) / len(hits) for hits in right.values()) >= LOCALE_FLOOR


def test_the_evaluation_set_shares_no_utterance_with_the_examples():
    taught = {text.casefold().strip("?!. ") for _, text in examples()}
    asked = {one["text"].casefold().strip("?!. ") for one in utterances()}
    assert not taught & asked
    assert len(asked) == len(utterances()) >= 120


@pytest.mark.parametrize(
    ("text", "talk"),
    [
        ("Hallo!", "greeting"),
        ("спасибо!", "thanks"),
        ("au revoir", "farewell"),
        ("кто ты", "identity"),
    ],
)
async def test_small_talk_has_kinds(text: str, talk: str):
    read = await Intents(sentence_embedder()).read(text)
    assert (read.intent, read.talk) == ("small_talk", talk)


async def test_confidence_is_shared_among_the_intents():
    read = await Intents(sentence_embedder()).read("my tap drips")
    assert sum(read.confidence.values()) == pytest.approx(1, abs=0.01)
    assert read.confidence["find_service"] > 0.5
