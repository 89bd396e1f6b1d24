"""What the checks before Start came to, in a line: problems, warnings and who has waived them, servers with neither."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.checked import Waiver
from bot.domain.drill import Drill
from bot.domain.findings import Check, Finding
from bot.views.text import clock, count, escape, everyone_of, listed, moment, quoted

REASON_LENGTH = 250
CHECKS_SHOWN = 5
WAIVERS_SHOWN = 3


def check_name(check: Check) -> str:
    """`Leftover drill`: what people call a check."""
    return check.value.replace("_", " ").capitalize()


def summary(drill: Drill) -> str:
    """`🚫 1 problem · ⚠️ 3 warnings (waived by @ada) · ✅ 4 of 6 servers without findings`."""
    if drill.preflight is None:
        return ""
    blocking, warnings = drill.preflight.blocking, drill.preflight.warnings
    if not drill.preflight.findings:
        return "✅ All checks passed."
    told = [f"🚫 {count(len(blocking), 'problem')}"] if blocking else []
    told += [f"⚠️ {count(len(warnings), 'warning')}{_waived(drill)}"] if warnings else []
    return " · ".join([*told, *_fine(drill, drill.preflight.findings)])


def _waived(drill: Drill) -> str:
    if not drill.standing_waivers:
        return ""
    standing = len(drill.standing_warnings)
    left = f", {standing} not" if standing else ""
    people = dict.fromkeys(waiver.by.user_id for waiver in drill.standing_waivers)
    return f" (waived by {everyone_of(list(people))}{left})"


def _fine(drill: Drill, findings: Sequence[Finding]) -> list[str]:
    """How many servers nothing was found about; nothing where a finding is about none in particular."""
    concerned = {finding.server_id for finding in findings}
    servers = drill.server_count
    fine = servers - len(concerned - {None})
    return [f"✅ {fine} of {count(servers, 'server')} without findings"] if fine and None not in concerned else []


def opens_again(drill: Drill) -> str:
    """When a plan that may not be drilled now may be, in the reader's own time."""
    if drill.preflight and any(finding.check is Check.DRILL_TIME for finding in drill.preflight.findings):
        return f"🗓️ Next open, in your time zone: {moment(drill.plan.times.next_open(drill.preflight.at))}"
    return ""


def waivers(drill: Drill) -> list[str]:
    """A line for each waiver: who, when, of what and why."""
    shown = [_waiver(waiver) for waiver in drill.standing_waivers[:WAIVERS_SHOWN]]
    left = len(drill.standing_waivers) - len(shown)
    return [*shown, f"and {count(left, 'more waiver')}"] if left > 0 else shown


def _waiver(waiver: Waiver) -> str:
    checks = listed([check_name(check).lower() for check in waiver.checks], CHECKS_SHOWN)
    who = everyone_of([waiver.by.user_id])
    return f"✍️ {who} waived {escape(checks, 200)} at {clock(waiver.at)}: {quoted(waiver.reason, REASON_LENGTH)}"
