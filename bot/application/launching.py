"""Starting one DRS job exactly once.

StartRecovery has no idempotency token. So a conditional write claims the right to send it; the job is tagged with the
drill and the launch's key; and after anything unclear the bot looks for its tags before it sends again. It sends again
only when the claim is old enough that nothing sent under it can still be on its way, and no job has the tags. If it
cannot find out, it asks a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.application.ports import Clock
from bot.application.ports.drs import Drs, DrsClients, DrsError, Refused
from bot.application.ports.storage import Claim, DrillStore
from bot.application.ports.work import WorkItem
from bot.application.results import Again, Done, Result
from bot.domain.drill import Drill
from bot.domain.events import JobStarted, LaunchDeferred, LaunchRefused, LaunchWithdrawn
from bot.domain.launch import Launch, LaunchKey
from bot.domain.preflight import examine_instances
from bot.domain.replication_checks import examine_direction
from bot.domain.states import DeferralReason, HoldReason, LaunchState

GRACE = timedelta(seconds=60)
"""How long after the function must have ended a request of its may still take effect in DRS."""
TRIES = 4
"""How often an unclear answer is looked into before a person is asked."""
TRIES_UNWANTED = 144
"""The same for a launch of a drill that wants it no more. Nobody is to be asked, and what may run must be cleaned up,
so the bot looks for its job every five minutes for twelve hours."""
POINTS_GONE = (
    "The recovery points were chosen by the checks before Start. If DRS keeps one of them no longer, a retry cannot "
    "help: abort, and ask for a new drill."
)
_DEFERRED = {
    Refused.THROTTLED: DeferralReason.THROTTLED,
    Refused.CONFLICT: DeferralReason.CONFLICT,
    Refused.OVER_QUOTA: DeferralReason.OVER_QUOTA,
}
_FIRST_DELAY = timedelta(seconds=30)
_LONGEST_DELAY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Launching:
    """Performs `LaunchBatch`.

    Attributes:
        wall: wall time, since a claim's age is measured against the function's time-out.
        timeout: the executor function's time-out.
    """

    store: DrillStore
    drs: DrsClients
    wall: Clock
    timeout: timedelta

    def launch(self, drill: Drill, key: LaunchKey, item: WorkItem) -> Result:
        """One bounded step towards a job for `key`."""
        launch = drill.wave(key.wave).launch(key)
        if launch.state is not LaunchState.REQUESTED:
            return Done()
        drs = self.drs.at(drill.target)
        claim = self.store.claim(drill.id, key, self.wall())
        if not claim.is_ours:
            settled = self._look_for_job(drs, drill, launch, claim, item)
            if settled:
                return settled
            claim = self.store.renew_claim(drill.id, claim, self.wall())
        return self._launch_under(claim, drs, drill.id, launch, item)

    def _look_for_job(self, drs: Drs, drill: Drill, launch: Launch, claim: Claim, item: WorkItem) -> Result | None:
        """Settle what an earlier claim has led to; None: certainly to nothing."""
        try:
            found = _find(drs, drill.id, launch)
        except DrsError as error:
            told = f"Whether the job was started could not be found out: {error}"
            return self._unknown(launch.key, item, told, wanted=drill.may_launch(launch.key))
        if found:
            return JobStarted(key=launch.key, job_id=found, adopted=True)
        left = claim.since + self.timeout + GRACE - self.wall()
        return Again(left) if left > timedelta(0) else None

    def _launch_under(self, claim: Claim, drs: Drs, drill_id: str, launch: Launch, item: WorkItem) -> Result:
        key = launch.key
        try:
            danger = _danger(drs, launch)
        except DrsError as error:
            self.store.release_claim(drill_id, claim)
            return _not_checked(launch, item, error)
        if danger:
            self.store.release_claim(drill_id, claim)
            return LaunchRefused(key=key, reason=HoldReason.UNSAFE, error=danger)
        drill = self.store.load(drill_id).drill
        if not drill.may_launch(key):  # asked last: an abort may just have landed
            self.store.release_claim(drill_id, claim)
            return LaunchWithdrawn(key=key)
        points = drill.snapshot_ids(launch)
        try:
            return JobStarted(key=key, job_id=drs.start_drill(drill_id, key, launch.server_ids, points))
        except DrsError as error:
            return self._not_started(claim, drs, drill_id, launch, item, _explained(error, points))

    def _not_started(  # noqa: PLR0917 - what is known at this point
        self, claim: Claim, drs: Drs, drill_id: str, launch: Launch, item: WorkItem, error: DrsError
    ) -> Result:
        key = launch.key
        if error.kind in {Refused.DENIED, Refused.INVALID}:
            self.store.release_claim(drill_id, claim)
            return LaunchRefused(key=key, reason=HoldReason.LAUNCH_REFUSED, error=str(error))
        if error.kind in {Refused.CONFLICT, Refused.UNCLEAR}:  # a conflict may be with our own job
            try:
                found = _find(drs, drill_id, launch)
            except DrsError:
                return self._unknown(key, item, str(error))
            if found:
                return JobStarted(key=key, job_id=found, adopted=True)
            if error.kind is Refused.UNCLEAR:
                return self._unknown(key, item, str(error))
        self.store.release_claim(drill_id, claim)
        return _deferred(launch, _DEFERRED[error.kind], error)

    def _unknown(self, key: LaunchKey, item: WorkItem, error: str, *, wanted: bool = True) -> Result:
        """Look again once nothing can be on its way any more; the claim stays until then."""
        tries, delay = (TRIES, _FIRST_DELAY) if wanted else (TRIES_UNWANTED, _LONGEST_DELAY)
        if item.attempts + 1 < tries:
            return Again(delay, error)
        return LaunchRefused(key=key, reason=HoldReason.LAUNCH_UNKNOWN, error=error)


def _find(drs: Drs, drill_id: str, launch: Launch) -> str | None:
    jobs = drs.tagged_jobs(launch.requested_at)
    return next((job.job_id for job in jobs if job.drill_id == drill_id and job.key == launch.key), None)


def _danger(drs: Drs, launch: Launch) -> str | None:
    """What a launch would destroy, if anything: DRS deletes a server's previous recovery instance."""
    findings = (
        *examine_instances(drs.recovery_instances(launch.server_ids)),
        *examine_direction(drs.source_servers(launch.server_ids)),
    )
    blocking = [finding.fact for finding in findings if finding.blocks]
    return " ".join(blocking[:5]) or None


def _explained(error: DrsError, points: Mapping[str, str]) -> DrsError:
    """A launch from snapshots that DRS calls invalid: most likely it keeps one of them no longer."""
    if error.kind is not Refused.INVALID or not points:
        return error
    words = f"{error.words} {POINTS_GONE}"
    return DrsError(error.kind, words, error.retry_after, error.request_id)


def _not_checked(launch: Launch, item: WorkItem, error: DrsError) -> Result:
    """What cannot be checked is not launched: fail closed."""
    if error.kind is Refused.THROTTLED:
        return _deferred(launch, DeferralReason.THROTTLED, error)
    if error.kind is Refused.UNCLEAR and item.attempts + 1 < TRIES:
        return Again(error.retry_after or _FIRST_DELAY, str(error))
    return LaunchRefused(
        key=launch.key, reason=HoldReason.LAUNCH_REFUSED, error=f"The check right before the launch failed: {error}"
    )


def _deferred(launch: Launch, reason: DeferralReason, error: DrsError) -> LaunchDeferred:
    times = launch.deferral.times if launch.deferral and launch.deferral.reason is reason else 0
    backoff = min(_FIRST_DELAY * 2**times, _LONGEST_DELAY)
    delay = max(error.retry_after or backoff, backoff)
    return LaunchDeferred(key=launch.key, reason=reason, error=str(error), delay=delay)
