"""Answers written by a market's chain: grounded, paid for, logged, and never said twice."""

import json
import re
from collections.abc import AsyncGenerator, Generator
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest

from agents import answering, maestro
from agents.answering import Ended
from agents.base import Deps
from agents.maestro import Anew, Maestro, Piece
from app.accounts.actors import system
from app.conversations import log
from app.database import tenant_session
from app.inference import leaving
from app.inference.breaker import breaker
from app.inference.budgets import Limits, set_budget, used_today
from app.inference.chains import ChainInput, set_chain
from app.inference.composer import Composer
from app.inference.endpoints import all_models
from app.inference.model import Afresh, Brief, Caller, Credit, Evidence, Written
from app.inference.served import close_clients
from app.inference.settling import settled
from app.inference.targets import Link
from app.inference.trying import try_model
from app.inference.writing import Writer, salt_of
from app.markets.directory import MarketCard, forget
from app.markets.policy import lay_down, policy_of
from app.search.embeddings import sentence_embedder
from app.search.index import Hit
from tests.factories import listing, open_market
from tests.model_rows import model_endpoint, offered_model
from tests.shelf import Shelf
from tests.stand_in import Manner, StandIn, standing_in

HALF = ("Plumber on call repairs taps [1]. ", "And half of ")
GOOD = Manner(words=("The plumber ", "on call ", "fits ", "[1].", " So does [7]."))


@pytest.fixture(scope="module")
def server() -> Generator[StandIn]:
    with standing_in() as here:
        yield here


@pytest.fixture
async def here(server: StandIn) -> AsyncGenerator[StandIn]:
    server.forget()
    breaker.forget()
    yield server
    await close_clients()


@pytest.fixture
async def market(database: object) -> MarketCard:
    return await open_market()


async def chained(market: MarketCard, here: StandIn, *models: str, agent: str = "vendor") -> None:
    """Give an agent a chain of these models at the stand-in, each at an endpoint of its own."""
    async with tenant_session(market.id) as session:
        links: list[Link] = []
        for name in models:
            endpoint = await model_endpoint(
                session, urls=[here.url], inside=True, kind="vllm", name=name, secret="k"
            )
            model = await offered_model(
                session,
                endpoint_id=endpoint.id,
                name=name,
                price_in=Decimal(2),
                price_out=Decimal(6),
                currency="EUR",
            )
            links.append(Link(model.id))
        given = ChainInput(tuple(links), first_token_seconds=1)
        await set_chain(session, system(market.id, "tests"), agent, 0, given)


def brief(market: MarketCard, **more: object) -> Brief:
    plumber = Evidence(1, "listing", "Plumber on call", "Repairs taps.", ("Ada", "€40"))
    whole = Brief(
        purpose="offer",
        locale="en",
        message="A tap leaks",
        market="Kazan",
        evidence=(plumber,),
        caller=Caller(market.id, "vendor", uuid4()),
    )
    return replace(whole, **more)  # pyright: ignore[reportArgumentType]


def writer() -> Writer:
    return Writer(Composer(sentence_embedder()), sentence_embedder())


async def written(asked: Brief) -> list[Written]:
    return [one async for one in writer().stream(asked)]


def text_of(told: list[Written]) -> str:
    text = ""
    for one in told:
        text = "" if isinstance(one, Afresh) else text + (one if isinstance(one, str) else "")
    return text


def credit_of(told: list[Written]) -> Credit:
    assert isinstance(told[-1], Credit)
    return told[-1]


async def test_a_model_writes_from_the_evidence_and_marks_of_nothing_are_taken_out(
    market: MarketCard, here: StandIn
):
    await chained(market, here, "m")
    here.manners["m"] = GOOD
    told = await written(brief(market))
    assert text_of(told) == "The plumber on call fits [1]."
    assert credit_of(told).model == "m (m)"
    (asked,) = here.asked
    rules, data = (told["content"] for told in asked["messages"])
    (word,) = set(re.findall(r"data-\w{12}", rules))
    assert f"<{word} message>\nA tap leaks\n</{word}>" in data
    assert f"<{word} source 1, a service>\nPlumber on call\n" in data
    assert (asked["temperature"], asked["max_tokens"]) == (0.7, 1500)
    assert asked["cache_salt"] == salt_of(market.id)
    assert str(market.id) not in asked["cache_salt"]


async def test_what_was_used_is_counted_to_the_token(market: MarketCard, here: StandIn):
    await chained(market, here, "m")
    credit = credit_of(await written(brief(market)))
    await settled()
    async with tenant_session(market.id) as session:
        used = await used_today(session, system(market.id, "tests"))
    assert (credit.tokens_in, credit.tokens_out, credit.currency) == (11, 7, "EUR")
    assert used.tokens == 18
    assert used.money == {"EUR": Decimal("0.000064")}
    assert Decimal(credit.money) == Decimal("0.000064")


async def test_where_nobody_can_answer_the_composer_does_and_says_who_did_not(
    market: MarketCard, here: StandIn
):
    await chained(market, here, "a", "b")
    here.manners |= {"a": Manner(status=401), "b": Manner(status=404)}
    told = await written(brief(market))
    assert "Plumber on call [1]" in text_of(told)
    credit = credit_of(told)
    assert credit.model == "composer"
    assert [one["reason"] for one in credit.tried] == ["unauthorized", "unknown_model"]


async def test_without_evidence_or_a_chain_no_model_is_asked(market: MarketCard, here: StandIn):
    assert credit_of(await written(brief(market))).model == "composer"
    await chained(market, here, "m")
    assert credit_of(await written(brief(market, evidence=()))).model == "composer"
    assert here.asked == []


async def test_an_answer_that_cites_nothing_does_not_stand(market: MarketCard, here: StandIn):
    await chained(market, here, "m")
    here.manners["m"] = Manner(words=("Ring my cousin, ", "he is cheaper."))
    told = await written(brief(market))
    assert "cousin" not in text_of(told)
    assert Afresh("m (m)", "uncited") in told


async def test_a_used_up_budget_leaves_the_answer_to_the_composer(
    market: MarketCard, here: StandIn
):
    await chained(market, here, "m")
    async with tenant_session(market.id) as session:
        await set_budget(session, system(market.id, "tests"), 0, Limits(market_tokens=10))
    credit = credit_of(await written(brief(market)))
    assert (credit.model, credit.tried[0]["reason"]) == ("composer", "budget")
    assert here.asked == []


async def test_a_failover_in_the_middle_is_seen_and_logged(
    market: MarketCard, here: StandIn, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
):
    await chained(market, here, "bad", "good")
    here.manners |= {"bad": Manner(words=(*HALF, "More"), cut_after=2), "good": GOOD}
    async with tenant_session(market.id) as session:
        plumber = await listing(session)
    shelf.hits["listing"] = [Hit("listing", plumber.id, 0.9)]
    embedder = sentence_embedder()
    whole = Maestro(Deps(index=shelf, embedder=embedder, model=writer()))
    monkeypatch.setattr(maestro, "maestro", lambda: whole)
    conversation_id, reply = await answering.ask(market, "en", "a tap is leaking")
    events = [event async for event in reply.follow()]
    kinds = [type(event) for event in events]
    place = kinds.index(Anew)
    before = "".join(one.text for one in events[:place] if isinstance(one, Piece))
    after = "".join(one.text for one in events[place:] if isinstance(one, Piece))
    ended = events[-1]
    assert isinstance(ended, Ended)
    assert before == HALF[0].strip()
    assert ended.text == after == "The plumber on call fits [1]."
    assert ended.model == "good (good)"
    async with tenant_session(market.id) as session:
        entries = await log.latest_events(session, conversation_id)
    kept = entries[-1].payload
    assert kept["text"] == after
    assert kept["voided"] == len(before) + 1
    assert kept["credit"]["tried"] == [{"model": "bad (bad)", "reason": "cut"}]
    assert (kept["credit"]["tokens_in"], kept["credit"]["currency"]) == (11, "EUR")


async def test_what_leaves_is_masked_where_the_rule_says_so_and_the_log_counts_it(
    market: MarketCard, here: StandIn, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(leaving, "is_public", lambda _address: True)
    await chained(market, here, "m")
    asked = brief(market, message="I am John Smith, ring +44 20 7946 0958")
    credit = credit_of(await written(asked))
    assert "John Smith" not in json.dumps(here.asked)
    assert credit.masked == {"PERSON": 2, "PHONE": 1}
    await set_rule(market, mask=False)
    credit = credit_of(await written(asked))
    assert "John Smith" in json.dumps(here.asked)
    assert credit.masked == {}


async def test_what_left_is_counted_also_when_nobody_answered(
    market: MarketCard, here: StandIn, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(leaving, "is_public", lambda _address: True)
    await chained(market, here, "m")
    here.manners["m"] = Manner(status=500)
    credit = credit_of(await written(brief(market, message="I am John Smith")))
    assert (credit.model, credit.masked) == ("composer", {"PERSON": 2})


async def test_a_trial_is_masked_like_an_answer(
    market: MarketCard, here: StandIn, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(leaving, "is_public", lambda _address: True)
    await chained(market, here, "m")
    actor = system(market.id, "tests")
    async with tenant_session(market.id) as session:
        (model,) = await all_models(session, actor)
    async for _ in try_model(actor, model.id, "Write to John Smith"):
        pass
    assert "John Smith" not in json.dumps(here.asked)


async def set_rule(market: MarketCard, *, mask: bool) -> None:
    actor = system(market.id, "tests")
    async with tenant_session(market.id) as session:
        _, version = await policy_of(session, actor)
        await lay_down(session, actor, {"mask_personal_data": mask}, version)
    forget()
