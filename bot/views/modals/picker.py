"""The form in which a plan is picked to be drilled, and what its drill is launched from."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.plan import Plan
from bot.views import blocks
from bot.views.action_ids import PICK
from bot.views.blocks import Block
from bot.views.modals.parts import (
    OPTION_LENGTH,
    OPTIONS_IN_A_MENU,
    Modal,
    checkbox,
    modal,
    moment_input,
    option,
    radio,
    select,
)
from bot.views.naming import plan_size
from bot.views.text import count, escape

PLAN, POINT, TIME, PURPOSE = "plan", "point", "time", "purpose"
"""The inputs: which plan, what to launch from, of before which time where that was chosen, and what for."""
ONLY_CHECK = "check"
"""What is ticked when nobody means to start the drill."""
AS_PLANNED, FRESH, NEWEST, BEFORE = "planned", "fresh", "newest", "before"
"""What can be chosen to launch from."""
_POINTS = (
    (AS_PLANNED, "What the plan says", "Fresh snapshots, unless its author wants the newest existing ones"),
    (FRESH, "Fresh snapshots", "DRS takes one more of each server when it is launched"),
    (NEWEST, "Newest existing recovery points", "What DRS has of each server by now"),
    (BEFORE, "Newest before a time", "As it was before some damage was done: choose the time below"),
)
PLANS_SHOWN = 400
"""With every character escaped, so many options still fit into the 250 KB that Slack takes."""
NOTHING_TO_PICK = (
    "There is no plan that you can drill now: you are no operator of any, or those that you could drill are being "
    "drilled already."
)


def picker(plans: Sequence[Plan]) -> Modal:
    """The plans of which the person can ask for a drill now. There must be one at least."""
    shown = sorted(plans, key=lambda plan: plan.title.casefold())[:PLANS_SHOWN]
    says = "The plan's servers are checked first. Nothing is launched before somebody clicks Start."
    left = len(plans) - len(shown)
    more = f"{count(left, 'more plan')} cannot be listed here: type `/drs drill` and the plan's name." if left else ""
    points = [option(text, value, description) for value, text, description in _POINTS]
    form = [
        blocks.section("about", f"🧪 {says}"),
        select(PLAN, "Plan", _groups(shown), "Choose a plan"),
        radio(POINT, "Launch from", points, chosen=points[0]),
        moment_input(TIME, "Before which time", "Only for “Newest before a time”."),
        checkbox(PURPOSE, "Purpose", option("Only check", ONLY_CHECK, "If nobody starts it, that is no failed drill")),
        blocks.context("left-out", more or "Plans that you may not drill, or that are being drilled, are left out."),
    ]
    return modal("New drill", form, callback_id=PICK, submit="Check and offer Start")


def _groups(plans: Sequence[Plan]) -> list[tuple[str, list[Block]]]:
    """A menu takes a hundred options, and a hundred groups of a hundred options."""
    parts = [plans[start : start + OPTIONS_IN_A_MENU] for start in range(0, len(plans), OPTIONS_IN_A_MENU)]
    return [(_span(part), [option(plan.title, plan.name, plan_size(plan)) for plan in part]) for part in parts]


def _span(plans: Sequence[Plan]) -> str:
    """`Accounts to Billing`."""
    most = (OPTION_LENGTH - len(" to ")) // 2
    return f"{escape(plans[0].title, most)} to {escape(plans[-1].title, most)}"
