"""The parts of evidence: cleanup, recovery points, waivers, people's findings, and what did not go as planned."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.afterwards import EVIDENCE
from bot.domain.check_events import CheckConfirmed
from bot.domain.checks import CheckState
from bot.domain.cleanup_events import CleanupRequested, InstancesObserved
from bot.domain.events import PreflightCompleted, SelectionFailed, TimePassed
from bot.domain.evidence import Beside
from bot.domain.evidence_parts import Profile
from bot.domain.evidence_wave_parts import SpanKind
from bot.domain.launch_point import NewestBefore, NewestExisting, RecoverySnapshot
from bot.domain.plan import Plan
from bot.domain.plan_checks import PlanCheck
from bot.domain.report_events import EvidenceFailed, NoteAdded
from bot.domain.results import result_of
from bot.domain.states import InstanceState, Outcome, Purpose
from tests.unit.builders import ADA, EVE, GRACE, T0, a_plan, server_id
from tests.unit.evidence_cases import (
    CASES,
    FILES,
    PROFILES,
    a_large_plan,
    answered,
    checked,
    checked_plan,
    launch,
)
from tests.unit.recorded import Recorded


def test_the_cleanup_is_proven_instance_by_instance() -> None:
    story = CASES["passed"]()
    cleanup = story.evidence().cleanup
    assert [instance.server_id for instance in cleanup.instances] == [server_id(n) for n in (1, 2, 3)]
    assert {instance.state for instance in cleanup.instances} == {InstanceState.GONE}
    assert {instance.gone_at for instance in cleanup.instances} == {story.drill.ended_at}
    assert all(instance.told_at and instance.told_at < story.now for instance in cleanup.instances)
    assert story.evidence().verdict.instances_left == 0


def test_what_was_in_the_way_of_the_cleanup_is_told() -> None:
    story = launch(checked(Recorded(a_plan(("Database", 2)))).started())
    story.hindered("AccessDenied: DescribeRecoveryInstances").terminating().terminating(left=["server-2"]).gone()
    made = story.evidence().cleanup
    assert made.problems == ("AccessDenied: DescribeRecoveryInstances",)
    first, second = (instance.gone_at for instance in made.instances)
    assert first
    assert second
    assert first < second


def test_an_instance_that_was_shown_again_is_gone_when_it_is_for_good() -> None:
    story = launch(checked(Recorded(a_plan(("Database", 2)))).started())
    story.terminating().terminating(left=["server-2"]).terminating().terminating(left=["server-2"])
    last = story.now
    first, second = story.gone().evidence().cleanup.instances
    assert (first.gone_at, second.gone_at) == (last, story.now)


def test_the_recovery_point_is_the_lag_at_the_start_and_not_the_snapshot_that_the_launch_took() -> None:
    story = checked(Recorded(a_plan(("Database", 1))), lag=timedelta(minutes=16)).started()
    made = launch(story).cleaned().evidence()
    server = made.waves[0].servers[0]
    assert (server.age, server.age_is_met, server.age_by) == (timedelta(minutes=16), False, "lag")
    assert (made.verdict.point.worst, made.verdict.point.is_met) == (timedelta(minutes=16), False)


def test_where_drs_tells_no_lag_the_newest_snapshot_says_how_old_the_data_was() -> None:
    snapshot = RecoverySnapshot(id="pit-1", at=T0 - timedelta(minutes=8))
    story = Recorded(a_plan(("Database", 2)), launch_point=NewestExisting())
    launch(story.checked(snapshots={server_id(1): snapshot}).started()).cleaned()
    first, second = story.evidence().waves[0].servers
    assert (first.age, first.age_by, first.snapshot) == (timedelta(minutes=10), "snapshot", snapshot)
    assert (second.age, second.age_is_met) == (None, None)
    point = story.evidence().verdict.point
    assert (point.worst, point.unknown, point.is_met) == (timedelta(minutes=10), 1, None)


def test_an_older_point_that_was_chosen_says_nothing_of_the_objective() -> None:
    snapshot = RecoverySnapshot(id="pit-1", at=T0 - timedelta(days=2))
    story = Recorded(a_plan(("Database", 1)), launch_point=NewestBefore(at=T0 - timedelta(days=1)))
    launch(story.checked(snapshots={server_id(1): snapshot}).started()).cleaned()
    made = story.evidence()
    assert made.verdict.point.is_met is None
    assert "of before 2026-03-01 at 10:00 UTC" in made.objective.scenario


def test_a_drill_that_was_never_started_has_evidence_too_and_proves_nothing() -> None:
    made = CASES["refused"]().evidence()
    assert (made.verdict.outcome, made.verdict.passed, made.verdict.started_at) == (Outcome.REFUSED, False, None)
    assert made.verdict.recovery is None
    assert made.readiness
    assert [finding.blocks for finding in made.readiness.findings] == [True]
    assert made.comparison == ()
    before_checks = Recorded(a_plan(("Database", 1))).withdrawn().evidence()
    assert before_checks.readiness is None


def test_waivers_are_told_with_who_granted_them_and_why() -> None:
    plan = a_plan(("Database", 1), warnings="waive")
    story = checked(Recorded(plan)).waived(reason="Known, and harmless here.").started()
    made = launch(story).cleaned().evidence()
    assert made.readiness
    assert [(waived.by, waived.reason) for waived in made.readiness.waivers] == [
        (ADA.user_id, "Known, and harmless here.")
    ]


def test_a_wave_that_was_skipped_and_glass_that_was_broken_are_told() -> None:
    access = a_plan().access.model_copy(update={"break_glass": (EVE.user_id,)})
    plan = a_plan(("Database", 1), ("Web", 1), ("Mail", 1)).model_copy(update={"access": access})
    story = launch(checked(Recorded(plan)).started()).glass_broken()
    story.jobs_started().launched().rejected().skipped().cleaned()
    made = story.evidence()
    assert made.troubles.skipped == ("Wave 3 (Mail)",)
    assert [(deed.by, deed.wave) for deed in made.troubles.broken_glass] == [(EVE.user_id, 2)]
    assert SpanKind.HOLD in {stretch.kind for stretch in made.waves[2].stretches}


def test_the_time_operated_and_a_persons_confirmation_are_told() -> None:
    plan = a_plan(
        ("Web", 1), checks=(PlanCheck(manual="Finance has logged in"),), cleanup={"when": "after", "after": "30m"}
    )
    story = launch(checked(Recorded(plan)).started())
    confirmed = CheckConfirmed(actor=GRACE, wave=1, round=1, check=1, comment="I have.")
    story.tell(confirmed).reminded().cleaned()
    made = story.evidence()
    assert made.verdict.operated == timedelta(minutes=30)
    assert [(check.by, check.output) for check in made.waves[0].checks] == [(GRACE.user_id, "")]
    assert SpanKind.CONFIRMATION in {stretch.kind for stretch in made.waves[0].stretches}


def test_checks_made_again_while_it_stays_up_are_no_part_of_the_waves_time() -> None:
    plan = a_plan(("Web", 1), checks=(PlanCheck.model_validate({"tcp": 443}),), cleanup={"when": "on-click"})
    story = answered(launch(checked(Recorded(plan)).started()), 1)
    answered(story.reminded(), 1)
    made = story.tell(CleanupRequested(actor=ADA)).cleaned().evidence()
    assert [check.purpose for check in made.waves[0].checks] == ["after", "repeat"]
    assert [each.kind for each in made.waves[0].stretches].count(SpanKind.CHECKS) == 1


def test_an_attempt_of_which_no_job_has_ended_has_no_phases() -> None:
    story = checked(Recorded(a_plan(("Web", 1)))).started().jobs_started().aborted()
    made = (
        story.tell(TimePassed(), timedelta(days=1)).tell(InstancesObserved(present=()), timedelta(hours=1)).evidence()
    )
    assert made.waves[0].stretches == ()
    assert made.cleanup.never_shown == ("server-1",)


def test_findings_notes_and_signatures_are_in_it_beside_those_of_earlier_drills() -> None:
    signed = CASES["signed"]()
    made = signed.evidence(Beside(profiles=PROFILES, findings=(("payments-0", signed.drill.follow_ups[0]),)))
    assert [(each.number, each.is_open, each.due) for each in made.findings] == [(1, True, "2026-04-01")]
    assert [each.drill_id for each in made.earlier_findings] == ["payments-0"]
    assert [(each.name, each.sha256) for each in made.sign_offs] == [("Grace Hopper", FILES[EVIDENCE])]
    assert [note.text for note in made.notes] == ["The test payment went through."]


def test_it_stands_beside_the_drills_of_the_plan_before_it_and_not_after_it() -> None:
    story = CASES["passed"]()
    this = result_of(story.drill)
    assert this
    day = timedelta(days=1)
    earlier = this.model_copy(update={"drill_id": "payments-0", "ended_at": this.ended_at - day})
    later = this.model_copy(update={"drill_id": "payments-9", "ended_at": this.ended_at + day})
    refused = earlier.model_copy(update={"started_at": None, "recovery": None})
    trend = story.evidence(Beside(results=(later, earlier, refused))).comparison
    assert [each.drill_id for each in trend] == [story.drill.id, "payments-0"]
    assert trend[0].waves == {"Database": timedelta(minutes=22), "Web": timedelta(minutes=22)}


def test_a_sweep_has_evidence_of_what_it_has_cleaned_up() -> None:
    story = Recorded(a_plan(("Database", 1)), purpose=Purpose.SWEEP).withdrawn()
    made = story.evidence()
    assert (made.verdict.purpose, made.comparison) == (Purpose.SWEEP, ())


def test_an_event_of_a_kind_that_evidence_knows_nothing_of_appears_with_its_fields() -> None:
    story = CASES["passed"]().tell(EvidenceFailed(number=1, error="S3 is on fire. " * 40))
    newest = story.evidence().timeline[-1]
    assert newest.event == "evidence_failed"
    assert newest.told.startswith("number: 1; error: S3 is on fire.")
    assert len(newest.told) == 300


def test_start_clicked_in_vain_is_told() -> None:
    dumped = a_plan(("Database", 1)).model_dump(mode="json")
    dumped["waves"][0] |= {"servers": [], "select": {"tags": {"Tier": "db"}}}
    story = Recorded(Plan.model_validate(dumped))
    chosen = PreflightCompleted(findings=(), names={}, servers=((server_id(1),),))
    story.tell(chosen).started().tell(SelectionFailed(error="DRS is away")).withdrawn()
    told = story.evidence().troubles.false_starts
    assert len(told) == 1
    assert told[0].endswith("and nothing was started: DRS is away.")


def test_a_check_that_nobody_came_to_answer_has_no_output() -> None:
    story = launch(checked(Recorded(checked_plan())).started())
    made = story.aborted().cleaned().evidence()
    assert {check.output for check in made.waves[0].checks} == {""}


def test_the_evidence_of_500_servers_is_made_in_a_few_seconds() -> None:
    story = checked(Recorded(a_large_plan(5, 100)))
    story.started()
    for _wave in range(5):
        launch(story)
    made = story.cleaned().evidence(Beside(profiles={ADA.user_id: Profile(name="Ada")}))
    assert (made.verdict.servers, made.verdict.launched, made.verdict.instances_left) == (500, 500, 0)


def test_answers_of_other_waves_are_not_taken_for_those_of_this_one() -> None:
    story = checked(Recorded(checked_plan())).started()
    answered(launch(story), 1, output="first")
    answered(launch(story), 2, output="second")
    made = story.cleaned().evidence()
    assert [{check.output for check in wave.checks} for wave in made.waves] == [{"first"}, {"second"}]
    assert made.waves[0].checks[0].state is CheckState.PASSED


def test_a_failure_of_which_drs_says_nothing_is_told_as_that() -> None:
    story = checked(Recorded(a_plan(("Database", 1)))).started().jobs_started().launched(failing={"server-1": ""})
    made = story.aborted().terminating(left=()).evidence()
    assert [failure.error for failure in made.waves[0].servers[0].failures] == ["DRS does not say why."]


def test_a_note_is_kept_whenever_it_comes() -> None:
    note = NoteAdded(actor=ADA, author=GRACE.user_id, text="Late to the party.", permalink="https://p/2")
    made = CASES["refused"]().tell(note).evidence()
    assert [each.text for each in made.notes] == ["Late to the party."]
