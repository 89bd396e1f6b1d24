"""Answers that one person alone sees: to a command, or to a click that was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.drill import Drill
from bot.domain.plan import Plan
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.naming import plan_size, plan_title
from bot.views.progress import recovery, wave_blocks
from bot.views.standing import standing
from bot.views.text import count, escape, from_domain

LINES_IN_A_SECTION = 10
LINES_SHOWN = 30
SPOKEN = 3
REFUSAL_LENGTH = 2_500
WORD_LENGTH = 40
BUSY = "The bot was too busy just now; nothing was changed. Try it again."
TWICE = "Slack has sent this a second time; it was done once, and nothing more was changed."


@dataclass(frozen=True, slots=True)
class Reply:
    """What to show: `text` for notifications and screen readers, and the blocks."""

    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """A command as it is typed, and what it does."""

    typed: str
    does: str


def refused(why: str) -> Reply:
    """Why something was not done, in the domain's words."""
    return _only(from_domain(why, REFUSAL_LENGTH))


def failed(reference: str) -> Reply:
    """Something broke, and here is the reference under which the log has it."""
    return _only(
        "Something went wrong inside the bot. Look whether the drill has moved on before you try again. "
        f"Whoever runs the bot finds out more under the reference `{reference}`."
    )


def coming(drill: Drill) -> Reply:
    """A drill was proposed; its card is on the way."""
    return _only(
        f"Checking whether the drill of *{plan_title(drill.plan)}* is safe to start. "
        f"Its card is on the way to <#{drill.plan.channel}>."
    )


def plans(found: Sequence[Plan], command: str) -> Reply:
    """What can be drilled."""
    if not found:
        return _only("There is no plan yet. A plan is a YAML file in the bot's `plans` folder.")
    lines = [f"• *{plan.name}*: {plan_title(plan)} · {plan_size(plan)} · <#{plan.channel}>" for plan in found]
    title = count(len(found), "plan")
    last = f"Ask for a drill with `{command} drill {found[0].name}`."
    names = ", ".join(plan.name for plan in found[:LINES_SHOWN])
    return Reply(f"{title}: {names}.", tuple(_list(title, lines, last)))


def status(active: Sequence[Drill], command: str) -> Reply:
    """Every drill that has not ended."""
    if not active:
        return _only(f"No drill is under way. `{command} plans` shows what can be drilled.")
    now = [(drill, standing(drill)) for drill in active]
    lines = [
        f"{at.icon} *{plan_title(drill.plan)}*: {at.headline} · <#{drill.plan.channel}> · {escape(drill.id, 80)}"
        for drill, at in now
    ]
    title = f"{count(len(active), 'drill')} under way"
    last = f"More about one: `{command} status {escape(active[0].id, 80)}`."
    spoken = ". ".join(f"{plan_title(drill.plan)}: {at.headline}" for drill, at in now[:SPOKEN])
    return Reply(f"{title}. {spoken}.", tuple(_list(title, lines, last)))


def drill_status(drill: Drill) -> Reply:
    """One drill, as its card shows it."""
    now, title = standing(drill), plan_title(drill.plan)
    shown = [
        blocks.section("now", f"{now.icon} *{title}: {now.headline}*", now.detail),
        *wave_blocks(drill),
        blocks.context("recovery", f"{recovery(drill)} · <#{drill.plan.channel}>"),
    ]
    return Reply(f"Drill of {title}: {now.headline}.", tuple(shown))


def help_text(usages: Sequence[Usage]) -> Reply:
    """Every command and what it does."""
    spoken = ". ".join(f"{usage.typed}: {usage.does}" for usage in usages)
    intro = "*Disaster recovery drills:* a plan is recovered wave by wave, timed, and cleaned up again."
    return Reply(spoken, (blocks.section("help", intro, *_typed(usages)),))


def unknown_word(typed: str, nearest: str | None, usages: Sequence[Usage]) -> Reply:
    """A word that is no command: what was probably meant, and all there is."""
    guess = f" Did you mean `{nearest}`?" if nearest else ""
    told = f"There is no command `{escape(typed, WORD_LENGTH)}`.{guess}"
    return Reply(told, (blocks.section("unknown", told, *_typed(usages)),))


def wrong_use(usage: Usage, there_are: str = "") -> Reply:
    """A command that was typed with too little or too much."""
    return _only(f"Type it like this: `{usage.typed}`. {there_are}".strip())


def _typed(usages: Sequence[Usage]) -> list[str]:
    return [f"`{usage.typed}` {usage.does}" for usage in usages]


def _only(text: str) -> Reply:
    return Reply(text, (blocks.section("reply", text),))


def _list(title: str, lines: Sequence[str], last: str) -> list[Block]:
    shown = lines[:LINES_SHOWN]
    left = len(lines) - len(shown)
    parts = [shown[start : start + LINES_IN_A_SECTION] for start in range(0, len(shown), LINES_IN_A_SECTION)]
    return [
        blocks.section("title", f"*{title}*"),
        *(blocks.section(f"list-{number}", *part) for number, part in enumerate(parts, start=1)),
        blocks.context("last", f"and {left} more. {last}" if left else last),
    ]
