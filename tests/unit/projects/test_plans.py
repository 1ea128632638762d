"""Templates that hold together, and dates that are honest about how much time there is."""

from datetime import date, time, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest

from app.i18n import LOCALES, SOURCE, translate
from app.projects.plans.dayplan import hours
from app.projects.plans.scheduling import EventIsPast, WaitsForItself, Work, reckon, schedule
from app.projects.plans.steps import Step
from app.projects.plans.templates import TEMPLATES, Template, template_of

TODAY = date(2026, 11, 21)
EACH = pytest.mark.parametrize("template", TEMPLATES.values(), ids=list(TEMPLATES))


def dated(template: Template, ahead: int, guests: int | None = 80) -> dict[str, date]:
    day = TODAY + timedelta(days=ahead)
    made = schedule(template.steps_for(guests), day, day, guests, TODAY)
    return {one.step.key: one.due for one in made.steps}


@EACH
def test_a_step_stands_after_those_it_needs_with_time_for_its_work(template: Template):
    known: dict[str, Step] = {}
    for step in template.steps:
        for key in step.after:
            assert key in known, f"{step.key} stands before {key}"
            assert known[key].lead - step.lead >= step.days, f"{step.key} has no time after {key}"
        assert step.key not in known
        known[step.key] = step
    assert len(known) >= 10
    assert any(step.lead < 0 for step in template.steps)


@EACH
def test_every_phrase_is_said_in_every_language(template: Template):
    phrases = {template.name, *(one.phrase for one in (*template.steps, *template.moments))}
    for locale in set(LOCALES) - {SOURCE}:
        same = {phrase for phrase in phrases if translate(locale, phrase) == phrase}
        # "Workshops" and "Conférence" are nearly the same everywhere; a sentence never is.
        assert not {phrase for phrase in same if " " in phrase}, locale


@EACH
def test_with_time_enough_every_step_has_its_usual_date(template: Template):
    told = dated(template, 400)
    day = TODAY + timedelta(days=400)
    for step in template.steps_for(80):
        assert told[step.key] == day - timedelta(days=step.lead)


@EACH
@pytest.mark.parametrize("ahead", [0, 1, 3, 10, 40, 100, 200])
def test_on_short_notice_nothing_is_due_before_today_and_the_order_stays(
    template: Template, ahead: int
):
    told = dated(template, ahead)
    day = TODAY + timedelta(days=ahead)
    for step in template.steps_for(80):
        assert told[step.key] >= TODAY
        assert (told[step.key] <= day) == (step.lead >= 0)
        for key in step.after:
            assert told[key] <= told[step.key]


def test_short_notice_is_admitted():
    wedding = template_of("wedding")
    steps = wedding.steps_for(80)
    for ahead, squeezed in ((400, False), (277, True), (30, True)):
        day = TODAY + timedelta(days=ahead)
        made = schedule(steps, day, day, 80, TODAY)
        assert (made.squeezed, made.available) == (squeezed, ahead)
    assert made.usual == 270 + 7 + 1


def test_a_day_that_is_past_cannot_be_planned_towards():
    with pytest.raises(EventIsPast):
        dated(template_of("other"), -1)


def test_what_comes_after_an_event_counts_from_its_last_day():
    day = TODAY + timedelta(days=300)
    last = day + timedelta(days=2)
    made = schedule(template_of("conference").steps, day, last, None, TODAY)
    told = {one.step.key: one.due for one in made.steps}
    assert told["feedback"] == last + timedelta(days=1)
    assert told["rehearsal"] == day - timedelta(days=1)


def test_the_number_of_guests_decides_what_is_needed_and_how_long_it_takes():
    wedding = template_of("wedding")
    few = {step.key for step in wedding.steps_for(12)}
    many = {step.key for step in wedding.steps_for(200)}
    assert many - few == {"rooms", "transport", "seating"}
    assert {step.key for step in wedding.steps_for(None)} == many
    invitations = wedding.step("invitations")
    assert invitations is not None
    assert (invitations.work(30), invitations.work(None), invitations.work(200)) == (7, 7, 11)


def work(*needs: UUID, due: int | None = None, days: int = 1, done: bool = False) -> Work:
    when = None if due is None else TODAY + timedelta(days=due)
    return Work(uuid4(), when, days, frozenset(needs), done)


def test_the_longest_chain_is_found_and_says_what_a_delay_would_cost():
    list_ = work(due=10, days=3)
    place = work(list_.id, due=20, days=5)
    letters = work(place.id, due=25, days=2)
    cake = work(due=28, days=1)
    day = TODAY + timedelta(days=30)
    told = reckon([cake, letters, place, list_], day, day, TODAY)
    assert told.chain == (list_.id, place.id, letters.id)
    assert told.needed == 10
    assert told.by_task[list_.id].ends == TODAY + timedelta(days=2)
    assert told.by_task[place.id].starts == TODAY + timedelta(days=3)
    # The list may slip to its own date, no further: it is the first that would be late.
    assert [told.by_task[one.id].spare for one in (list_, place, letters, cake)] == [8, 13, 16, 28]


def test_a_chain_that_takes_longer_than_there_is_time_has_no_spare_days():
    first = work(due=1, days=4)
    second = work(first.id, due=2, days=3)
    day = TODAY + timedelta(days=2)
    told = reckon([first, second], day, day, TODAY)
    assert told.needed == 7
    assert told.by_task[second.id].ends == TODAY + timedelta(days=6)
    assert told.by_task[second.id].spare == -4
    assert told.by_task[first.id].spare == -4


def test_what_is_done_takes_no_time_and_what_is_past_is_overdue():
    done = work(due=-3, days=9, done=True)
    late = work(done.id, due=-1, days=2)
    after = work(due=40)
    day = TODAY + timedelta(days=30)
    told = reckon([done, late, after], day, day, TODAY)
    assert told.chain == (late.id,)
    assert [told.by_task[one.id].overdue for one in (done, late, after)] == [False, True, False]
    assert told.by_task[after.id].starts == day + timedelta(days=1)
    assert reckon([], day, day, TODAY).chain == ()


def test_tasks_that_wait_for_each_other_are_refused():
    one, other = uuid4(), uuid4()
    with pytest.raises(WaitsForItself):
        reckon(
            [Work(one, None, 1, frozenset({other})), Work(other, None, 1, frozenset({one}))],
            None,
            None,
            TODAY,
        )


@EACH
def test_the_hours_of_a_day_follow_each_other_around_the_beginning(template: Template):
    told = hours(template, TODAY, 1, None, 80)
    for earlier, later in pairwise(told):
        assert earlier.ends == later.starts
        assert earlier.starts < earlier.ends
    opening = next(one for one in told if one.starts.time() == template.begins)
    assert opening.key in {"arrival", "coffee"}
    assert (told[-1].ends - told[0].starts) < timedelta(hours=20)


def test_the_day_begins_when_the_person_says_and_takes_longer_with_many_guests():
    wedding = template_of("wedding")
    few = hours(wedding, TODAY, 1, time(12, 30), 20)
    many = hours(wedding, TODAY, 1, time(12, 30), 200)
    assert next(one for one in few if one.key == "arrival").starts.time() == time(12, 30)
    assert many[-1].ends > few[-1].ends
    assert many[0].starts < few[0].starts


def test_an_event_of_several_days_is_cleared_up_once():
    told = hours(template_of("conference"), TODAY, 3, None, 60)
    assert [one.key for one in told].count("clear_up") == 1
    assert [one.key for one in told].count("opening") == 3
    assert {one.starts.date() for one in told} >= {TODAY + timedelta(days=n) for n in range(3)}
