"""What can be done to a drill as it is, and whether one person can do it: tried out by the rules themselves.

`actions.possible` says what applies at all. Here each such thing is named with the wave and round, or the hold, that
it belongs to, so that it can be offered to a person wherever they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from bot.domain.actions import awaits_approval, possible
from bot.domain.approval import Action
from bot.domain.check_events import CheckConfirmed, CheckDenied
from bot.domain.cleanup_events import CleanupRequested
from bot.domain.drill import Drill
from bot.domain.errors import DrillError
from bot.domain.events import (
    DrillAborted,
    DrillHeld,
    DrillResumed,
    DrillStarted,
    Event,
    GlassBroken,
    HoldRetried,
    HoldSkipped,
    ProposalWithdrawn,
    WarningsWaived,
    WaveApproved,
    WaveRejected,
)
from bot.domain.findings import Check
from bot.domain.person import Person
from bot.domain.report_events import FollowUpAdded, FollowUpFixed, ReportRequested, SignedOff
from bot.domain.state_machine import applies, transition

TO_BE_WRITTEN = "(to be written)"
"""Stands for what a person has still to write, when it is tried out whether they may."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be done to a drill, and to which of its waves and rounds, or holds.

    Attributes:
        checks: whose warnings are waived; none: all that stand.
        check: the number of the one that is answered, in `round` of its wave's checks.
        servers: the ids of those that are left out by a skip; none: the rest of the wave.
        report: the number of the one that is signed, among those that were kept.
        finding: the number of the one that is fixed.
        owner: who has to see to a finding that is added; empty: whoever adds it.
        due: until when; None: for ever, which is only tried out.
    """

    action: Action
    wave: int = 0
    round: int = 0
    hold: int = 0
    check: int = 0
    checks: tuple[Check, ...] = ()
    servers: tuple[str, ...] = ()
    report: int = 0
    finding: int = 0
    owner: str = ""
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be done to a drill now.

    Attributes:
        mine: what the person who asks can do.
        others: what they cannot, each with the reason in words for them: who can.
    """

    drill: Drill
    mine: tuple[Offer, ...]
    others: tuple[tuple[Offer, str], ...]


_EVENTS: dict[Action, Callable[[Offer, Person, str], Event]] = {
    Action.START: lambda _offer, who, _words: DrillStarted(actor=who),
    Action.WAIVE: lambda at, who, words: WarningsWaived(actor=who, reason=words, checks=at.checks),
    Action.APPROVE: lambda at, who, words: WaveApproved(actor=who, wave=at.wave, round=at.round, comment=words or None),
    Action.REJECT: lambda at, who, words: WaveRejected(actor=who, wave=at.wave, round=at.round, comment=words),
    Action.BREAK_GLASS: lambda at, who, words: GlassBroken(actor=who, wave=at.wave, round=at.round, reason=words),
    Action.CONFIRM: lambda at, who, words: CheckConfirmed(
        actor=who, wave=at.wave, round=at.round, check=at.check, comment=words
    ),
    Action.DENY: lambda at, who, words: CheckDenied(
        actor=who, wave=at.wave, round=at.round, check=at.check, reason=words
    ),
    Action.RESUME: lambda at, who, _words: DrillResumed(actor=who, hold=at.hold),
    Action.RETRY: lambda at, who, words: HoldRetried(actor=who, hold=at.hold, reason=words),
    Action.SKIP: lambda at, who, words: HoldSkipped(actor=who, hold=at.hold, reason=words, servers=at.servers),
    Action.HOLD: lambda _offer, who, words: DrillHeld(actor=who, reason=words),
    Action.WITHDRAW: lambda _offer, who, _words: ProposalWithdrawn(actor=who),
    Action.CLEAN_UP: lambda _offer, who, _words: CleanupRequested(actor=who),
    Action.SIGN_OFF: lambda at, who, words: SignedOff(actor=who, report=at.report, comment=words),
    Action.ADD_FINDING: lambda at, who, words: FollowUpAdded(
        actor=who, text=words, owner=at.owner or who.user_id, due=at.due or date.max
    ),
    Action.FIX_FINDING: lambda at, who, words: FollowUpFixed(actor=who, number=at.finding, how=words),
    Action.REPORT: lambda _offer, who, _words: ReportRequested(actor=who),
    Action.ABORT: lambda _offer, who, _words: DrillAborted(actor=who),
}
"""In the order in which they are offered."""
OF_A_WAVE = {Action.APPROVE, Action.REJECT, Action.BREAK_GLASS}
_OF_A_CHECK: dict[Action, type[Event]] = {Action.CONFIRM: CheckConfirmed, Action.DENY: CheckDenied}
OF_A_CHECK = frozenset(_OF_A_CHECK)
MOST_FINDINGS = 5
"""So many open findings are offered to be fixed, the oldest first: what people choose from has little room."""
OF_A_HOLD = {Action.RESUME, Action.RETRY, Action.SKIP}


def offers(drill: Drill) -> tuple[Offer, ...]:
    """Everything that can be done to a drill now, by somebody with the authority for it."""
    return tuple(offer for action in _EVENTS for offer in _offers(drill, action))


def _offers(drill: Drill, action: Action) -> Iterator[Offer]:
    if action is Action.BREAK_GLASS and not drill.plan.access.break_glass:
        return
    if action in OF_A_WAVE:
        waiting = (wave for wave in drill.waves if awaits_approval(drill, wave))
        yield from (Offer(action, wave=wave.number, round=wave.round.number) for wave in waiting if wave.round)
    elif action in OF_A_CHECK:
        yield from (
            Offer(action, wave=wave.number, round=wave.checking.number, check=run.number)
            for wave in drill.waves
            if wave.checking and applies(drill, _OF_A_CHECK[action])
            for run in wave.checking.asked_runs
        )
    elif action is Action.FIX_FINDING:
        still_open = (each.number for each in drill.follow_ups if each.is_open and applies(drill, FollowUpFixed))
        yield from (Offer(action, finding=number) for number in islice(still_open, MOST_FINDINGS))
    elif action is Action.SIGN_OFF and action in possible(drill):
        yield Offer(action, report=len(drill.report.kept) if drill.report else 0)
    elif action in possible(drill):
        yield Offer(action, hold=drill.hold.number if drill.hold and action in OF_A_HOLD else 0)


def event_of(offer: Offer, person: Person, words: str = TO_BE_WRITTEN) -> Event:
    """The event that it is when this person does it, with these words where it takes some."""
    return _EVENTS[offer.action](offer, person, words)


def objection(drill: Drill, event: Event, now: datetime) -> DrillError | None:
    """Why an event would be refused, asked of the rules themselves; nothing is changed."""
    try:
        transition(drill, event, now)
    except DrillError as refused:
        return refused
    return None
