"""What is made of a drill's record once something of it is over: anchors, the report, and what people add to them.

Nothing here moves a drill. What it causes comes behind all that does: it is done by the work queue, a while later.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain import duties
from bot.domain.afterwards import FollowUp, KeptEvidence, Note, ReportRun, SignOff
from bot.domain.approval import Action, mention
from bot.domain.commands import AnchorRecord, Command, MakeReport, TopicKind
from bot.domain.drill import Drill
from bot.domain.errors import IllegalTransition
from bot.domain.mark_up import moment
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
from bot.domain.written import LONGEST, as_shown, fit

A_WHILE = timedelta(seconds=5)
"""So long after the fact it is begun at the earliest: the stream, which starts launches, has then passed it over, and
the work queue does it."""
MOST_NOTES = 200
MOST_FOLLOW_UPS = 50
"""Of a drill: its head is one item of 400 KB at most (AWS: DynamoDB quotas)."""


def after_the_fact(before: Drill, step: Step, now: datetime) -> Step:
    """The step with what comes of it: the report of a drill that ends, an anchor after each wave and after the end."""
    after = step.drill
    if before.state is DrillState.ENDED:
        return step.then(AnchorRecord(not_before=now + A_WHILE))
    if after.state is DrillState.ENDED:
        return step.then(MakeReport(number=1, not_before=now + A_WHILE), report=ReportRun(since=now))
    over = {wave.number for wave in before.waves if wave.is_settled}
    settled = any(wave.is_settled and wave.number not in over for wave in after.waves)
    return step.then(AnchorRecord(not_before=now + A_WHILE)) if settled else step


def report_requested(drill: Drill, event: ReportRequested, now: datetime) -> Step:
    """Make the report, of the record as it is now."""
    duties.authorise(drill, Action.REPORT, event.actor)
    run = drill.report
    if run and run.is_being_made:
        raise IllegalTransition(f"The report is being made, since {moment(run.since)}. It comes into the thread.")
    return _made_again(Step(drill), now)


def _made_again(step: Step, now: datetime) -> Step:
    """Have the report made once more. One that is under way is of less than what is wanted now: it is dropped."""
    run = step.drill.report
    number = run.number + 1 if run else 1
    again = ReportRun(number=number, since=now, kept=run.kept if run else ())
    return step.then(draw(TopicKind.REPORT), MakeReport(number=number, not_before=now + A_WHILE), report=again)


def evidence_kept(drill: Drill, event: EvidenceKept, now: datetime) -> Step:
    """Tell where the report is; show it in the thread of a drill that was run, and wherever somebody asked for it."""
    run = _wanted(drill, event.number)
    made = KeptEvidence(version=event.version, at=now, place=event.place, files=event.files)
    shown: tuple[Command, ...] = ()
    if drill.started_at or event.number > 1:
        number = len(run.kept) + 1
        files = (draw(TopicKind.TIMELINE, None, number), draw(TopicKind.REPORT_FILE, None, number))
        shown = (*files, draw(TopicKind.REPORT))
    return Step(drill).then(*shown, report=run.model_copy(update={"kept": (*run.kept, made), "problem": None}))


def evidence_failed(drill: Drill, event: EvidenceFailed, _now: datetime) -> Step:
    """Say what is in the way; the drill has ended as it has ended."""
    run = _wanted(drill, event.number)
    return Step(drill).then(draw(TopicKind.REPORT), report=run.model_copy(update={"problem": event.error}))


def _wanted(drill: Drill, number: int) -> ReportRun:
    run = drill.report
    if run is None or run.number != number:
        raise IllegalTransition("The report was asked for again meanwhile.")
    return run


def sign_off(drill: Drill, event: SignedOff, now: datetime) -> Step:
    """Take a signature under the newest evidence, which is then made anew with it."""
    duties.authorise_sign_off(drill, event.actor)
    _check_run(drill)
    newest = drill.report.newest if drill.report else None
    if newest is None:
        raise IllegalTransition("There is no report yet that could be signed off.")
    if drill.report and event.report != len(drill.report.kept):
        raise IllegalTransition("This is not the newest report any more: read the newest one, and sign that.")
    signed = next((each for each in drill.signoffs if each.by.user_id == event.actor.user_id), None)
    if signed:
        raise IllegalTransition(f"You have signed this drill off already, {moment(signed.at)}.")
    comment = fit(event.comment, "Your comment")
    made = SignOff(by=event.actor, at=now, sha256=newest.sha256, comment=comment)
    return _made_again(Step(drill).then(signoffs=(*drill.signoffs, made)), now)


def follow_up_added(drill: Drill, event: FollowUpAdded, now: datetime) -> Step:
    """Keep a finding, with who has to see to it until when."""
    duties.authorise(drill, Action.ADD_FINDING, event.actor)
    _check_run(drill)
    if len(drill.follow_ups) >= MOST_FOLLOW_UPS:
        raise IllegalTransition(f"{MOST_FOLLOW_UPS} findings are kept with a drill, and no more.")
    if event.due < now.date():
        raise IllegalTransition("The date until which it is to be seen to has passed already.")
    added = FollowUp(
        number=len(drill.follow_ups) + 1,
        text=fit(event.text, "The finding", least=1),
        owner=event.owner,
        due=event.due,
        by=event.actor,
        at=now,
    )
    return Step(drill).then(draw(TopicKind.REPORT), follow_ups=(*drill.follow_ups, added))


def _check_run(drill: Drill) -> None:
    if drill.started_at is None:
        raise IllegalTransition("This drill was never started: it has shown nothing that could be signed or put right.")


def follow_up_fixed(drill: Drill, event: FollowUpFixed, now: datetime) -> Step:
    """Keep that a finding is seen to. Whoever has to see to it may say so, whatever their part in the plan."""
    found = next((each for each in drill.follow_ups if each.number == event.number), None)
    if found is None:
        raise IllegalTransition(f"This drill has no finding {event.number}.")
    if found.fixed_by and found.fixed_at:
        told = f"{mention(found.fixed_by.user_id)}, {moment(found.fixed_at)}"
        raise IllegalTransition(f"Finding {found.number} is fixed already, as said by {told}.")
    if event.actor.user_id != found.owner:
        duties.authorise(drill, Action.FIX_FINDING, event.actor)
    fixed = {"fixed_by": event.actor, "fixed_at": now, "how": fit(event.how, "What you write")}
    changed = found.model_copy(update=fixed)
    kept = tuple(changed if each.number == event.number else each for each in drill.follow_ups)
    return Step(drill).then(draw(TopicKind.REPORT), follow_ups=kept)


def note_added(drill: Drill, event: NoteAdded, now: datetime) -> Step:
    """Keep a message of the thread: once, whoever adds it."""
    duties.authorise(drill, Action.NOTE, event.actor)
    if any(note.permalink == event.permalink for note in drill.notes):
        raise IllegalTransition("This message is among the drill's notes already.")
    if len(drill.notes) >= MOST_NOTES:
        raise IllegalTransition(f"{MOST_NOTES} notes are kept with a drill, and no more.")
    shown = as_shown(event.text)
    text = fit(shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…", "The message", least=1)
    note = Note(by=event.actor, at=now, author=event.author, text=text, permalink=event.permalink)
    return Step(drill).then(notes=(*drill.notes, note))
