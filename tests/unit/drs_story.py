"""What DRS does in a story of `builders`: jobs that start, move and end, and instances that go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Self

from bot.domain.cleanup_events import CleanupHindered, InstancesObserved
from bot.domain.commands import Draw, Topic, TopicKind
from bot.domain.drill import Drill
from bot.domain.events import Event, JobsObserved, JobStarted, LaunchDeferred, LaunchRefused, LaunchWithdrawn
from bot.domain.facts import JobObservation, RecoveryInstance, ServerObservation
from bot.domain.launch import Launch, LaunchKey
from bot.domain.state_machine import Decision, transition
from bot.domain.states import DeferralReason, HoldReason, JobStatus, LaunchState, ServerPhase

MINUTE = timedelta(minutes=1)
_FINAL = {ServerPhase.LAUNCHED, ServerPhase.FAILED}


def job_id(key: LaunchKey) -> str:
    """The id of the DRS job of a launch."""
    return f"drsjob-{key.wave:05x}{key.attempt:06x}{key.batch:06x}"


class DrsStory:
    """A drill as DRS brings it on. `builders.Story` adds people and time."""

    def __init__(self, at: datetime) -> None:
        self.now = at
        self.decisions: list[Decision] = []

    @property
    def drill(self) -> Drill:
        """The drill as it is."""
        return self.decisions[-1].drill

    @property
    def topics(self) -> tuple[Topic, ...]:
        """The topic of every message that was to be drawn so far, each once, in the order of the first drawing."""
        commands = (command for decision in self.decisions for command in decision.commands)
        topics = dict.fromkeys(command.topic for command in commands if isinstance(command, Draw))
        files = {TopicKind.FINDINGS, TopicKind.TIMELINE, TopicKind.REPORT_FILE}
        return tuple(topic for topic in topics if topic.kind not in files)  # a file is no message

    def tell(self, event: Event, after: timedelta = MINUTE) -> Self:
        """Let time pass, then apply any event. Raises what `transition` raises, and then time has not passed."""
        decision = transition(self.drill, event, self.now + after)
        self.now += after
        self._keep(decision)
        return self

    def _keep(self, decision: Decision) -> None:
        self.decisions.append(decision)

    # ------------------------------------------------------------------ launches

    def waiting_launches(self) -> tuple[Launch, ...]:
        """The launches that are asked for and have no job yet."""
        return tuple(launch for launch in self.drill.launches if launch.state is LaunchState.REQUESTED)

    def jobs_started(self, *, adopted: bool = False, after: timedelta = MINUTE) -> Self:
        """DRS has a job for every launch that waited for one."""
        for number, launch in enumerate(self.waiting_launches()):
            event = JobStarted(key=launch.key, job_id=job_id(launch.key), adopted=adopted)
            self.tell(event, timedelta(0) if number else after)
        return self

    def deferred(
        self,
        reason: DeferralReason = DeferralReason.THROTTLED,
        error: str = "Rate exceeded",
        *,
        delay: timedelta = MINUTE,
        after: timedelta = MINUTE,
    ) -> Self:
        """DRS would not start the first launch that waits just now."""
        key = self.waiting_launches()[0].key
        return self.tell(LaunchDeferred(key=key, reason=reason, error=error, delay=delay), after)

    def refused(
        self, reason: HoldReason = HoldReason.LAUNCH_REFUSED, error: str = "AccessDenied", *, after: timedelta = MINUTE
    ) -> Self:
        """The first launch that waits cannot be started without a person."""
        assert reason in {HoldReason.LAUNCH_REFUSED, HoldReason.LAUNCH_UNKNOWN, HoldReason.UNSAFE}
        values = {"key": self.waiting_launches()[0].key, "reason": reason, "error": error}
        return self.tell(LaunchRefused.model_validate(values), after)

    def not_launched(self, after: timedelta = MINUTE) -> Self:
        """The executor found that no launch that waits is wanted any more."""
        for launch in self.waiting_launches():
            self.tell(LaunchWithdrawn(key=launch.key), after)
        return self

    def moved(
        self, phase: ServerPhase, servers: Iterable[str] | None = None, *, after: timedelta = timedelta(minutes=5)
    ) -> Self:
        """Servers (by name, or all) that are under way are now in this phase; their jobs go on."""
        only = None if servers is None else set(servers)
        ids = [s.id for s in self.drill.servers if s.phase not in _FINAL and (only is None or s.name in only)]
        seen = {each: ServerObservation(id=each, phase=phase) for each in ids}
        return self._observed(seen, JobStatus.STARTED, after)

    def launched(self, *, failing: Mapping[str, str] | None = None, after: timedelta = timedelta(minutes=5)) -> Self:
        """Every job that runs has ended: all of its servers are launched but for those in `failing` (name: error)."""
        errors = failing or {}
        seen = {
            s.id: ServerObservation(id=s.id, phase=ServerPhase.FAILED, failure=errors[s.name])
            if s.name in errors
            else ServerObservation(
                id=s.id,
                phase=ServerPhase.LAUNCHED,
                ec2_instance_id=f"i-{s.id[2:]}",
                launched_at=self.now + after,
            )
            for s in self.drill.servers
        }
        return self._observed(seen, JobStatus.COMPLETED, after)

    def jobs_lost(self, after: timedelta = MINUTE) -> Self:
        """DRS does not know the running jobs any more."""
        return self._observed({}, None, after)

    def _observed(self, seen: Mapping[str, ServerObservation], status: JobStatus | None, after: timedelta) -> Self:
        jobs = tuple(
            JobObservation(
                job_id=launch.job_id or "",
                status=status,
                servers=tuple(seen[each] for each in launch.server_ids if each in seen),
            )
            for launch in self.drill.followed_jobs
        )
        return self.tell(JobsObserved(jobs=jobs), after)

    # ------------------------------------------------------------------ cleanup

    def instances(self) -> tuple[RecoveryInstance, ...]:
        """What DRS shows of the drill's launched servers, all of it still there."""
        return tuple(
            RecoveryInstance(
                id=f"i-{server.id[2:]}", server_id=server.id, is_drill=True, job_id=server.job_id, ec2_state="RUNNING"
            )
            for server in self.drill.servers
            if server.phase is ServerPhase.LAUNCHED
        )

    def terminating(self, left: Iterable[str] | None = None, after: timedelta = MINUTE) -> Self:
        """DRS was told to terminate what is left: the servers of these names, or all."""
        only = None if left is None else set(left)
        names = {server.id: server.name for server in self.drill.servers}
        present = tuple(each for each in self.instances() if only is None or names[each.server_id] in only)
        told = tuple(each.id for each in present)
        return self.tell(
            InstancesObserved(present=present, terminating=told, job_ids=("drsjob-0000000000000c1ea",)), after
        )

    def hindered(self, error: str = "AccessDenied", after: timedelta = MINUTE) -> Self:
        """DRS would not show or terminate the instances."""
        return self.tell(CleanupHindered(error=error), after)

    def gone(self, after: timedelta = timedelta(minutes=4)) -> Self:
        """DRS shows none of the instances (any more)."""
        return self.tell(InstancesObserved(present=()), after)
