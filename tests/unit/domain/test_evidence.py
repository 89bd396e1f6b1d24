"""The evidence of a drill: everything an auditor asks for, of the drill and its record alone.

`pytest tests/unit/domain/test_evidence.py --update-golden` writes the golden evidence anew.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from bot.domain import measures
from bot.domain.evidence import Beside, Evidence, dump, evidence
from bot.domain.evidence_conclusion import verdict as verdict_of
from bot.domain.evidence_wave_parts import SpanKind
from bot.domain.replay import replay
from bot.domain.results import result_of
from bot.domain.states import ServerPhase
from tests.unit.builders import server_id
from tests.unit.evidence_cases import (
    CASES,
    GOLDEN,
    PROFILES,
    beside,
    checked,
)
from tests.unit.recorded import Recorded

FOLDER = Path(__file__).parents[2] / "golden" / "evidence"


@pytest.mark.parametrize("case", GOLDEN)
def test_evidence_is_what_it_was_when_somebody_last_looked_at_it(case: str, pytestconfig: pytest.Config) -> None:
    story = CASES[case]()
    file, written = FOLDER / f"{case}.json", dump(story.evidence(beside(story)))
    if pytestconfig.getoption("--update-golden"):
        file.write_bytes(written)
    assert written == file.read_bytes(), f"{file.name} differs; see --update-golden"


@pytest.mark.parametrize("case", CASES)
def test_it_reads_back_as_what_was_written(case: str) -> None:
    made = CASES[case]().evidence()
    assert Evidence.model_validate_json(dump(made)) == made


@pytest.mark.parametrize("case", CASES)
def test_each_event_is_in_the_timeline_and_whole_in_the_record(case: str) -> None:
    story = CASES[case]()
    made = story.evidence()
    assert [moment.version for moment in made.timeline] == list(range(1, story.drill.version + 1))
    assert [moment.event for moment in made.timeline] == [each.event.type for each in story.records]
    assert list(made.record.events) == story.written
    assert (made.record.head, made.record.versions) == (story.records[-1].hash, len(story.records))


@pytest.mark.parametrize("case", CASES)
def test_every_decision_of_a_person_is_told_with_who_when_and_what_they_said(case: str) -> None:
    story = CASES[case]()
    made = story.evidence(beside(story))
    by_people = [each for each in story.written if "actor" in dict(each["event"])]  # type: ignore[arg-type]
    assert [deed.version for deed in made.deeds] == [each["version"] for each in by_people]
    assert {deed.by for deed in made.deeds} == {person.user_id for person in made.participants}


@pytest.mark.parametrize("case", CASES)
def test_its_figures_are_those_of_the_measures_and_of_no_second_opinion(case: str) -> None:
    drill = CASES[case]().drill
    made, reached = CASES[case]().evidence(), measures.recovery_time(drill)
    if reached is None:
        assert made.verdict.recovery is None
    else:
        assert made.verdict.recovery
        assert made.verdict.recovery.net == reached.net
        assert made.verdict.recovery.is_met == reached.is_met
    this = result_of(drill)
    assert this
    for wave, took in zip(made.waves, this.waves, strict=False):
        assert took.took in {None, wave.took}


@pytest.mark.parametrize("case", CASES)
def test_times_add_up(case: str) -> None:
    made = CASES[case]().evidence()
    verdict = made.verdict
    assert verdict.proposed_at <= (verdict.started_at or verdict.ended_at) <= verdict.ended_at <= made.as_of
    if verdict.recovery:
        assert verdict.recovery.gross == verdict.recovery.net + verdict.recovery.waiting
    for wave in made.waves:
        for stretch in wave.stretches:
            assert verdict.started_at
            assert verdict.started_at <= stretch.since < stretch.until <= verdict.ended_at
        machines = [each for each in wave.stretches if each.kind in {SpanKind.SNAPSHOT, SpanKind.CONVERSION}]
        for server in wave.servers:
            seen = [server.phases[phase] for phase in ServerPhase if phase in server.phases]
            assert seen == sorted(seen)
        assert [each.since for each in machines] == sorted(each.since for each in machines)


@pytest.mark.parametrize("case", CASES)
def test_the_stretches_of_an_attempt_leave_no_gap(case: str) -> None:
    kinds = (SpanKind.SNAPSHOT, SpanKind.CONVERSION, SpanKind.LAUNCH)
    for wave in CASES[case]().evidence().waves:
        launches = [each for each in wave.stretches if each.kind in kinds]
        for before, after in itertools.pairwise(launches):
            assert before.until == after.since or after.kind is SpanKind.SNAPSHOT or before.kind is SpanKind.LAUNCH


@pytest.mark.parametrize("case", CASES)
def test_the_record_makes_the_same_drill_once_more(case: str) -> None:
    story = CASES[case]()
    assert replay(story.records) == story.drill


def test_no_record_makes_no_drill() -> None:
    with pytest.raises(ValueError, match="without events"):
        replay(())


def test_there_is_none_of_a_drill_that_has_not_ended_or_of_half_a_record() -> None:
    story = checked(Recorded()).started()
    with pytest.raises(ValueError, match="has not ended"):
        story.evidence()
    ended = CASES["passed"]()
    with pytest.raises(ValueError, match="record is not whole"):
        evidence(ended.drill, ended.written[:-1])
    with pytest.raises(ValueError, match="record is not whole"):
        evidence(ended.drill, [])


def test_the_verdict_cannot_be_made_of_a_drill_that_goes_on() -> None:
    with pytest.raises(ValueError, match="has not ended"):
        verdict_of(Recorded().drill)


def test_who_took_part_is_named_as_slack_names_them_and_with_what_the_plan_names_them_for() -> None:
    story = CASES["passed"]()
    ada, grace = story.evidence(Beside(profiles=PROFILES)).participants
    assert (ada.name, ada.email, ada.roles) == ("Ada Łukasiewicz", "ada@example.com", ("operator",))
    assert (grace.name, grace.roles, grace.did) == ("Grace Hopper", ("approver",), ("wave_approved", "note_added"))
    assert {person.name for person in story.evidence().participants} == {""}


def test_the_checks_that_were_run_are_there_with_their_output() -> None:
    checks = [check for wave in CASES["passed"]().evidence().waves for check in wave.checks]
    assert [(check.title, check.output, check.state) for check in checks] == [
        ("TCP port 443", "HTTP 200 UP", "passed")
    ] * 3


def test_a_launch_that_failed_is_told_with_the_raw_error_though_the_retry_succeeded() -> None:
    made = CASES["held-and-retried"]().evidence()
    failed = {server.id: server.failures for server in made.waves[0].servers if server.failures}
    assert list(failed) == [server_id(1)]
    assert [failure.error for failure in failed[server_id(1)]] == ["InsufficientInstanceCapacity"]
    assert [(hold.reason, hold.decision) for hold in made.troubles.holds] == [("servers_failed", "retried")]
    assert made.waves[0].attempts == 2
    assert made.verdict.passed
