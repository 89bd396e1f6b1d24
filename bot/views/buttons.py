"""The buttons, each with the dialog that asks back, or the form it opens instead.

A view decides whether to show one; the click decides who may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.drill_parts import Hold
from bot.domain.offers import Offer
from bot.domain.states import DrillState, Purpose, ServerPhase
from bot.domain.wave_run import WaveRun
from bot.views import blocks
from bot.views.action_ids import PICK, ButtonValue, MenuValue
from bot.views.blocks import Block
from bot.views.hold_words import retry_means
from bot.views.naming import drill_size, the_wave, wave_first
from bot.views.text import count, escape

_NO = "Not now"
QUESTION_LENGTH = 40
HOLD_MEANS = "Nothing more is launched until somebody resumes the drill. DRS jobs that run are followed to their end."


def start(drill: Drill, value: ButtonValue) -> Block:
    """Start the drill; or, of a sweep, terminate what was found."""
    if drill.purpose is Purpose.SWEEP:
        found = count(drill.server_count, "drill instance")
        ask = blocks.confirm(
            "Clean up?", f"{found} will be terminated. This cannot be undone.", "Clean up", _NO, "danger"
        )
        return blocks.button(Action.START, f"Clean up {found}", value, style="danger", ask=ask)
    first = drill.waves[0]
    begins = "waits for approval" if drill.plan.needs_approval(first.number) else "is launched at once"
    text = (
        f"{drill_size(drill)} in {drill.target.region}. {wave_first(drill, first)} {begins}. "
        "Drill instances cost money until they are terminated at the end."
    )
    ask = blocks.confirm("Start this drill?", text, "Start", _NO)
    return blocks.button(Action.START, "Start drill", value, style="primary", ask=ask)


def waive(drill: Drill, value: ButtonValue) -> Block:
    """Answer for starting it in spite of its warnings. It opens a form: a reason must be given."""
    return blocks.button(Action.WAIVE, f"Waive {count(len(drill.standing_warnings), 'warning')}", value)


def withdraw(drill: Drill, value: ButtonValue) -> Block:
    """Cancel a drill that was not started. Nothing is lost by it, so nothing is asked."""
    label = "Leave them" if drill.purpose is Purpose.SWEEP else "Cancel drill"
    return blocks.button(Action.WITHDRAW, label, value)


def approve(drill: Drill, wave: WaveRun, value: ButtonValue) -> Block:
    """Approve a wave."""
    left = wave.round.needed - len(wave.round.given) - 1 if wave.round else 0
    when = f", once {left} more {'has' if left == 1 else 'have'} approved" if left > 0 else ""
    text = f"{count(len(wave.servers), 'server')} of {the_wave(drill, wave)} will be launched as drill instances{when}."
    ask = blocks.confirm(f"Approve wave {wave.number}?", text, "Approve", _NO)
    return blocks.button(Action.APPROVE, f"Approve wave {wave.number}", value, style="primary", ask=ask)


def reject(wave: WaveRun, value: ButtonValue) -> Block:
    """Refuse to have a wave launched. It opens a form: a comment must say why."""
    return blocks.button(Action.REJECT, f"Reject wave {wave.number}", value)


def break_glass(wave: WaveRun, value: ButtonValue) -> Block:
    """Launch a wave without its approvals. It opens a form: a reason must be given."""
    return blocks.button(Action.BREAK_GLASS, f"Break glass for wave {wave.number}", value, style="danger")


def hold(value: ButtonValue) -> Block:
    """Launch nothing more for now. It opens a form, in which one may say why."""
    return blocks.button(Action.HOLD, "Hold", value)


def resume(value: ButtonValue) -> Block:
    """Go on after a hold that somebody asked for."""
    ask = blocks.confirm("Resume this drill?", "The drill goes on where it was.", "Resume", _NO)
    return blocks.button(Action.RESUME, "Resume", value, style="primary", ask=ask)


def abort_means(drill: Drill) -> str:
    """What an abort now would lead to."""
    running = sum(launch.is_open for launch in drill.launches)
    ends = f"{count(running, 'DRS job')} cannot be cancelled and will be followed to the end. " if running else ""
    return f"Nothing more is launched. {ends}Then every instance of the drill is terminated. This cannot be undone."


def abort(drill: Drill, value: ButtonValue) -> Block:
    """End the drill early."""
    ask = blocks.confirm("Abort this drill?", abort_means(drill), "Abort", _NO, "danger")
    return blocks.button(Action.ABORT, "Abort drill", value, style="danger", ask=ask)


def clean_up(drill: Drill, value: ButtonValue) -> Block:
    """End the operation and terminate what is up; or, once that has begun, look at it now, which asks nothing back."""
    if drill.state is not DrillState.OPERATING:
        return blocks.button(Action.CLEAN_UP, "Try again now", value)
    ask = blocks.confirm("Clean up now?", cleanup_means(drill), "Clean up", _NO)
    return blocks.button(Action.CLEAN_UP, "Clean up now", value, style="primary", ask=ask)


def cleanup_means(drill: Drill) -> str:
    """What a click on it would lead to."""
    if drill.state is not DrillState.OPERATING:
        return "The bot looks at the drill's instances now, and not at its next turn."
    up = count(sum(server.phase is ServerPhase.LAUNCHED for server in drill.servers), "drill instance")
    return f"{up} will be terminated. This cannot be undone."


def retry(hold: Hold, wave: WaveRun, value: ButtonValue) -> Block:
    """Try again what put the drill on hold."""
    ask = blocks.confirm("Try again?", f"The bot {retry_means(hold, wave)}.", "Retry", _NO)
    return blocks.button(Action.RETRY, "Retry", value, style="primary", ask=ask)


def skip(value: ButtonValue) -> Block:
    """Go on without the rest of a wave. It opens a form: a reason must be given."""
    return blocks.button(Action.SKIP, "Skip wave", value)


def _question(drill: Drill, offer: Offer) -> str:
    asked = drill.wave(offer.wave).checks[offer.round - 1].checks[offer.check - 1]
    return escape(asked.title, QUESTION_LENGTH)


def confirm_check(value: ButtonValue, question: str = "") -> Block:
    """Say that what a check asks for is the case. `question`: where the button does not stand beside it."""
    label = f"Confirm: {question}" if question else "Confirm"
    ask = blocks.confirm("Is it so?", "It is kept on record that you have seen it.", "Confirm", _NO)
    return blocks.button(Action.CONFIRM, label, value, style="primary", ask=ask)


def deny_check(value: ButtonValue) -> Block:
    """Say that it is not. It opens a form: what is the case instead."""
    return blocks.button(Action.DENY, "It is not so", value)


def report(drill: Drill, value: ButtonValue) -> Block:
    """Have the report made (again). Nothing is lost by it, so nothing is asked."""
    run = drill.report
    label = "Try the report again" if run and run.problem else "Report again" if run and run.kept else "Report"
    return blocks.button(Action.REPORT, label, value)


def sign_off(value: ButtonValue) -> Block:
    """Sign the newest report. It opens a form, in which one may say something."""
    return blocks.button(Action.SIGN_OFF, "Sign off", value, style="primary")


def add_finding(value: ButtonValue) -> Block:
    """Add a finding. It opens a form: what it is, who sees to it, until when."""
    return blocks.button(Action.ADD_FINDING, "Add finding", value)


def fix_finding(number: int, value: ButtonValue) -> Block:
    """Say that a finding is fixed. It opens a form, in which one may say how."""
    return blocks.button(Action.FIX_FINDING, f"Finding {number} is fixed", value)


def pick() -> Block:
    """Ask for a drill of a plan that is picked in a form."""
    return blocks.plain_button(PICK, "New drill…", PICK)


_BY_ACTION: dict[Action, Callable[[Drill, Offer, ButtonValue], Block]] = {
    Action.START: lambda drill, _offer, value: start(drill, value),
    Action.WAIVE: lambda drill, _offer, value: waive(drill, value),
    Action.WITHDRAW: lambda drill, _offer, value: withdraw(drill, value),
    Action.APPROVE: lambda drill, offer, value: approve(drill, drill.wave(offer.wave), value),
    Action.REJECT: lambda drill, offer, value: reject(drill.wave(offer.wave), value),
    Action.BREAK_GLASS: lambda drill, offer, value: break_glass(drill.wave(offer.wave), value),
    Action.HOLD: lambda _drill, _offer, value: hold(value),
    Action.RESUME: lambda _drill, _offer, value: resume(value),
    Action.ABORT: lambda drill, _offer, value: abort(drill, value),
    Action.RETRY: lambda drill, _offer, value: retry(drill.holds[-1], drill.wave(drill.holds[-1].wave), value),
    Action.SKIP: lambda _drill, _offer, value: skip(value),
    Action.CLEAN_UP: lambda drill, _offer, value: clean_up(drill, value),
    Action.CONFIRM: lambda drill, offer, value: confirm_check(value, _question(drill, offer)),
    Action.DENY: lambda _drill, _offer, value: deny_check(value),
    Action.REPORT: lambda drill, _offer, value: report(drill, value),
    Action.SIGN_OFF: lambda _drill, _offer, value: sign_off(value),
    Action.ADD_FINDING: lambda _drill, _offer, value: add_finding(value),
    Action.FIX_FINDING: lambda _drill, offer, value: fix_finding(offer.finding, value),
}


def of(drill: Drill, offer: Offer) -> Block:
    """The button for something that can be done to a drill now."""
    return _BY_ACTION[offer.action](drill, offer, value_of(drill, offer))


def label_of(drill: Drill, offer: Offer) -> str:
    """What stands on that button."""
    return str(of(drill, offer)["text"]["text"])


def value_of(drill: Drill, offer: Offer) -> ButtonValue:
    """What it carries."""
    numbers = {name: getattr(offer, name) for name in ("wave", "round", "hold", "check", "report", "finding")}
    return ButtonValue(drill=drill.id, **{name: number for name, number in numbers.items() if number})


_SELDOM = {Action.APPROVE: "Approve with a comment…", Action.BREAK_GLASS: "Break glass…"}
_IN_THE_MENU_ALONE = {Action.BREAK_GLASS, Action.FIX_FINDING}


def row(drill: Drill, offered: Iterable[Offer]) -> list[Block]:
    """A button for each offer, in their order, and the menu of what is wanted seldom at the end."""
    offered = tuple(offered)
    seldom = [
        (_SELDOM.get(each.action) or label_of(drill, each), MenuValue(do=each.action, at=value_of(drill, each)))
        for each in offered
        if each.action in _SELDOM.keys() | _IN_THE_MENU_ALONE
    ]
    shown = (of(drill, each) for each in offered if each.action not in _IN_THE_MENU_ALONE)
    return [*shown, *blocks.menu(seldom)]
