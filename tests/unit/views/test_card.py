"""The card answers at a glance, and what it says of time stays true until it is drawn again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.commands import Topic, TopicKind
from bot.domain.plan_waves import Approval
from bot.domain.results import DrillResult, result_of
from tests.unit.builders import EVE, MINUTE, Story, a_plan
from tests.unit.views.reading import draw, reads
from tests.unit.views.stages import Size, at, drill_at

CARD = Topic(kind=TopicKind.CARD)


def card(story: Story, *earlier: DrillResult, now: datetime | None = None) -> list[str]:
    message = draw(story.drill, CARD, *earlier, now=now)
    assert message
    return reads(message)


def line(shown: list[str], start: str) -> str:
    (found,) = [each for each in shown if each.startswith(start)]
    return found


def launching() -> Story:
    return Story(a_plan(("Database", 1), ("Web", 1))).checked().started().jobs_started()


def test_while_the_time_runs_it_says_until_when_the_objective_can_be_met() -> None:
    told = line(card(launching()), "⏱️")
    assert told == "⏱️ Started at 10:02 · objective 1h30m can be met until Mar 2, 2026 at 11:32"


def test_waiting_for_people_moves_that_moment() -> None:
    story = launching().launched().approved(after=30 * MINUTE).jobs_started()
    told = line(card(story), "⏱️")
    assert told.endswith("until Mar 2, 2026 at 12:02 · 30m of waiting for people not counted")


def test_while_people_are_waited_for_it_says_at_what_the_time_stands() -> None:
    assert line(card(launching().launched()), "⏱️") == "⏱️ 6m of 1h30m used · paused at 10:08 while people decide"


@pytest.mark.parametrize(("late", "told"), [(timedelta(0), "can be met until"), (MINUTE, "missed since")])
def test_once_the_objective_cannot_be_met_it_says_so(late: timedelta, told: str) -> None:
    story = launching()
    assert story.drill.started_at
    shown = line(card(story, now=story.drill.started_at + 90 * MINUTE + late), "⏱️")
    assert shown.endswith(f"objective 1h30m {told} Mar 2, 2026 at 11:32")


def test_a_time_that_stands_beyond_the_objective_is_missed_whatever_the_clock_says() -> None:
    story = launching().launched(after=100 * MINUTE)
    assert "of 1h30m used, missed" in line(card(story), "⏱️")


def test_what_comes_next_and_whose_turn_it_is_then_stands_beside_what_runs() -> None:
    assert card(launching())[3].endswith("Next: @grace or @linus can approve wave 2 (Web).")
    unasked = Story(a_plan(("Database", 1), ("Web", 1), approval=Approval.NONE)).checked().started().jobs_started()
    assert card(unasked)[3].endswith("Next: wave 2 (Web), at once.")
    assert card(launching().launched().approved().jobs_started())[3].endswith("Next: the cleanup.")


def test_only_the_jobs_of_the_newest_attempt_are_linked() -> None:
    story = launching().launched(failing={"server-1": "no room"}).retried().jobs_started()
    assert [each for each in card(story) if "DRS job" in each] == ["> DRS job drsjob-00001000002000001"]


def test_a_wave_that_was_launched_without_its_approvals_says_so_from_then_on() -> None:
    shown = card(at("glass-broken", Size.USUAL))
    assert line(shown, "🚀 3 Web") == "🚀 3 Web · 0 of 2 launched · 🚨 without its approvals"
    assert not any("🚨" in each for each in card(launching().launched().approved()))


def test_among_many_waves_it_keeps_its_line() -> None:
    plan = a_plan(*((f"W{number}", 1) for number in range(1, 11)), approval=Approval.REQUIRED)
    access = plan.access.model_copy(update={"break_glass": (EVE.user_id,)})
    story = Story(plan.model_copy(update={"access": access})).checked().started()
    for number in range(1, 8):
        story = story.glass_broken(EVE, "The approvers are on a plane.") if number == 4 else story.approved_by_all()
        story = story.jobs_started().launched()
    told = [each for each in card(story) if "🚨" in each]
    assert told == ["✅ 4 W4 · 1 of 1 launched in 6m · 🚨 without its approvals"]


# ---------------------------------------------------------------------- before Start


def test_before_start_it_says_who_has_to_approve_what() -> None:
    story = Story(a_plan(("Database", 1), ("Application", 1), ("Web", 1), minimum_approvals=1)).checked()
    assert [each for each in card(story) if "Database" in each or "Web" in each] == [
        "▫️ 1 Database · 1 server",
        "✋ 3 Web · 1 server",
    ]
    assert line(card(story), "✋ Before").startswith("✋ Before waves 2 and 3: 1 approval each, from @grace or @linus.")
    assert line(card(story), "✋ Before").endswith("Whoever asked for the drill or started it cannot approve it.")
    one = Story(a_plan(("Database", 1), ("Web", 1), four_eyes=False))
    assert line(card(one.checked()), "✋ Before") == "✋ Before wave 2: 1 approval, from @grace or @linus."
    none = Story(a_plan(("Database", 1))).checked()
    assert line(card(none), "✋") == "✋ No wave waits for approval."


def test_without_a_drill_that_passed_it_says_that_nobody_knows_how_long_it_takes() -> None:
    failed = result_of(drill_at("failed"))
    assert failed
    for earlier in ([], [failed]):
        told = line(card(launching_soon(), *earlier), "⏱️")
        assert told == "⏱️ Objective 1h30m · how long it takes is unknown: no drill that passed to go by yet"


def launching_soon() -> Story:
    return Story(a_plan(("Canary", 1))).checked()


def passed() -> DrillResult:
    found = result_of(drill_at("passed", Size.USUAL))
    assert found
    return found


def test_what_one_drill_took_is_no_median() -> None:
    shown = card(launching_soon(), passed())
    assert shown[-3].endswith("What is expected is what the last drill that passed took.)")
    assert card(launching_soon(), passed(), passed())[-3].endswith("is the median of the last 2 drills that passed.)")


def test_what_was_not_measured_is_left_out() -> None:
    bare = passed().model_copy(update={"recovery": None, "instance_time": None})
    shown = card(launching_soon(), bare)
    assert line(shown, "⏱️") == "⏱️ Objective 1h30m · cleaned up after 23m, waiting for people not counted"
    assert not any(each.startswith("💻") for each in shown)


def test_a_few_minutes_of_an_instance_are_less_than_a_tenth_of_an_hour() -> None:
    brief = passed().model_copy(update={"instance_time": 6 * MINUTE})
    assert line(card(launching_soon(), brief), "💻").startswith("💻 Less than 0.1 instance-hours: 1 server")
