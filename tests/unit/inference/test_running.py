"""Chains: who answers when others do not, and that nothing is said twice."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.inference.breaker import FAILURES, LONGEST_REST, REST_SECONDS, Breaker
from app.inference.budgets import BudgetUsedUp
from app.inference.calling import Call, CallFailed, ChatEvent, Failure, Finished, Text
from app.inference.metrics import Counts
from app.inference.replicas import in_order
from app.inference.running import Answered, Chosen, NobodyAnswered, Restarted, Run, Tried
from app.inference.settling import settled
from app.inference.targets import Chain, Target
from tests.unit.inference.targets import PROFILE, call, target


@dataclass
class Player:
    """Says its words, then fails, or hangs, or is done."""

    words: Sequence[str] = ("Well ", "said [1].")
    fails: Failure | None = None
    hangs: bool = False
    retry_after: float = 0.0
    asked: int = 0
    closed: int = 0
    recovers_after: int = 10**9

    async def stream(self, call: Call) -> AsyncGenerator[ChatEvent]:
        self.asked += 1
        try:
            for word in self.words:
                yield Text(word)
            if self.hangs:
                await asyncio.sleep(60)
            if self.fails and self.asked <= self.recovers_after:
                raise CallFailed(self.fails, retry_after=self.retry_after)
            yield Finished(10, 5)
        finally:
            self.closed += 1


@dataclass
class Notes:
    """A purse that remembers."""

    limit: int = 10**9
    reserved: list[str] = field(default_factory=list[str])
    settled: list[tuple[str, int, int]] = field(default_factory=list[tuple[str, int, int]])

    async def reserve(self, target: Target, tokens_in: int, tokens_out: int) -> object:
        if tokens_in + tokens_out > self.limit:
            raise BudgetUsedUp(of="market")
        self.reserved.append(target.model)
        return target.model

    async def settle(self, held: object, target: Target, tokens_in: int, tokens_out: int) -> None:
        self.settled.append((str(held), tokens_in, tokens_out))


def run(players: dict[str, Player], *, purse: Notes | None = None, **more: object) -> Run:
    links = tuple(target(name, endpoint_id=uuid4()) for name in players)
    told = {key: more.pop(key) for key in ("total_seconds", "hedge_seconds") if key in more}
    chain = Chain("vendor", links, PROFILE, first_token_seconds=0.2, **told)  # pyright: ignore[reportArgumentType]
    return Run(
        chain=chain,
        call=call(),
        calls=lambda at, _url: players[at.model],
        purse=purse or Notes(),
        breaker=Breaker(),
        counts=Counts(),
        **more,  # pyright: ignore[reportArgumentType]
    )


async def told(one: Run) -> tuple[str, list[Tried], Answered | None]:
    """What a reader sees in the end, the restarts they saw, and who answered."""
    shown, restarts, answered = "", list[Tried](), None
    try:
        async for event in one.stream():
            match event:
                case Text(text):
                    shown += text
                case Restarted(tried):
                    shown = ""
                    restarts.append(tried)
                case Answered():
                    answered = event
                case _:
                    pass
    except NobodyAnswered:
        pass
    await settled()
    return shown, restarts, answered


async def test_the_first_that_answers_answers():
    players = {"first": Player(), "second": Player()}
    purse = Notes()
    shown, restarts, answered = await told(run(players, purse=purse))
    assert (shown, restarts) == ("Well said [1].", [])
    assert answered is not None
    assert answered.target.model == "first"
    assert (answered.tokens_in, answered.tokens_out) == (10, 5)
    assert answered.money == Decimal("0.00005")
    assert purse.settled == [("first", 10, 5)]
    assert players["second"].asked == 0


@pytest.mark.parametrize("kind", ["unauthorized", "unknown_model", "refused", "garbled"])
async def test_what_trying_again_does_not_mend_is_not_tried_again(kind: Failure):
    players = {"first": Player(words=(), fails=kind), "second": Player()}
    shown, restarts, answered = await told(run(players))
    assert shown == "Well said [1]."
    assert restarts == []
    assert players["first"].asked == 1
    assert answered is not None
    assert answered.tried == (Tried("first (here)", kind),)


async def test_a_hiccup_before_the_first_word_is_tried_again_once():
    players = {"first": Player(words=(), fails="broken", recovers_after=1), "second": Player()}
    players["first"].words = ()
    one = run(players)
    await told(one)
    assert players["first"].asked == 2


async def test_nobody_waits_for_a_server_that_asks_for_a_long_pause():
    players = {"first": Player(words=(), fails="busy", retry_after=30), "second": Player()}
    one = run(players)
    await told(one)
    assert players["first"].asked == 1
    link = one.chain.links[0]
    assert one.breaker.rests(f"{link.endpoint_id} {link.urls[0]}")


async def test_after_the_first_word_nothing_is_tried_again_and_the_reader_sees_the_new_start():
    players = {"first": Player(("Half ", "an "), fails="cut"), "second": Player()}
    purse = Notes()
    shown, restarts, _ = await told(run(players, purse=purse))
    assert shown == "Well said [1]."
    assert restarts == [Tried("first (here)", "cut")]
    assert players["first"].asked == 1
    # What was said before the cut was paid for.
    assert purse.settled[0][0] == "first"
    assert purse.settled[0][2] > 0


async def test_silence_is_ended_by_the_first_words_deadline():
    players = {"first": Player(words=(), hangs=True), "second": Player()}
    shown, _, answered = await told(run(players))
    assert shown == "Well said [1]."
    assert answered is not None
    assert [one.reason for one in answered.tried] == ["slow"]
    assert players["first"].closed == 1


async def test_the_whole_chain_ends_by_its_deadline():
    players = {"first": Player(("Half ",), hangs=True), "second": Player(("Half ",), hangs=True)}
    one = run(players, total_seconds=0.3)
    shown, restarts, answered = await told(one)
    assert (shown, answered) == ("", None)
    assert [tried.reason for tried in restarts] == ["too_slow"]
    assert [tried.reason for tried in one.tried] == ["too_slow", "too_slow"]


async def test_who_goes_away_ends_the_request_and_pays_for_what_was_said():
    players = {"first": Player(("Half ",), hangs=True)}
    purse = Notes()
    events = run(players, purse=purse).stream()
    assert isinstance(await anext(events), Chosen)
    assert await anext(events) == Text("Half ")
    await events.aclose()
    await settled()
    assert players["first"].closed == 1
    assert [name for name, _, _ in purse.settled] == ["first"]


async def test_a_task_that_is_cancelled_gives_back_what_it_reserved():
    players = {"first": Player(words=(), hangs=True)}
    purse = Notes()
    one = run(players, purse=purse)
    asking = asyncio.create_task(told(one))
    await asyncio.sleep(0.05)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert purse.settled == [("first", 0, 0)]
    assert players["first"].closed == 1


async def uncited(text: str) -> Failure | None:
    return None if "[1]" in text else "uncited"


async def test_an_answer_that_rests_on_nothing_is_not_let_stand():
    players = {"first": Player(("Made up.",)), "second": Player()}
    shown, restarts, _ = await told(run(players, faults=uncited))
    assert shown == "Well said [1]."
    assert [tried.reason for tried in restarts] == ["uncited"]


async def test_a_budget_that_does_not_cover_it_leaves_the_model_alone():
    players = {"first": Player()}
    one = run(players, purse=Notes(limit=10))
    assert await told(one) == ("", [], None)
    assert [tried.reason for tried in one.tried] == ["budget"]
    assert players["first"].asked == 0


async def test_what_does_not_fit_the_context_is_not_sent():
    players = {"first": Player()}
    one = run(players)
    one.chain = replace(one.chain, links=(replace(one.chain.links[0], context=60),))
    await told(one)
    assert [tried.reason for tried in one.tried] == ["too_long"]


async def test_an_endpoint_that_failed_often_rests_and_the_answer_comes_at_once():
    players = {"first": Player(words=(), fails="garbled"), "second": Player()}
    one = run(players)
    for _ in range(FAILURES + 2):
        one.tried.clear()
        await told(one)
    assert players["first"].asked == FAILURES
    assert [tried.reason for tried in one.tried] == ["resting"]


async def test_with_hedging_the_faster_of_two_answers_and_the_other_is_let_go():
    players = {"first": Player(words=(), hangs=True), "second": Player()}
    purse = Notes()
    shown, restarts, _ = await told(run(players, purse=purse, hedge_seconds=0.02))
    assert (shown, restarts) == ("Well said [1].", [])
    assert players["first"].closed == 1
    assert sorted(name for name, _, _ in purse.settled) == ["first", "second"]


WORD = st.text("abc", min_size=1, max_size=3)
FAILS: tuple[Failure | None, ...] = (None, "cut", "broken", "garbled", "unauthorized", "busy")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.lists(WORD, max_size=4), st.sampled_from(FAILS)), max_size=4))
async def test_whatever_fails_the_reader_sees_one_whole_answer_or_none(
    told_of: list[tuple[list[str], Failure | None]],
):
    players = {
        f"m{number}": Player(tuple(words), fails=fails, retry_after=9)
        for number, (words, fails) in enumerate(told_of)
    }
    purse = Notes()
    one = run(players, purse=purse)
    shown, _, answered = await told(one)
    good = next((p for p in players.values() if p.fails is None and p.words), None)
    assert shown == ("".join(good.words) if good else "")
    assert (answered is None) == (good is None)
    assert purse.reserved == [name for name, _, _ in purse.settled]
    assert all(player.closed == player.asked for player in players.values())
    assert len(one.tried) == len(set(one.tried))


def test_a_conversation_stays_with_its_replica_when_others_come_and_go():
    urls = [f"https://r{number}.example/v1" for number in range(5)]
    talks = [str(uuid4()) for _ in range(300)]
    homes = {talk: in_order(urls, talk)[0] for talk in talks}
    fewer = urls[:-1]
    for talk, home in homes.items():
        if home in fewer:
            assert in_order(fewer, talk)[0] == home
    share = [list(homes.values()).count(url) for url in urls]
    assert min(share) > 30


async def test_a_conversation_asks_its_replica_and_another_when_that_is_down():
    urls = tuple(f"https://r{number}.example/v1" for number in range(4))
    asked: list[str] = []
    down: set[str] = set()

    def at(_target: Target, url: str) -> Player:
        asked.append(url)
        return Player(words=(), fails="unreachable") if url in down else Player()

    async def ask(conversation: str) -> None:
        one = run({})
        one.chain = replace(one.chain, links=(target("m", *urls),))
        one.call, one.calls = call(sticky=conversation), at
        _, _, answered = await told(one)
        assert answered is not None

    for conversation in ("a", "b", "c", "d", "e", "f"):
        asked.clear()
        for _ in range(3):
            await ask(conversation)
        assert set(asked) == {in_order(urls, conversation)[0]}
    down = {in_order(urls, "a")[0]}
    asked.clear()
    await ask("a")
    assert asked == in_order(urls, "a")[:2]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_circuit_opens_rests_and_lets_one_try():
    clock = Clock()
    one = Breaker(clock)
    for _ in range(FAILURES):
        assert one.lets("a")
        one.failed("a")
    assert not one.lets("a")
    assert one.lets("b")
    clock.now += REST_SECONDS
    assert one.lets("a")
    assert not one.lets("a")
    one.failed("a")
    clock.now += REST_SECONDS
    assert not one.lets("a")
    clock.now += REST_SECONDS
    assert one.lets("a")
    one.went_well("a")
    assert one.lets("a")
    assert one.lets("a")


def test_a_rest_never_grows_past_its_limit_and_a_try_that_was_given_up_frees_the_next():
    clock = Clock()
    one = Breaker(clock)
    for _ in range(30):
        one.failed("a")
    clock.now += LONGEST_REST
    assert one.lets("a")
    one.gave_up("a")
    assert one.lets("a")
