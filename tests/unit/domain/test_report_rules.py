"""The report, sign-offs, findings and notes: what people add to a record, and that none of it moves a drill."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.afterwards import EVIDENCE
from bot.domain.commands import AnchorRecord, Draw, MakeReport, TopicKind
from bot.domain.events import Event
from bot.domain.report_events import (
    EvidenceFailed,
    EvidenceKept,
    FollowUpAdded,
    FollowUpFixed,
    NoteAdded,
    ReportRequested,
    SignedOff,
)
from bot.domain.report_rules import A_WHILE, MOST_FOLLOW_UPS, MOST_NOTES
from tests.unit.domain.orders import ADA, BOB, CAT, DAN, EVE, a_plan, a_wave
from tests.unit.domain.story import NOON, Story

SHA = "e" * 64
LATER = (NOON + timedelta(days=20)).date()


def kept(number: int = 1, sha: str = SHA) -> EvidenceKept:
    return EvidenceKept(number=number, version=9, place="payments/payments-1/", files={EVIDENCE: sha})


def passed(**access: object) -> Story:
    return Story(a_plan(**access)).is_started().jobs_start().jobs_complete().is_clean()  # type: ignore[arg-type]


def reported(**access: object) -> Story:
    return passed(**access).after(minutes=1).tell(kept())


def finding(**changes: object) -> FollowUpAdded:
    event = FollowUpAdded(actor=BOB, text="The disk is too small.", owner=EVE.user_id, due=LATER)
    return event.model_copy(update=changes)


def note(number: int = 1, by: object = ADA) -> NoteAdded:
    event = NoteAdded(actor=ADA, author=EVE.user_id, text="It works.", permalink=f"https://p/{number}")
    return event.model_copy(update={"actor": by})


def makes(story: Story) -> list[MakeReport]:
    return [each for each in story.decision.commands if isinstance(each, MakeReport)]


def shown(story: Story) -> list[TopicKind]:
    return [each.topic.kind for each in story.decision.commands if isinstance(each, Draw)][1:]


def test_whichever_way_a_drill_ends_its_report_is_made_without_anyone_asking() -> None:
    ends = (
        passed(),
        Story(a_plan()).checked().after(days=1).overdue(),
        Story(a_plan(a_wave("Web"))).is_started().jobs_start().aborts().jobs_complete().is_clean(),
    )
    for story in ends:
        assert makes(story) == [MakeReport(number=1, not_before=story.now + A_WHILE)]
        assert story.drill.report
        assert story.drill.report.is_being_made


def test_it_comes_behind_everything_else_that_the_end_causes() -> None:
    assert isinstance(passed().decision.commands[-1], MakeReport)


def test_the_record_is_anchored_after_each_wave_behind_what_the_wave_leads_to() -> None:
    story = Story(a_plan(a_wave("Database"), a_wave("Web"))).is_started().jobs_start().jobs_complete()
    assert story.decision.commands[-1] == AnchorRecord(not_before=story.now + A_WHILE)
    story.approves(CAT)
    assert not any(isinstance(each, AnchorRecord) for each in story.decision.commands)
    story.jobs_start().jobs_complete()
    assert story.decision.commands[-1] == AnchorRecord(not_before=story.now + A_WHILE)


def test_what_was_kept_is_told_and_shown_in_the_thread() -> None:
    story = reported()
    assert story.drill.report
    assert story.drill.report.newest
    assert (story.drill.report.newest.sha256, story.drill.report.is_being_made) == (SHA, False)
    assert shown(story) == [TopicKind.TIMELINE, TopicKind.REPORT_FILE, TopicKind.REPORT]


def test_the_report_of_a_drill_that_was_never_started_is_kept_and_shown_only_to_who_asks() -> None:
    story = Story(a_plan()).checked().overdue().after(minutes=1).tell(kept())
    assert shown(story) == []
    story.after(minutes=1).tell(ReportRequested(actor=CAT)).after(minutes=1).tell(kept(2))
    assert shown(story) == [TopicKind.TIMELINE, TopicKind.REPORT_FILE, TopicKind.REPORT]


def test_a_drill_that_was_never_started_is_neither_signed_off_nor_has_findings() -> None:
    story = Story(a_plan()).checked().overdue().after(minutes=1).tell(kept())
    for event in (SignedOff(actor=CAT, report=1), finding()):
        assert str(story.refused(event)).startswith("This drill was never started")


def test_it_is_made_again_for_whoever_may_ask_and_not_while_it_is_being_made() -> None:
    story = passed()
    assert "is being made, since" in str(story.refused(ReportRequested(actor=ADA)))
    story.after(minutes=1).tell(kept()).after(minutes=1).tell(ReportRequested(actor=CAT))
    assert makes(story) == [MakeReport(number=2, not_before=story.now + A_WHILE)]
    assert str(story.refused(ReportRequested(actor=EVE))).startswith("You may not have a report made of this drill.")


def test_a_drill_that_ended_before_there_were_reports_can_have_one() -> None:
    story = passed()
    old = story.drill.model_copy(update={"report": None})
    story.history.append((story.history[-1][0], story.now, story.decision.__class__(old, (), story.decision.locks)))
    story.tell(ReportRequested(actor=ADA))
    assert makes(story) == [MakeReport(number=1, not_before=story.now + A_WHILE)]
    assert "There is no report yet" in str(passed().refused(SignedOff(actor=CAT, report=1)))


def test_a_report_that_cannot_be_made_is_told_and_can_be_tried_again_and_the_drill_is_as_it_was() -> None:
    story = passed()
    outcome = story.drill.outcome
    story.tell(EvidenceFailed(number=1, error="AccessDenied"))
    assert story.drill.report
    assert (story.drill.report.problem, story.drill.outcome, story.drill.findings) == ("AccessDenied", outcome, ())
    assert shown(story) == [TopicKind.REPORT]
    again = story.after(minutes=1).tell(ReportRequested(actor=ADA)).drill.report
    assert again
    assert (again.problem, again.number) == (None, 2)


@pytest.mark.parametrize("late", [kept(), EvidenceFailed(number=1, error="too late")])
def test_what_comes_of_an_earlier_request_is_dropped(late: Event) -> None:
    story = reported().after(minutes=1).tell(ReportRequested(actor=ADA))
    assert str(story.refused(late)) == "The report was asked for again meanwhile."


def test_a_sign_off_is_of_the_newest_report_and_leads_to_one_that_has_it() -> None:
    story = reported().after(minutes=1).tell(SignedOff(actor=CAT, report=1, comment=" Seen. "))
    assert [(each.by, each.sha256, each.comment) for each in story.drill.signoffs] == [(CAT, SHA, "Seen.")]
    assert makes(story) == [MakeReport(number=2, not_before=story.now + A_WHILE)]


@pytest.mark.parametrize(
    ("who", "told"),
    [
        (ADA, "You may not sign this drill off. These people may: <@U0BOB>, <@U0CAT>, <@U0DAN>."),
        (EVE, "You may not sign this drill off."),
    ],
)
def test_who_may_sign_off_are_the_approvers(who: object, told: str) -> None:
    click = SignedOff(actor=CAT, report=1).model_copy(update={"actor": who})
    assert str(reported().refused(click)).startswith(told)


def test_with_four_eyes_nobody_signs_off_a_drill_that_they_have_asked_for_or_started() -> None:
    story = Story(a_plan(), BOB).is_started(BOB).jobs_start().jobs_complete().is_clean().after(minutes=1).tell(kept())
    told = str(story.refused(SignedOff(actor=BOB, report=1)))
    assert "its plan wants four eyes: somebody else must sign off (<@U0CAT>, <@U0DAN>)." in told
    alone = Story(a_plan(four_eyes=False), BOB).is_started(BOB).jobs_start().jobs_complete().is_clean()
    assert alone.after(minutes=1).tell(kept()).tell(SignedOff(actor=BOB, report=1)).drill.signoffs


def test_where_nobody_approves_whoever_operates_signs_off() -> None:
    story = reported(approvers=(), four_eyes=False)
    assert story.tell(SignedOff(actor=ADA, report=1)).drill.signoffs


def test_nobody_signs_twice_and_nobody_what_is_not_the_newest() -> None:
    story = reported()
    told = "This is not the newest report any more: read the newest one, and sign that."
    assert str(story.refused(SignedOff(actor=CAT, report=2))) == told
    story.after(minutes=1).tell(SignedOff(actor=CAT, report=1)).after(minutes=1).tell(kept(2, "f" * 64))
    assert str(story.refused(SignedOff(actor=CAT, report=2))).startswith("You have signed this drill off")
    assert len(story.tell(SignedOff(actor=DAN, report=2)).drill.signoffs) == 2


def test_a_finding_has_an_owner_and_a_date_and_is_open_until_somebody_says_it_is_fixed() -> None:
    story = reported().tell(finding())
    assert shown(story) == [TopicKind.REPORT]
    assert [(each.number, each.owner, each.due, each.is_open) for each in story.drill.follow_ups] == [
        (1, EVE.user_id, LATER, True)
    ]
    story.tell(finding(text="Another one.")).tell(FollowUpFixed(actor=EVE, number=1, how="Twice as large now."))
    first, second = story.drill.follow_ups
    assert (first.is_open, first.how, second.is_open) == (False, "Twice as large now.", True)


@pytest.mark.parametrize(
    ("event", "told"),
    [
        (finding(due=NOON.date() - timedelta(days=1)), "The date until which it is to be seen to has passed already."),
        (finding(text=" "), "The finding is missing."),
        (finding(actor=EVE), "You may not add findings to this drill."),
        (FollowUpFixed(actor=BOB, number=2), "This drill has no finding 2."),
        (FollowUpFixed(actor=Story(a_plan()).drill.requester.model_copy(update={"user_id": "U0NO"}), number=1), "You"),
    ],
)
def test_a_finding_that_cannot_be_is_refused(event: Event, told: str) -> None:
    assert str(reported().tell(finding()).refused(event)).startswith(told)


def test_a_finding_is_fixed_once_and_findings_are_kept_up_to_a_number() -> None:
    story = reported().tell(finding()).tell(FollowUpFixed(actor=BOB, number=1))
    told = "Finding 1 is fixed already, as said by <@U0BOB>,"
    assert str(story.refused(FollowUpFixed(actor=EVE, number=1))).startswith(told)
    while len(story.drill.follow_ups) < MOST_FOLLOW_UPS:
        story.tell(finding())
    assert "findings are kept with a drill, and no more" in str(story.refused(finding()))


def test_a_message_is_noted_once_by_who_has_a_part_and_up_to_a_number() -> None:
    story = Story(a_plan()).tell(note())
    assert [(each.by, each.author, each.text) for each in story.drill.notes] == [(ADA, EVE.user_id, "It works.")]
    assert str(story.refused(note(by=CAT))) == "This message is among the drill's notes already."
    assert str(story.refused(note(2, by=EVE))).startswith("You may not add notes to this drill.")
    for number in range(2, MOST_NOTES + 1):
        story.tell(note(number))
    assert "notes are kept with a drill, and no more" in str(story.refused(note(MOST_NOTES + 1)))


def test_none_of_it_moves_a_drill() -> None:
    story = reported()
    before = story.drill
    story.tell(finding()).tell(note()).after(minutes=1).tell(SignedOff(actor=CAT, report=1))
    added = {"version", "report", "signoffs", "follow_ups", "notes"}
    assert story.drill.model_dump(exclude=added) == before.model_dump(exclude=added)
