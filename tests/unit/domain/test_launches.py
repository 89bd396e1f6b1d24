"""Launches before they are jobs: put off, refused, of unknown fate, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import pytest

from bot.domain.commands import LaunchBatch
from bot.domain.errors import IllegalTransition
from bot.domain.events import Event, JobStarted, LaunchDeferred, LaunchRefused, LaunchWithdrawn
from bot.domain.launch import Launch, LaunchKey
from bot.domain.states import DeferralReason, DrillState, HoldReason, LaunchState, Outcome, WaveState
from tests.unit.domain.orders import BOB, a_plan, a_wave
from tests.unit.domain.story import NOON, Story, job, key

THROTTLED, CONFLICT = DeferralReason.THROTTLED, DeferralReason.CONFLICT
Refusal = Literal[HoldReason.LAUNCH_REFUSED, HoldReason.LAUNCH_UNKNOWN, HoldReason.UNSAFE]


def requested(servers: int = 1) -> Story:
    """A drill that has asked for its only wave."""
    return Story(a_plan(a_wave("Database", servers))).is_started()


def deferred(reason: DeferralReason = THROTTLED, of: LaunchKey | None = None, seconds: int = 30) -> LaunchDeferred:
    return LaunchDeferred(key=of or key(1), reason=reason, error="slow down", delay=timedelta(seconds=seconds))


def launch(story: Story, number: int = 1) -> Launch:
    return story.drill.wave(1).launches[number - 1]


def test_a_wave_has_no_launch_but_those_that_were_asked_for() -> None:
    wave = requested().drill.wave(1)
    assert wave.launch(key(1)).key == key(1)
    with pytest.raises(KeyError):
        wave.launch(key(1, attempt=2))


def test_a_launch_that_drs_puts_off_is_tried_again_after_the_delay() -> None:
    story = requested().tell(deferred(seconds=90))
    assert story.commands == (LaunchBatch(key=key(1), not_before=NOON + timedelta(seconds=90)),)
    assert launch(story).state is LaunchState.REQUESTED
    assert story.drill.may_launch(key(1))


def test_that_a_launch_is_put_off_is_kept_up_to_date_in_one_message() -> None:
    story = requested().tell(deferred(THROTTLED))
    assert story.drawn == ["deferral/1/1"]
    story.after(seconds=30).tell(deferred(THROTTLED))
    assert story.drawn == ["deferral/1/1"]
    story.after(seconds=60).tell(deferred(CONFLICT))
    assert story.drawn == ["deferral/1/1"]
    story.tell(JobStarted(key=key(1), job_id="drsjob-1"))
    assert story.drawn == ["wave/1/1", "deferral/1/1"]


def test_a_launch_that_was_put_off_and_then_refused_says_so_in_the_same_message() -> None:
    story = requested().tell(deferred()).tell(LaunchRefused(key=key(1), reason=HoldReason.LAUNCH_REFUSED, error="no"))
    assert "deferral/1/1" in story.drawn


def test_a_launch_that_was_never_put_off_has_no_such_message() -> None:
    story = requested().tell(JobStarted(key=key(1), job_id="drsjob-1"))
    assert story.drawn == ["wave/1/1"]


def test_a_deferral_counts_its_times_from_the_first_of_its_reason() -> None:
    story = requested().tell(deferred()).after(seconds=30).tell(deferred(seconds=60))
    found = launch(story).deferral
    assert found
    assert (found.times, found.since, found.retry_at) == (2, NOON, NOON + timedelta(seconds=90))
    found = launch(story.tell(deferred(CONFLICT))).deferral
    assert found
    assert (found.times, found.since, found.reason) == (1, story.now, CONFLICT)


def test_each_batch_that_is_put_off_has_its_own_message() -> None:
    story = requested(101).tell(deferred(of=key(1, 1, 2)))
    assert story.drawn == ["deferral/1/2"]


@pytest.mark.parametrize("reason", [HoldReason.LAUNCH_REFUSED, HoldReason.UNSAFE, HoldReason.LAUNCH_UNKNOWN])
def test_a_launch_that_needs_a_person_holds_the_drill_with_the_raw_error(reason: Refusal) -> None:
    story = requested().tell(LaunchRefused(key=key(1), reason=reason, error="AccessDenied: drs:StartRecovery"))
    held = story.drill.hold
    assert held
    assert (held.reason, held.detail, held.wave) == (reason, "AccessDenied: drs:StartRecovery", 1)
    assert launch(story).error == "AccessDenied: drs:StartRecovery"
    assert story.drawn == ["hold/1"]
    assert story.commands == ()
    assert not story.drill.may_launch(key(1))


def test_only_an_unknown_launch_may_still_have_a_job() -> None:
    assert launch(requested().launch_denied(key(1))).is_open is False
    assert launch(requested().launch_unknown(key(1))).is_open is True


def test_an_unknown_launch_keeps_its_key_on_retry_so_that_its_job_is_found() -> None:
    story = requested().launch_unknown(key(1)).retries()
    assert story.commands == (LaunchBatch(key=key(1)),)
    assert [found.key for found in story.drill.launches] == [key(1)]
    assert launch(story).error is None


def test_a_launch_that_was_taken_back_on_hold_is_asked_for_again_on_retry() -> None:
    story = requested(101).launch_denied(key(1, 1, 1)).launch_withdrawn(key(1, 1, 2))
    assert launch(story, 2).state is LaunchState.WITHDRAWN
    assert story.commands == ()
    assert set(story.retries().commands) == {LaunchBatch(key=key(1, 1, 1)), LaunchBatch(key=key(1, 1, 2))}


def test_a_launch_that_was_taken_back_just_when_the_drill_wanted_it_again_is_asked_for_at_once() -> None:
    """The executor saw the hold, but a person had decided to retry before it could say so."""
    story = requested(101).launch_denied(key(1, 1, 1)).retries().launch_withdrawn(key(1, 1, 2))
    assert story.commands == (LaunchBatch(key=key(1, 1, 2)),)
    assert launch(story, 2).state is LaunchState.REQUESTED


def test_a_launch_taken_back_while_another_wave_was_on_hold_is_asked_for_again_too() -> None:
    story = two_waves_under_way().job_lost(key(1)).launch_withdrawn(key(2))
    assert story.drill.wave(2).launches[0].state is LaunchState.WITHDRAWN
    story.skips()
    assert story.commands == (LaunchBatch(key=key(2)),)
    assert story.drill.may_launch(key(2))


def test_a_launch_refused_while_another_wave_was_on_hold_holds_the_drill_next() -> None:
    story = two_waves_under_way().job_lost(key(1)).launch_denied(key(2))
    assert story.drill.hold
    assert story.drill.hold.reason is HoldReason.JOB_LOST
    held = story.retries().drill.hold
    assert held
    assert (held.reason, held.wave, held.detail) == (HoldReason.LAUNCH_REFUSED, 2, "AccessDenied")


def test_a_launch_of_unknown_fate_while_another_wave_was_on_hold_holds_the_drill_next() -> None:
    held = two_waves_under_way().job_lost(key(1)).launch_unknown(key(2)).skips().drill.hold
    assert held
    assert (held.reason, held.wave, held.detail) == (HoldReason.LAUNCH_UNKNOWN, 2, "no answer")


def two_waves_under_way() -> Story:
    """Wave 1 was skipped while its job ran on; wave 2 was approved and is asked for."""
    story = Story(a_plan(a_wave("Database"), a_wave("Web"))).is_started().jobs_start().overdue().skips()
    return story.approves(BOB)


def test_a_wave_that_was_skipped_wants_no_launch_any_more() -> None:
    story = requested().launch_unknown(key(1)).skips()
    assert story.commands == (LaunchBatch(key=key(1)),), "the executor must look whether there is a job"
    assert not story.drill.may_launch(key(1))
    assert story.launch_withdrawn(key(1)).drill.state is DrillState.ENDED


def test_nobody_is_asked_about_a_launch_of_a_skipped_wave_but_it_becomes_a_finding() -> None:
    """Nothing waits for it any more, so that the drill must be able to go on to its end."""
    story = requested().launch_unknown(key(1)).skips().launch_unknown(key(1))
    assert story.drill.state is DrillState.ENDED
    (finding,) = story.drill.findings
    assert finding.startswith("Nobody knows whether DRS started a job for launch 1#1#1 of wave Database (no answer)")


def test_a_refused_launch_of_a_skipped_wave_is_no_finding() -> None:
    story = requested().launch_unknown(key(1)).skips().launch_denied(key(1))
    assert (story.drill.state, story.drill.findings) == (DrillState.ENDED, ())


def test_the_job_of_a_skipped_wave_is_adopted_and_followed_to_its_end() -> None:
    story = requested().launch_unknown(key(1)).skips().jobs_start()
    assert (story.drill.state, story.drill.wave(1).state) == (DrillState.RUNNING, WaveState.SKIPPED)
    story.jobs_complete().is_clean()
    assert story.drill.outcome is Outcome.PASSED


@pytest.mark.parametrize(
    "event",
    [
        JobStarted(key=key(1), job_id="drsjob-second"),
        deferred(),
        LaunchRefused(key=key(1), reason=HoldReason.LAUNCH_REFUSED, error="late"),
        LaunchWithdrawn(key=key(1)),
    ],
)
def test_a_launch_is_settled_once(event: Event) -> None:
    refused = requested().jobs_start().refused(event)
    assert isinstance(refused, IllegalTransition)
    assert str(refused) == "Launch 1#1#1 does not wait for a job: it has been settled, or was never asked for."


@pytest.mark.parametrize("of", [key(1, 2), key(1, 1, 2), key(2), key(0), key(9)])
def test_a_launch_that_was_never_asked_for_cannot_start(of: LaunchKey) -> None:
    story = Story(a_plan(a_wave("Database"), a_wave("Web"))).is_started()
    assert isinstance(story.refused(JobStarted(key=of, job_id=job(of))), IllegalTransition)
