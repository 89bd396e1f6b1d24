"""The report and the anchors: made after the fact, put into the bucket once, told where they are, tried again."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest

from bot.application.ports.evidence import ShelfError
from bot.application.reporting import TRIES
from bot.application.results import Again
from bot.domain.afterwards import EVIDENCE, REPORT, TIMELINE
from bot.domain.approval import Action
from bot.domain.commands import AnchorRecord
from bot.domain.evidence import Evidence
from bot.domain.proof import flaws_of_file
from bot.domain.states import DrillState
from tests.unit.application.ended import PLACE, SOON, ended, evidence_of, reported
from tests.unit.application.house import House
from tests.unit.application.town import Killed, Town
from tests.unit.builders import GRACE


def test_a_drill_that_ends_leaves_its_evidence_without_anyone_asking() -> None:
    house, drill_id = reported()
    run = house.drill(drill_id).report
    assert run
    assert run.newest
    names = {EVIDENCE: "application/json", REPORT: "application/pdf", TIMELINE: "image/png"}
    assert {key: kind for key, kind in house.shelf.kinds.items() if key.startswith(PLACE)} == {
        f"{PLACE}{name}": kind for name, kind in names.items()
    }
    assert run.newest.files == {name: hashlib.sha256(house.shelf.files[f"{PLACE}{name}"]).hexdigest() for name in names}
    assert flaws_of_file(house.shelf.files[f"{PLACE}{EVIDENCE}"]) == ()
    house.pass_time(SOON)
    house.drain(drill_id)
    assert house.afterwards(drill_id) == ()


def test_it_is_not_begun_by_the_stream_that_starts_launches() -> None:
    house, drill_id = ended()
    made = [item for item in house.afterwards(drill_id) if not isinstance(item.command, AnchorRecord)]
    assert [item.due_at > house.drill(drill_id).ended_at for item in made] == [True]  # type: ignore[operator]


def test_the_picture_and_the_pdf_are_made_of_the_evidence_that_lies_in_the_bucket() -> None:
    house, drill_id = reported()
    assert house.shelf.files[f"{PLACE}{TIMELINE}"] == f"a picture of {drill_id}".encode()
    assert house.shelf.files[f"{PLACE}{REPORT}"] == f"a report of {drill_id}".encode()


def test_the_records_head_is_anchored_after_each_wave_and_at_the_end() -> None:
    town = Town()
    house, drill_id = town.house, town.ask()
    town.start(drill_id)
    town.jobs_end(drill_id)
    town.pass_time(SOON)
    town.approve(drill_id)
    town.jobs_end(drill_id)
    town.instances_go(drill_id)
    town.pass_time(timedelta(minutes=3))
    house.drain(drill_id)
    hashes = {record.version: record.hash for record in house.table.records[drill_id]}
    anchors = [json.loads(content) for key, content in house.shelf.files.items() if "/anchors/" in key]
    assert len(anchors) == 4
    assert all(hashes[anchor["version"]] == anchor["head"] for anchor in anchors)
    assert anchors[-2]["version"] == evidence_of(house).record.versions


def test_what_comes_after_the_end_is_anchored_too_so_that_no_sum_and_no_signature_can_be_exchanged() -> None:
    house, drill_id = reported()
    house.do(drill_id, Action.ADD_FINDING, words="The disk is too small.")
    house.pass_time(SOON)
    house.drain(drill_id)
    newest = max(key for key in house.shelf.files if "/anchors/" in key)
    assert json.loads(house.shelf.files[newest])["head"] == house.table.records[drill_id][-1].hash


def test_an_anchor_that_says_otherwise_stays_and_is_told(caplog: pytest.LogCaptureFixture) -> None:
    house, drill_id = ended()
    version = house.drill(drill_id).version
    key = f"payments/{drill_id}/anchors/{version:06}.json"
    other = {"drill_id": drill_id, "version": version, "head": "0" * 64, "at": "2026-03-02T10:00:00Z"}
    house.shelf.files[key] = json.dumps(other).encode()
    house.executor.reporting.anchor(drill_id)
    assert json.loads(house.shelf.files[key])["head"] == "0" * 64
    assert "another record was anchored at this version" in caplog.text
    caplog.clear()
    house.shelf.files.pop(key)
    house.executor.reporting.anchor(drill_id)
    house.executor.reporting.anchor(drill_id)
    assert "another record" not in caplog.text


def test_launches_come_before_anchors_however_long_these_have_waited() -> None:
    house = House()
    drill_id = house.launched()
    house.follow(drill_id)
    house.pass_time(SOON)
    house.do(drill_id, Action.APPROVE, by=GRACE, wave=2, round=1)
    assert house.afterwards(drill_id)
    seen: list[bool] = []
    house.drs.before("start_drill", lambda: seen.append(any("/anchors/" in key for key in house.shelf.files)))
    house.drain(drill_id)
    assert seen == [False]
    assert any("/anchors/" in key for key in house.shelf.files)


def test_a_bucket_that_cannot_be_had_delays_no_wave_and_fails_no_drill() -> None:
    town = Town()
    town.house.shelf.is_down = True
    drill_id = town.ask()
    town.start(drill_id)
    town.jobs_end(drill_id)
    town.approve(drill_id)
    assert town.jobs_end(drill_id).state is DrillState.CLEANING_UP
    town.instances_go(drill_id)
    town.pass_time(timedelta(minutes=40))
    drill = town.drill(drill_id)
    assert drill.state is DrillState.ENDED
    assert drill.outcome == "passed"
    assert drill.report
    assert drill.report.problem
    assert "the bucket cannot be reached" in drill.report.problem
    assert "report" in town.thread(drill_id)


def test_a_report_that_failed_can_be_asked_for_again() -> None:
    house, drill_id = ended()
    house.shelf.is_down = True
    for _ in range(12):
        house.pass_time(timedelta(minutes=6))
        house.drain(drill_id)
    run = house.drill(drill_id).report
    assert run
    assert run.problem == "ShelfError: the bucket cannot be reached"
    house.shelf.is_down = False
    house.do(drill_id, Action.REPORT)
    house.pass_time(SOON)
    house.drain(drill_id)
    run = house.drill(drill_id).report
    assert run
    assert (run.problem, run.number, len(run.kept)) == (None, 2, 1)


def test_an_error_that_passes_is_got_over_without_anyone() -> None:
    house, drill_id = ended()
    house.shelf.fail(ShelfError("SlowDown"))
    for _ in range(4):
        house.pass_time(timedelta(minutes=6))
        house.drain(drill_id)
    run = house.drill(drill_id).report
    assert run
    assert (run.problem, len(run.kept)) == (None, 1)


def test_a_step_that_is_killed_again_and_again_is_given_up_in_the_open() -> None:
    house, drill_id = ended()

    def die(_evidence: Evidence) -> bytes:
        raise Killed

    object.__setattr__(house.executor.reporting, "draw", die)
    for _ in range(TRIES + 6):
        house.pass_time(timedelta(minutes=6))
        try:
            house.drain(drill_id)
        except Killed:
            house.table.leases.clear()
    run = house.drill(drill_id).report
    assert run
    assert run.problem
    assert "timeline.png was begun again and again" in run.problem


def test_what_two_executors_make_at_once_is_made_once() -> None:
    house, drill_id = ended()
    house.pass_time(SOON)
    (item,) = [each for each in house.afterwards(drill_id) if not isinstance(each.command, AnchorRecord)]
    first = house.executor.reporting.report(house.drill(drill_id), 1, item)
    kept = dict(house.shelf.files)
    house.shelf.put(f"{PLACE}{EVIDENCE}", b"another", "application/json")
    house.drain(drill_id)
    assert {key: house.shelf.files[key] for key in kept} == kept
    assert first == Again(timedelta(0))


def test_a_report_that_was_asked_for_again_meanwhile_is_not_made() -> None:
    house, drill_id = ended()
    (item,) = [each for each in house.afterwards(drill_id) if not isinstance(each.command, AnchorRecord)]
    before = dict(house.shelf.files)
    house.executor.reporting.report(house.drill(drill_id), 7, item)
    house.executor.reporting.report(house.drill(drill_id).model_copy(update={"report": None}), 1, item)
    assert house.shelf.files == before
