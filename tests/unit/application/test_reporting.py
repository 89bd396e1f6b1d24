"""The report and the anchors: made after the fact, put into the bucket once, told where they are, tried again."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest

from bot.application.ports.evidence import ShelfError
from bot.application.ports.slack import SlackError
from bot.application.reporting import TRIES
from bot.application.results import Again
from bot.domain.afterwards import EVIDENCE, REPORT, TIMELINE
from bot.domain.approval import Action
from bot.domain.commands import AnchorRecord
from bot.domain.evidence import Evidence
from bot.domain.evidence_parts import Profile
from bot.domain.proof import flaws_of_chain, flaws_of_file
from bot.domain.states import DrillState
from tests.unit.application.house import House
from tests.unit.application.town import Killed, Town
from tests.unit.builders import ADA, EVE, GRACE, LINUS

SOON = timedelta(minutes=1)
PLACE = "payments/payments-1/report-001/"


def ended() -> tuple[House, str]:
    """A drill that has ended; its report is still to be made."""
    house = House()
    drill_id = house.cleaning_up()
    while house.drill(drill_id).state is not DrillState.ENDED:
        house.drain(drill_id)
        if house.instances_of(drill_id):
            house.finish_termination()
        house.pass_time(timedelta(seconds=30))
    return house, drill_id


def reported() -> tuple[House, str]:
    house, drill_id = ended()
    house.pass_time(SOON)
    house.drain(drill_id)
    return house, drill_id


def evidence_of(house: House, place: str = PLACE) -> Evidence:
    return Evidence.model_validate_json(house.shelf.files[f"{place}{EVIDENCE}"])


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


def test_refused_clicks_and_names_are_in_it() -> None:
    house = House()
    house.profiles.known = {ADA.user_id: Profile(name="Ada Lovelace", email="ada@example.com")}
    drill_id = house.ready()
    with pytest.raises(Exception, match="You may not start this drill"):
        house.do(drill_id, Action.START, by=EVE)
    house.do(drill_id, Action.WITHDRAW)
    house.pass_time(SOON)
    house.drain(drill_id)
    made = evidence_of(house)
    assert [(click.by, click.what) for click in made.refused_clicks] == [(EVE.user_id, "drill_started")]
    assert [person.name for person in made.participants] == ["Ada Lovelace"]
    assert house.profiles.asked == [(ADA.user_id,)]


def test_a_sign_off_is_in_the_next_report_which_is_made_by_itself() -> None:
    house, drill_id = reported()
    house.do(drill_id, Action.SIGN_OFF, "Seen.", by=GRACE, report=1)
    house.pass_time(SOON)
    house.drain(drill_id)
    made = evidence_of(house, PLACE.replace("001", "002"))
    assert [(each.by.user_id, each.comment) for each in made.sign_offs] == [(GRACE.user_id, "Seen.")]
    assert list(flaws_of_chain(made.record.events)) == []


def test_findings_are_carried_to_the_plans_next_drill_open_or_fixed() -> None:
    house, drill_id = reported()
    due = house.clock().date() + timedelta(days=30)
    house.do(drill_id, Action.ADD_FINDING, "A larger disk.", by=GRACE, owner=LINUS.user_id, due=due)
    house.do(drill_id, Action.ADD_FINDING, "A runbook.", by=GRACE, owner=LINUS.user_id, due=due)
    house.do(drill_id, Action.FIX_FINDING, "Done.", by=LINUS, finding=1)
    house.pass_time(SOON)
    second = house.ready()
    checks = house.drill(second).preflight
    assert checks
    assert [each.fact for each in checks.warnings] == [
        f"Finding 2 of {drill_id} is open, to be seen to until {due}: A runbook."
    ]
    house.do(second, Action.WITHDRAW)
    house.pass_time(SOON)
    house.drain(second)
    made = evidence_of(house, f"payments/{second}/report-001/")
    assert [(each.drill_id, each.number, each.is_open) for each in made.earlier_findings] == [
        (drill_id, 1, False),
        (drill_id, 2, True),
    ]
    assert [each.drill_id for each in made.comparison] == [drill_id]
    assert house.profiles.asked[-1] == (ADA.user_id, LINUS.user_id, GRACE.user_id)


def test_a_drill_of_which_only_its_result_is_left_is_no_obstacle() -> None:
    house, drill_id = reported()
    second = house.ready()
    del house.table.drills[drill_id]
    house.do(second, Action.WITHDRAW)
    house.pass_time(SOON)
    house.drain(second)
    assert evidence_of(house, f"payments/{second}/report-001/").earlier_findings == ()


def test_a_note_is_put_on_record_by_whoever_has_a_part() -> None:
    house = House()
    drill_id = house.running()
    house.drills.note(drill_id, house.click(GRACE), EVE.user_id, "It works.", "https://p/1")
    assert [note.author for note in house.drill(drill_id).notes] == [EVE.user_id]
    with pytest.raises(Exception, match="You may not add notes"):
        house.drills.note(drill_id, house.click(EVE), EVE.user_id, "It works.", "https://p/2")


def test_the_files_come_into_the_thread_from_the_bucket() -> None:
    town = Town()
    drill_id = town.ask()
    town.start(drill_id)
    town.abort(drill_id)
    town.jobs_end(drill_id)
    town.instances_go(drill_id)
    town.pass_time(timedelta(minutes=3))
    uploads = {upload.attachment.name: upload.attachment.content for upload in town.slack.files}
    assert uploads[f"{drill_id}-timeline.png"] == f"a picture of {drill_id}".encode()
    assert uploads[f"{drill_id}-report.pdf"].startswith(b"a report of ")
    assert town.thread(drill_id)[-1] == "report"


def test_a_file_that_cannot_be_had_from_the_bucket_is_left_out_in_the_end_and_holds_up_nothing() -> None:
    house, drill_id = reported()
    town = Town(house)
    house.shelf.is_down = True
    for _ in range(20):
        town.pass_time(timedelta(minutes=1))
    assert town.slack.files == []
    assert town.thread(drill_id)[-1] == "report"


def test_a_slack_that_refuses_the_file_is_no_obstacle() -> None:
    house, drill_id = reported()
    town = Town(house)
    town.slack.fail_at("attach", SlackError("missing_scope"))
    for _ in range(5):
        town.pass_time(timedelta(minutes=1))
    assert [upload.attachment.name for upload in town.slack.files] == [f"{drill_id}-report.pdf"]
