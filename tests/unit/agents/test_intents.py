"""Messages are understood in six languages, with the packaged embedder and no model."""

import json
from pathlib import Path

import pytest

from agents.evaluating import Report, evaluated, utterances
from agents.fitting import load
from agents.intents import FITTED, Intents, digest, examples
from agents.routing import wants_of
from app.errors import AppError
from app.search.embeddings import paired_embedder, sentence_embedder
from tests.evals.routing.run import HERE, SETS, report

FLOORS = {"tuned": 0.93, "unseen": 0.9}
"""A little below what was measured, so that a worse reading shows."""

LOCALES = {"en", "ru", "de", "es", "fr", "ar"}


@pytest.mark.parametrize("name", SETS)
async def test_the_evaluation_sets_are_understood(name: str):
    found = await report(name)
    assert set(found.locales) == LOCALES
    assert found.accuracy >= FLOORS[name]
    assert found.agents_accuracy >= FLOORS[name]


def test_the_evaluation_sets_share_no_utterance_with_the_examples_or_each_other():
    taught = {_bare(text) for _, text in examples()}
    tuned, unseen = (
        {_bare(one.text) for one in utterances(HERE / f"{name}.jsonl")} for name in SETS
    )
    assert not taught & (tuned | unseen)
    assert not tuned & unseen
    assert len(tuned | unseen) >= 500


def test_what_was_fitted_was_fitted_on_these_examples():
    kept = load(FITTED)
    assert kept is not None
    assert kept.digest == digest(sentence_embedder(), paired_embedder()), (
        "python -m scripts.intents"
    )


async def test_several_requests_in_one_message_are_several_wants():
    intents = Intents(sentence_embedder())
    message = "Plan a housewarming for 30 people. And write the invitation, please."
    wants = await wants_of(message, await intents.read(message), intents)
    assert [want.intent for want in wants] == ["create_plan", "write_text"]
    assert wants[1].message == "write the invitation, please"


async def test_a_report_tells_what_was_taken_for_what(tmp_path: Path):
    file = tmp_path / "set.jsonl"
    lines = [
        {"text": "my tap drips", "locale": "en", "intents": ["find_service"], "agents": ["vendor"]},
        {"text": "hello!", "locale": "en", "intents": ["small_talk"]},
        {"text": "hola", "locale": "es", "intents": ["find_service"], "agents": ["vendor"]},
        {"text": "bonjour", "locale": "fr", "intents": ["fly_away"]},
    ]
    file.write_text("\n".join(json.dumps(line) for line in lines), "utf-8")
    found: Report = await evaluated(utterances(file), Intents(sentence_embedder()))
    assert {name: part.accuracy for name, part in found.locales.items()} == {
        "en": 1.0,
        "es": 0.0,
        "fr": 0.0,
    }
    assert found.agents_accuracy == 0.75
    assert found.confusion[("find_service", "chat")] == 1
    assert found.unknown == ["fly_away"]


def test_a_line_that_is_no_utterance_is_named(tmp_path: Path):
    file = tmp_path / "set.jsonl"
    file.write_text('{"text": "a", "intents": ["chat"]}\n{"text": "b"}\n', "utf-8")
    with pytest.raises(AppError) as refused:
        utterances(file)
    assert refused.value.params == {"number": 2}


def _bare(text: str) -> str:
    return text.casefold().strip("?!.¿¡؟ ")


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
    assert (read.intent, read.talk) == ("chat", talk)


async def test_confidence_is_shared_among_the_intents():
    read = await Intents(sentence_embedder()).read("my tap drips")
    assert sum(read.confidence.values()) == pytest.approx(1, abs=0.01)
    assert read.confidence["find_service"] > 0.5
