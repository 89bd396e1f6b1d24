"""What somebody may do and why: their part in each plan, and what they can do to each drill under way now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.domain.access import Access
from bot.domain.approval import Action, mention
from bot.domain.drill import Drill
from bot.domain.durations import spell
from bot.domain.home import Home
from bot.domain.parts import Part, Role, may, parts, unsure
from bot.domain.plan import Plan
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.naming import plan_title
from bot.views.replies import Reply
from bot.views.standing import standing
from bot.views.text import count, escape, joined, listed
from bot.views.unknown_groups import GROUPS_SHOWN, NAMES_SHOWN, unknown_groups

PLANS_SHOWN = 10
DRILLS_SHOWN = 8
LINES_IN_A_SECTION = 4
_CALLED = {
    Action.WAIVE: "waive warnings",
    Action.WITHDRAW: "cancel",
    Action.APPROVE: "approve a wave",
    Action.REJECT: "reject a wave",
    Action.SKIP: "skip a wave",
    Action.CONFIRM: "confirm a check or deny it",
    Action.BREAK_GLASS: "launch a wave without its approvals",
    Action.REPORT: "have a report made",
    Action.SIGN_OFF: "sign a drill off",
    Action.ADD_FINDING: "add findings and notes",
    Action.FIX_FINDING: "say that findings are fixed",
}
"""What an action is called where not by its own name."""
_WITH_ANOTHER = {Action.DENY, Action.NOTE}
"""Whoever may do another one may do these, too."""
_ROLES = {
    Role.OPERATOR: "an operator",
    Role.APPROVER: "an approver",
    Role.ESCALATION: "an approver after the escalation",
    Role.BREAK_GLASS: "one who may break glass",
}


def whoami(home: Home) -> Reply:
    """What they may do, and why."""
    mine = [plan for plan in home.plans if parts(plan.access, home.person)]
    is_unsure = any(unsure(plan.access, home.person) for plan in home.plans)
    known = ", as far as is known just now" if is_unsure else ""
    title = f"You have a part in {len(mine)} of {count(len(home.plans), 'plan')}{known}."
    shown = [
        blocks.section("you", f"*{mention(home.person.user_id)}: {title[0].lower()}{title[1:]}*"),
        *_sections("plan", [_plan(plan, home) for plan in mine], PLANS_SHOWN, "plan"),
        *_sections("drill", [_drill(drill, home) for drill in home.drills], DRILLS_SHOWN, "drill"),
        *_without(home, mine),
        *unknown_groups(home),
    ]
    return Reply(f"{title} {_spoken(home)}".strip(), tuple(shown))


def _plan(plan: Plan, home: Home) -> str:
    access, person = plan.access, home.person
    roles = joined([_why(part, home) for part in parts(access, person)], "and")
    held = {part.role for part in parts(access, person)}
    asks = ["ask for a drill"] if Role.OPERATOR in held else []
    can = [*asks, *_called(may(access, person)), *(_after_escalation(access) if Role.ESCALATION in held else [])]
    return f"• *{plan.name}*: you are {roles}.\n    You may, when it is possible: {', '.join(can)}."


def _why(part: Part, home: Home) -> str:
    groups = listed([mention(who) for who in part.by if who != home.person.user_id], GROUPS_SHOWN)
    by_name = ["by name"] if home.person.user_id in part.by else []
    return f"{_ROLES[part.role]} ({joined([*by_name, *([f'through {groups}'] if groups else [])], 'and')})"


def _after_escalation(access: Access) -> list[str]:
    after = access.escalation.after if access.escalation else timedelta(0)
    return [f"approve or reject a wave that has waited for {spell(after)}"]


def _called(actions: Sequence[Action]) -> list[str]:
    return [_CALLED.get(action, action.value.replace("_", " ")) for action in actions if action not in _WITH_ANOTHER]


def _drill(drill: Drill, home: Home) -> str:
    now = standing(drill)
    can = ", ".join(_called(home.can(drill)))
    turn = f"You can now: {can}." if can else "There is nothing for you to do in it now."
    return f"{now.icon} *{plan_title(drill.plan)}*: {now.headline} · {escape(drill.id, 80)}\n    {turn}"


def _without(home: Home, mine: Sequence[Plan]) -> list[Block]:
    others = [plan for plan in home.plans if plan not in mine]
    unknown = [plan.name for plan in others if unsure(plan.access, home.person)]
    without = [plan.name for plan in others if plan.name not in unknown]
    told = [
        f"You have no part in {listed(without, NAMES_SHOWN)}." if without else "",
        f"Not known just now: whether you have a part in {listed(unknown, NAMES_SHOWN)}." if unknown else "",
    ]
    return blocks.contexts("others", "\n".join(filter(None, told)))


def _sections(name: str, lines: Sequence[str], most: int, thing: str) -> list[Block]:
    shown = list(lines[:most])
    if len(lines) > most:
        shown.append(f"and {count(len(lines) - most, 'more ' + thing)}")
    parts_of = [shown[start : start + LINES_IN_A_SECTION] for start in range(0, len(shown), LINES_IN_A_SECTION)]
    return [blocks.section(f"{name}s-{number}", *part) for number, part in enumerate(parts_of, start=1)]


def _spoken(home: Home) -> str:
    ready = [drill for drill in home.drills if home.can(drill)]
    return f"You can do something now in {count(len(ready), 'drill')} under way." if home.drills else ""
