"""What operators watch: each figure from the event that makes it, and never twice."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Self

import pytest

from bot.adapters import emf
from bot.application.executor import TRIES
from bot.application.measuring import of_change, of_round
from bot.application.ports.figures import Figure, Measured, Unit
from bot.application.ports.slack import SlackError
from bot.application.ports.work import Due, DueKind
from bot.domain.events import DrillProposed, Event
from bot.domain.plan import Plan
from bot.domain.plan_waves import Approval
from tests.unit.application.board import Board
from tests.unit.application.house import House, plenty
from tests.unit.builders import ADA, HOME, MINUTE, T0, Story, a_plan


class Watched(Story):
    """A story of which every figure is kept."""

    def __init__(self, plan: Plan) -> None:
        self.figures: list[Measured] = []
        super().__init__(plan)

    def tell(self, event: Event, after: timedelta = MINUTE) -> Self:
        before = self.drill
        super().tell(event, after)
        self.figures += of_change(before, self.drill, event)
        return self


def named(figures: Iterable[Measured], figure: Figure) -> list[Measured]:
    return [each for each in figures if each.figure is figure]


def cleaning_up() -> Watched:
    """Two waves of one server each, launched."""
    story = Watched(a_plan(("Database", 1), ("Web", 1), approval=Approval.NONE)).checked().started()
    return story.jobs_started().launched().jobs_started().launched()


def test_a_proposal_is_the_first_state_to_be_counted() -> None:
    story = Story()
    event = DrillProposed(drill_id="d", plan=story.drill.plan, target=HOME, actor=ADA)
    assert of_change(None, story.drill, event) == (Measured(Figure.DRILLS, 1, of=("state", "proposed")),)


def test_each_state_is_counted_when_it_is_entered() -> None:
    states = [each.of for each in named(cleaning_up().terminating().gone().figures, Figure.DRILLS)]
    assert states == [("state", state) for state in ("ready", "running", "cleaning_up", "ended")]


def test_each_wave_is_timed_once_when_it_is_done() -> None:
    times = named(cleaning_up().terminating().gone().figures, Figure.WAVE_TIME)
    assert [(each.value, each.unit) for each in times] == [(360, Unit.SECONDS)] * 2


def test_a_hold_is_counted_by_its_reason() -> None:
    story = Watched(a_plan(("Database", 1))).checked().started().jobs_started()
    story.launched(failing={"server-1": "no room"})
    assert [each.of for each in named(story.figures, Figure.HOLDS)] == [("reason", "servers_failed")]


def test_what_was_launched_and_is_not_gone_is_counted_each_time_cleaning_up_is_hindered() -> None:
    story = cleaning_up().hindered()
    assert [each.value for each in named(story.figures, Figure.INSTANCES_LEFT)] == [2]
    story.terminating().terminating(left=["server-1"]).hindered()
    assert [each.value for each in named(story.figures, Figure.INSTANCES_LEFT)] == [2, 1]


def test_a_drill_that_has_passed_yields_its_recovery_time_and_how_much_of_the_objective_that_is() -> None:
    story = cleaning_up().terminating().gone()
    (time,), (used,) = named(story.figures, Figure.RECOVERY_TIME), named(story.figures, Figure.OBJECTIVE_USED)
    assert time.of == used.of == ("plan", story.drill.plan.name)
    objective = story.drill.plan.objectives.rto.total_seconds()
    assert time.value == 720
    assert used.value == pytest.approx(100 * 720 / objective)


def test_a_drill_that_was_given_up_has_no_recovery_time() -> None:
    story = Watched(a_plan(("Database", 1))).checked().started().aborted()
    assert named(story.figures, Figure.RECOVERY_TIME) == []


def test_a_round_tells_how_late_the_latest_is() -> None:
    late, early = T0 - timedelta(seconds=90), T0 + timedelta(hours=1)
    unfinished = [
        Due(DueKind.DRILL, "a", T0, wake_at=T0 - timedelta(seconds=30)),
        Due(DueKind.DRILL, "b", early, wake_at=early),
        Due(DueKind.DRILL, "c", early),
        Due(DueKind.WORK, "a", late),
    ]
    assert [(each.figure, each.value) for each in of_round(unfinished, T0)] == [
        (Figure.UNFINISHED, 3),
        (Figure.OVERDUE_WORK, 90),
        (Figure.OVERDUE_DRILL, 30),
    ]
    assert [each.value for each in of_round([], T0)] == [0, 0, 0]


def test_a_figure_is_written_as_cloudwatch_reads_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Powertools adds the service's name, which the template sets: the alarms ask for it."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "drs-drill-bot")
    emf.write([Measured(Figure.RECOVERY_TIME, 1.5, Unit.SECONDS, ("plan", "payments")), Measured(Figure.GIVEN_UP, 1)])
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    (metrics,) = first["_aws"]["CloudWatchMetrics"]
    assert metrics["Namespace"] == "drs-drill-bot"
    assert metrics["Metrics"] == [{"Name": "RecoveryTime", "Unit": "Seconds"}]
    assert metrics["Dimensions"] == [["plan", "service"]]
    assert (first["plan"], first["RecoveryTime"]) == ("payments", [1.5])
    assert second["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["service"]]


def test_a_figure_that_cannot_be_written_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    emf.write([Measured(Figure.GIVEN_UP, "many")])  # type: ignore[arg-type]
    assert "a figure could not be written" in caplog.text


def test_slack_is_measured_by_how_late_it_shows_a_thing_and_by_how_often_it_does_not_take_it() -> None:
    board, figures = Board(), list[Measured]()
    board.notifier = replace(board.notifier, meter=figures.extend)
    drill_id = board.house.ready()
    board.slack.fail(SlackError("invalid_auth"))
    board.drain(drill_id)
    assert [each.value for each in named(figures, Figure.SLACK_ERRORS)] == [1]
    board.house.pass_time(timedelta(minutes=1))
    board.drain(drill_id)
    late = named(figures, Figure.SLACK_LAG)
    assert [each.unit for each in late] == [Unit.SECONDS] * len(board.slack.posts)
    assert late


def test_work_that_is_given_up_is_counted_when_a_person_is_asked_and_not_before() -> None:
    house, figures = House(), list[Measured]()
    executor = replace(house.executor, decider=replace(house.decider, meter=figures.extend))
    drill_id = house.proposed()
    for _ in range(TRIES):
        assert named(figures, Figure.GIVEN_UP) == []
        house.drs.fail_next("source_servers", RuntimeError("nobody has foreseen this"))
        executor.drain(drill_id, plenty())
        house.pass_time(timedelta(minutes=6))
    assert [each.value for each in named(figures, Figure.GIVEN_UP)] == [1]
