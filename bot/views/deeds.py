"""What is answered to a command that acts on a drill: which one, what it has done, or whether it is really meant."""

from __future__ import annotations

from bot.application.typed import Unclear
from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.states import HoldDecision
from bot.views import blocks, buttons
from bot.views.action_ids import ButtonValue
from bot.views.blocks import Block
from bot.views.hold_words import retry_means
from bot.views.lookups import drill_lines
from bot.views.naming import plan_title
from bot.views.replies import Reply, listing, only
from bot.views.standing import standing
from bot.views.text import escape

REST_LENGTH = 60
"""Of a reason, to be typed again with a drill's name."""
_DONE = {
    Action.START: "Started: the recovery time counts from now.",
    Action.APPROVE: "Approved.",
    Action.REJECT: "Rejected: the drill is on hold until an operator decides.",
    Action.BREAK_GLASS: "Glass is broken: the wave is launched without its approvals, and everybody concerned is told.",
    Action.WAIVE: "Waived: its warnings no longer keep it from being started. Your reason is on record.",
    Action.HOLD: "Held: nothing more is launched until it is resumed. DRS jobs that run are followed to their end.",
    Action.RESUME: "Resumed: it goes on where it was.",
    Action.CONFIRM: "Confirmed. It is kept on record.",
    Action.DENY: "Denied. It is kept on record.",
    Action.SKIP: "Skipped: it goes on without the rest of the wave.",
    Action.ABORT: "Aborted: nothing more is launched. Every instance of it is terminated once its DRS jobs have ended.",
    Action.CLEAN_UP: "What is left of its instances is looked for and terminated now.",
    Action.WITHDRAW: "Cancelled: it was not started, and nothing was launched.",
}


def unclear(which: Unclear, form: str, rest: str, status: str) -> Reply:
    """Which drills could be meant, and what to type for each.

    Args:
        which: what is under way.
        form: the command that was typed, without a drill: `/drs hold`.
        rest: what was typed behind it: a reason, or `confirm`.
        status: the command that shows what is under way.
    """
    last = f"`{status}` shows all that is under way."
    if which.here and which.fits:
        return _choice(f"Which of these {len(which.here)} drills?", which.here, form, rest, last)
    if which.here:
        told = f"`{form}` fits none of the {len(which.here)} drills under way here just now:"
        return _listed(told, which.here, drill_lines(which.here), last)
    if which.elsewhere:
        return _choice("No drill is under way in this channel. In others:", which.elsewhere, form, rest, last)
    return only(f"No drill is under way, in this channel or elsewhere. `{status}` shows it when one is.")


def _choice(title: str, drills: tuple[Drill, ...], form: str, rest: str, last: str) -> Reply:
    behind = f" {escape(rest, REST_LENGTH)}" if rest else ""
    lines = zip(drills, drill_lines(drills), strict=True)
    typed = [f"{line}\n    `{form} {escape(drill.id, 80)}{behind}`" for drill, line in lines]
    return _listed(title, drills, typed, last)


def _listed(title: str, drills: tuple[Drill, ...], lines: list[str], last: str) -> Reply:
    spoken = ", ".join(escape(drill.id, 80) for drill in drills[:3])
    return Reply(f"{title} {spoken}.", tuple(listing(title, lines, last)))


def done(action: Action, drill: Drill) -> Reply:
    """What a command has done to a drill, and where that leaves it."""
    now = standing(drill)
    said = f"{_DONE.get(action) or _retried(drill)} The thread in <#{drill.plan.channel}> has it."
    shown = (
        blocks.section("done", said),
        blocks.context("now", f"{now.icon} *{plan_title(drill.plan)}*: {now.headline} · {escape(drill.id, 80)}"),
    )
    return Reply(f"{said} {plan_title(drill.plan)}: {now.headline}.", shown)


def _retried(drill: Drill) -> str:
    """What a retry has led to depends on what the drill was held for: after a rejection it is asked for approval."""
    held = next(each for each in reversed(drill.holds) if each.decision is HoldDecision.RETRIED)
    return f"Retried: the bot {retry_means(held, drill.wave(held.wave))}."


def confirm_abort(drill: Drill, typed: str) -> Reply:
    """Whether to abort, which cannot be undone. `typed`: the command that does it without asking."""
    button = buttons.abort(drill, ButtonValue(drill=drill.id))
    return _confirm(drill, "Abort the drill", buttons.abort_means(drill), button, typed)


def _confirm(drill: Drill, what: str, means: str, button: Block, typed: str) -> Reply:
    question = f"{what} of {plan_title(drill.plan)}?"
    shown = (
        blocks.section("confirm", f"*{question}* Nothing is done yet.", means),
        *blocks.actions("confirm-act", [button]),
        blocks.context("typed", f"`{typed}` does it at once."),
    )
    return Reply(f"{question} Nothing is done yet. {means}", shown)
