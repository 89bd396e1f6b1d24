"""Warnings that have to be waived before Start: by a person with the authority for it, for a reason, on record.

What blocks cannot be waived. A waiver is of one drill and of what its checks have found: another drill is checked anew,
and its warnings stand anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.domain import duties
from bot.domain.approval import Action, names
from bot.domain.checked import Waiver
from bot.domain.drill import Drill
from bot.domain.errors import IllegalTransition
from bot.domain.events import WarningsWaived
from bot.domain.findings import Check
from bot.domain.mark_up import moment
from bot.domain.step import Step, draw_checks
from bot.domain.written import REASON_LEAST, fit


def waive(drill: Drill, event: WarningsWaived, now: datetime) -> Step:
    """Let the drill be started in spite of warnings that stand: all of them, or those of some checks."""
    duties.authorise(drill, Action.WAIVE, event.actor)
    checks = _standing(drill, event.checks)
    reason = fit(event.reason, "Your reason", least=REASON_LEAST)
    waiver = Waiver(by=event.actor, at=now, reason=reason, checks=checks, preflight=drill.times_checked)
    drill = drill.model_copy(update={"waivers": (*drill.waivers, waiver)})
    duties.check_approvable(drill)
    return Step(drill, draw_checks(drill))


def _standing(drill: Drill, wanted: Iterable[Check]) -> tuple[Check, ...]:
    standing = tuple(dict.fromkeys(finding.check for finding in drill.standing_warnings))
    checks = tuple(check for check in standing if check in wanted) if wanted else standing
    if not checks:
        raise IllegalTransition(f"There is nothing to waive. {_why(drill)}")
    return checks


def _why(drill: Drill) -> str:
    if drill.plan.warnings == "tell":
        return "The plan only tells its warnings: the drill can be started with them."
    if drill.standing_waivers:
        last = drill.standing_waivers[-1]
        return f"{names([last.by.user_id])} waived warnings, {moment(last.at)}: {last.reason}"
    return "The checks found no such warning."


def refuse_standing(drill: Drill) -> None:
    """See that nothing has to be waived any more.

    Raises:
        IllegalTransition: there are warnings that nobody has waived; the text says who can.
    """
    standing = len(drill.standing_warnings)
    if standing:
        warnings = "1 warning stands" if standing == 1 else f"{standing} warnings stand"
        who = names(duties.can_operate(drill, Action.WAIVE))
        raise IllegalTransition(
            f"{warnings} that nobody has waived, and this plan wants that before Start. They can, with a reason: {who}."
        )
