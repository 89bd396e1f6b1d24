"""Schedules fire on world time."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from infra.local.runner.cron import Cron
from infra.local.runner.schedules import schedule_of
from tests.infra.runner.conftest import Running

NOON = datetime(2026, 3, 2, 12, 0, 30, tzinfo=UTC)  # a Monday


def test_at_speed_600_a_minute_comes_ten_times_a_second(shared: Running) -> None:
    before = len(shared.noted("finder"))
    shared.stack.set_speed(600)
    shared.stack.wait_until(lambda: len(shared.noted("finder")) >= before + 8, timeout=2)
    shared.stack.set_speed(60)
    due = [datetime.fromisoformat(entry["event"]["time"]) for entry in shared.noted("finder")]
    gaps = {later - earlier for earlier, later in itertools.pairwise(due)}
    assert min(gaps) >= timedelta(minutes=1)
    assert all(gap % timedelta(minutes=1) == timedelta() for gap in gaps)


def test_a_schedule_that_is_behind_fires_once_and_makes_up_for_nothing(shared: Running) -> None:
    began = shared.stack.clock.now()

    def fired() -> list[datetime]:
        """Since then, in the order of when they were due: what was due before may still be under way."""
        due = (datetime.fromisoformat(entry["event"]["time"]) for entry in shared.noted("finder"))
        return sorted(time for time in due if time >= began)

    def gaps() -> list[timedelta]:
        return [later - earlier for earlier, later in itertools.pairwise(fired())]

    shared.stack.set_speed(360_000)  # a hundred hours a second: each invocation takes many of the world's minutes
    shared.stack.wait_until(lambda: len(fired()) > 3, timeout=5)
    shared.stack.set_speed(60)
    caught_up = shared.stack.clock.now()
    shared.stack.wait_until(lambda: shared.stack.clock.now() > caught_up + timedelta(seconds=25))
    assert max(gaps()) > timedelta(minutes=1), "what was missed was made up for"
    assert min(gaps()) >= timedelta(minutes=1), "a minute fired twice"


def test_the_event_is_eventbridges_scheduled_event(shared: Running) -> None:
    shared.stack.wait_until(lambda: shared.noted("finder"), timeout=3)
    event = shared.noted("finder")[0]["event"]
    identifier, time = event.pop("id"), event.pop("time")
    assert identifier
    assert datetime.fromisoformat(time).tzinfo
    assert event == {
        "version": "0",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "111122223333",
        "region": "eu-west-1",
        "resources": ["arn:aws:events:eu-west-1:111122223333:rule/FinderEveryMinute"],
        "detail": {},
    }


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("rate(1 minute)", "2026-03-02T12:01:30"),
        ("rate(2 days)", "2026-03-04T12:00:30"),
        ("cron(0/15 * * * ? *)", "2026-03-02T12:15:00"),
        ("cron(0 6 ? * MON-FRI *)", "2026-03-03T06:00:00"),
        ("cron(5 12 2,3 MAR ? *)", "2026-03-02T12:05:00"),
        ("cron(30 8 ? * 1 *)", "2026-03-08T08:30:00"),
    ],
)
def test_a_schedule_expression_means_what_eventbridge_says(expression: str, expected: str) -> None:
    assert schedule_of(expression).next_after(NOON) == datetime.fromisoformat(f"{expected}+00:00")


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("every day", "not a schedule"),
        ("cron(0 6 * *)", "longer than"),
        ("cron(0 6 L * ? *)", "'L'"),
        ("cron(61 * * * ? *)", "outside of 0-59"),
    ],
)
def test_what_is_no_schedule_is_refused(expression: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        schedule_of(expression)


def test_a_schedule_of_the_past_says_that_it_never_fires() -> None:
    with pytest.raises(ValueError, match="never fires"):
        Cron.parse("0 0 1 1 ? 2020").next_after(NOON)
