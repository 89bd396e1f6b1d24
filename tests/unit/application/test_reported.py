"""What people add to a report, and what of it is shown in Slack."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.application.ports.slack import SlackError
from bot.domain.approval import Action
from bot.domain.evidence_parts import Profile
from bot.domain.proof import flaws_of_chain
from tests.unit.application.ended import PLACE, SOON, evidence_of, reported
from tests.unit.application.house import House
from tests.unit.application.town import Town
from tests.unit.builders import ADA, EVE, GRACE, LINUS


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
