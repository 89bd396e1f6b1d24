"""Where a drill can be when its checks have found something that somebody has to answer for, or when it is no time."""

from __future__ import annotations

from bot.domain.findings import Check, Severity
from tests.unit.builders import LINUS, Story, a_finding
from tests.unit.views.sizes import CROWD, NASTY, Size, names, the_plan

CHECKS = (Check.REPLICATION, Check.LEFTOVER_DRILL, Check.RECOVERY_POINT)


def unwaived(size: Size) -> Story:
    plan = the_plan(size, warnings="waive")
    servers = range(1, len(plan.server_ids) + 1)
    found = [a_finding(n, severity=Severity.WARN, check=CHECKS[n % len(CHECKS)]) for n in servers]
    return Story(plan).checked(*found, names=names(plan))


def partly_waived(size: Size) -> Story:
    by = CROWD[0] if size is Size.LARGEST else LINUS
    return unwaived(size).waived(by, CHECKS[1], reason="Left by the drill of Friday.")


def waived(size: Size) -> Story:
    story = partly_waived(size) if size is Size.LARGEST else unwaived(size)
    return story.waived(reason=(NASTY * 20)[:500].strip() if size is Size.LARGEST else "The backlog is from a backup.")


def out_of_hours(size: Size) -> Story:
    """Asked for on a Monday at ten."""
    plan = the_plan(size, allowed=["tue-fri 08:00-18:00 Europe/Berlin"])
    return Story(plan).checked(names=names(plan))


def frozen(size: Size) -> Story:
    why = (NASTY * 2)[:80].strip() if size is Size.LARGEST else "quarter end"
    freeze = {"from": "2026-02-27", "to": "2026-03-03", "why": why, "zone": "Europe/Berlin"}
    plan = the_plan(size, freeze=[freeze])
    return Story(plan).checked(names=names(plan))


CHECK_STAGES = (unwaived, partly_waived, waived, out_of_hours, frozen)
