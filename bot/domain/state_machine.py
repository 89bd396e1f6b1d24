"""The drill's state machine: the only place that decides.

A drill is *proposed* when somebody asks for it: the checks run, nothing is locked, nothing is launched. If a check
blocks, it ends *refused*; else it is *ready* and waits for somebody to click Start, once its warnings are waived where
its plan wants that. An operator's Start makes it real: its servers are locked and it is *running*, wave after wave, or
side by side where the plan has waves that do not need each other. Where the plan chooses servers by their tags, it is
*starting* until these have been looked up once more: if they are others than were shown, it is checked anew and Start
must be clicked again. A wave that needs approval waits for people (those who may break glass can do without, in the
open); then its servers are launched in jobs of at most a hundred, and the jobs are followed to their end. When a
critical server fails, DRS refuses, an approver rejects the wave, time runs out, or nobody knows whether a job was
started, the drill is *on hold*: nothing is launched until a person decides to retry, to skip the wave, or to abort.
Operators and approvers can also ask for a hold; a resume ends that, and the drill goes on where it was. An aborted
drill is *aborting* as long as jobs run, since DRS cannot cancel a job; one that does not end is given up in the end,
and is a finding. After the last wave the drill is *operating* where its plan lets what was launched stay up for a
while, until its time is over or somebody has it cleaned up. Then, at once where the plan says nothing, and after an
abort, it is *cleaning up* until DRS shows none of its instances any more; only then is it *ended* and its servers are
free. Its report is made then, and nothing that comes of that moves the drill: people can ask for it again, sign it off,
and add findings; notes they can add at any time.

`transition` does no I/O, reads no clock and makes no ids. An event that does not apply raises and changes nothing.
What applies where is in `RULES`, and each rule says which states it may lead to; `docs/state-machine.md` is drawn
from that table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.domain import (
    cleanup_rules,
    hold_rules,
    operating,
    people_rules,
    report_rules,
    starting,
    sweeping,
    waiving,
    world_rules,
)
from bot.domain.check_events import CheckConfirmed, CheckDenied, ChecksObserved
from bot.domain.cleanup_events import CleanupHindered, CleanupRequested, InstancesObserved, LeftoversFound
from bot.domain.commands import Command, TopicKind
from bot.domain.drill import Drill
from bot.domain.errors import IllegalTransition
from bot.domain.events import (
    DrillAborted,
    DrillHeld,
    DrillProposed,
    DrillResumed,
    DrillStarted,
    Event,
    GlassBroken,
    HoldRetried,
    HoldSkipped,
    JobsObserved,
    JobStarted,
    LaunchDeferred,
    LaunchRefused,
    LaunchWithdrawn,
    PreflightCompleted,
    ProposalWithdrawn,
    SelectionFailed,
    ServersSelected,
    TimePassed,
    WarningsWaived,
    WaveApproved,
    WaveRejected,
)
from bot.domain.report_events import (
    EvidenceFailed,
    EvidenceKept,
    FollowUpAdded,
    FollowUpFixed,
    NoteAdded,
    ReportRequested,
    SignedOff,
)
from bot.domain.states import DrillState
from bot.domain.step import Step, draw
from bot.domain.words import why_not

S = DrillState


class Locks(StrEnum):
    """What a decision asks of the server locks."""

    KEEP = "keep"
    ACQUIRE = "acquire"
    RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Decision:
    """What an event has led to: the drill's next version, the work it causes, and what becomes of its locks."""

    drill: Drill
    commands: tuple[Command, ...]
    locks: Locks


@dataclass(frozen=True, slots=True)
class Rule:
    """How an event is applied in a state, and to which states that may lead."""

    apply: Callable[[Drill, Any, datetime], Step]
    leads_to: frozenset[DrillState]

    def step(self, drill: Drill, event: Event, now: datetime) -> Step:
        """Apply the event and count the version.

        Raises:
            AssertionError: it has led to a state that the rule does not name.
        """
        step = report_rules.after_the_fact(drill, self.apply(drill, event, now), now).then(version=drill.version + 1)
        if step.drill.state not in self.leads_to:
            raise AssertionError(f"{type(event).__name__} led from {drill.state} to {step.drill.state}: amend RULES")
        return step


def _rule(apply: Callable[[Drill, Any, datetime], Step], *leads_to: DrillState) -> Rule:
    return Rule(apply, frozenset(leads_to))


_WITHDRAW = _rule(people_rules.withdraw, S.ENDED)
_EXPIRE = _rule(world_rules.expire, S.ENDED)
_ABORT = _rule(people_rules.abort, S.ABORTING, S.CLEANING_UP, S.ENDED)

_MOVES: Mapping[DrillState, Mapping[type[Event], Rule]] = {
    S.PROPOSED: {
        PreflightCompleted: _rule(world_rules.preflight_completed, S.READY, S.ENDED),
        LeftoversFound: _rule(sweeping.leftovers_found, S.READY, S.ENDED),
        ProposalWithdrawn: _WITHDRAW,
        TimePassed: _EXPIRE,
    },
    S.READY: {
        WarningsWaived: _rule(waiving.waive, S.READY),
        DrillStarted: _rule(starting.start, S.STARTING, S.RUNNING, S.CLEANING_UP),
        ProposalWithdrawn: _WITHDRAW,
        TimePassed: _EXPIRE,
    },
    S.STARTING: {
        ServersSelected: _rule(starting.servers_selected, S.RUNNING, S.PROPOSED),
        SelectionFailed: _rule(starting.selection_failed, S.READY),
        ProposalWithdrawn: _WITHDRAW,
        TimePassed: _EXPIRE,
    },
    S.RUNNING: {
        WaveApproved: _rule(people_rules.approve, S.RUNNING),
        WaveRejected: _rule(people_rules.reject, S.ON_HOLD),
        GlassBroken: _rule(people_rules.break_glass, S.RUNNING),
        DrillHeld: _rule(hold_rules.hold_on_request, S.ON_HOLD),
        DrillAborted: _ABORT,
        JobStarted: _rule(world_rules.job_started, S.RUNNING),
        LaunchDeferred: _rule(world_rules.launch_deferred, S.RUNNING),
        LaunchRefused: _rule(world_rules.launch_refused, S.RUNNING, S.ON_HOLD, S.OPERATING, S.CLEANING_UP, S.ENDED),
        LaunchWithdrawn: _rule(world_rules.launch_withdrawn, S.RUNNING, S.OPERATING, S.CLEANING_UP, S.ENDED),
        ChecksObserved: _rule(world_rules.checks_observed, S.RUNNING, S.ON_HOLD, S.OPERATING, S.CLEANING_UP),
        CheckConfirmed: _rule(world_rules.check_answered, S.RUNNING, S.OPERATING, S.CLEANING_UP),
        CheckDenied: _rule(world_rules.check_answered, S.RUNNING, S.ON_HOLD, S.OPERATING, S.CLEANING_UP),
        JobsObserved: _rule(world_rules.jobs_observed, S.RUNNING, S.ON_HOLD, S.OPERATING, S.CLEANING_UP),
        TimePassed: _rule(world_rules.overdue, S.RUNNING, S.ON_HOLD, S.OPERATING, S.CLEANING_UP),
    },
    S.ON_HOLD: {
        DrillResumed: _rule(hold_rules.resume, S.RUNNING, S.ON_HOLD, S.OPERATING, S.CLEANING_UP, S.ENDED),
        HoldRetried: _rule(hold_rules.retry, S.RUNNING, S.ON_HOLD),
        HoldSkipped: _rule(hold_rules.skip, S.RUNNING, S.ON_HOLD, S.OPERATING, S.CLEANING_UP, S.ENDED),
        DrillAborted: _ABORT,
        JobStarted: _rule(world_rules.job_started, S.ON_HOLD),
        LaunchDeferred: _rule(world_rules.launch_deferred, S.ON_HOLD),
        LaunchRefused: _rule(world_rules.launch_refused, S.ON_HOLD),
        LaunchWithdrawn: _rule(world_rules.launch_withdrawn, S.ON_HOLD),
        ChecksObserved: _rule(world_rules.checks_observed, S.ON_HOLD),
        CheckConfirmed: _rule(world_rules.check_answered, S.ON_HOLD),
        CheckDenied: _rule(world_rules.check_answered, S.ON_HOLD),
        JobsObserved: _rule(world_rules.jobs_observed, S.ON_HOLD, S.RUNNING, S.OPERATING, S.CLEANING_UP),
    },
    S.ABORTING: {
        JobStarted: _rule(world_rules.job_started, S.ABORTING),
        LaunchDeferred: _rule(world_rules.launch_deferred, S.ABORTING),
        LaunchRefused: _rule(world_rules.launch_refused, S.ABORTING, S.CLEANING_UP, S.ENDED),
        LaunchWithdrawn: _rule(world_rules.launch_withdrawn, S.ABORTING, S.CLEANING_UP, S.ENDED),
        JobsObserved: _rule(world_rules.jobs_observed, S.ABORTING, S.CLEANING_UP),
        TimePassed: _rule(world_rules.stop_following, S.ABORTING, S.CLEANING_UP),
    },
    S.OPERATING: {
        CleanupRequested: _rule(operating.end_operation, S.CLEANING_UP),
        ChecksObserved: _rule(operating.checks_observed, S.OPERATING),
        TimePassed: _rule(operating.operation_overdue, S.OPERATING, S.CLEANING_UP),
    },
    S.CLEANING_UP: {
        InstancesObserved: _rule(cleanup_rules.instances_observed, S.CLEANING_UP, S.ENDED),
        CleanupRequested: _rule(cleanup_rules.clean_up_now, S.CLEANING_UP),
        CleanupHindered: _rule(cleanup_rules.cleanup_hindered, S.CLEANING_UP),
    },
    S.ENDED: {
        ReportRequested: _rule(report_rules.report_requested, S.ENDED),
        EvidenceKept: _rule(report_rules.evidence_kept, S.ENDED),
        EvidenceFailed: _rule(report_rules.evidence_failed, S.ENDED),
        SignedOff: _rule(report_rules.sign_off, S.ENDED),
        FollowUpAdded: _rule(report_rules.follow_up_added, S.ENDED),
        FollowUpFixed: _rule(report_rules.follow_up_fixed, S.ENDED),
    },
}
RULES: Mapping[DrillState, Mapping[type[Event], Rule]] = {
    state: {**rules, NoteAdded: _rule(report_rules.note_added, state)} for state, rules in _MOVES.items()
}
"""What applies where. A note can be added to the record at any time: it moves nothing."""


def transition(drill: Drill | None, event: Event, now: datetime) -> Decision:
    """Apply an event.

    Args:
        drill: the drill as it is; None for the event that makes it.
        event: what has happened.
        now: world time, with a time zone.

    Raises:
        IllegalTransition: the event does not apply to the drill as it is; the text says why, for people.
        NotAllowed: the person may not do this; `ApprovalDenied` when it is an approval that does not count.
    """
    if drill is None:
        return _proposed(event, now)
    rule = RULES[drill.state].get(type(event))
    if rule is None:
        raise IllegalTransition(why_not(drill, event))
    step = rule.step(drill, event, now)
    return Decision(step.drill, (draw(TopicKind.CARD), *_once(step.commands)), _locks(drill, step.drill))


def _proposed(event: Event, now: datetime) -> Decision:
    if not isinstance(event, DrillProposed):
        raise IllegalTransition("There is no such drill yet.")
    step = people_rules.propose(event, now)
    return Decision(step.drill, (draw(TopicKind.CARD), *step.commands), Locks.KEEP)


def _once(commands: tuple[Command, ...]) -> tuple[Command, ...]:
    return tuple(dict.fromkeys(commands))


def _locks(before: Drill, after: Drill) -> Locks:
    if before.holds_locks == after.holds_locks:
        return Locks.KEEP
    return Locks.ACQUIRE if after.holds_locks else Locks.RELEASE


def applies(drill: Drill, event_type: type[Event]) -> bool:
    """Whether events of a type apply to the drill in its present state, and to its hold, at all."""
    if event_type is HoldRetried and hold_rules.is_spent(drill):
        return False
    return event_type in RULES[drill.state] and hold_rules.ends(event_type, drill.hold)
