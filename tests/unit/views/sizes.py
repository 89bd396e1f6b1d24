"""The smallest drill, a usual one, and the largest.

The largest has 20 waves and 500 servers, and texts as long and as nasty as DRS and the authors of plans can make them.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from bot.domain.person import Person
from bot.domain.plan import Plan
from tests.unit.builders import ADA, GRACE, LINUS, TEAM, a_plan

NASTY = "<!channel> & <@U0EVE> *bold* `code` @here "
LONG_NAME = NASTY * 10
LONG_ERROR = "An error occurred (InsufficientInstanceCapacity) ```<!everyone>``` & more\n" * 40
USUAL_NAMES = ("ledger-db-1", "ledger-db-2", "payments-api-1", "payments-worker-1", "shop-web-1", "status-page-1")
CROWD = tuple(Person(user_id=f"U0CROWD{number:02d}", team_id=TEAM) for number in range(1, 19))


class Size(Enum):
    """The two ends, and what is usual."""

    SMALLEST = "smallest"
    USUAL = "usual"
    LARGEST = "largest"


def the_plan(size: Size, **fields: Any) -> Plan:
    if size is Size.SMALLEST:
        return a_plan(("Canary", 1), **{"name": "single-server", "title": "One server", **fields})
    if size is Size.USUAL:
        return a_plan(("Database", 2), ("Application", 2), ("Web", 2), **{"optional": [6], **fields})
    waves = [(f"{number} {NASTY}{NASTY}"[:80].strip(), 25) for number in range(1, 21)]
    made: dict[str, Any] = {
        "title": ("Everything <b> & " * 8)[:80].strip(),
        "optional": range(2, 501, 2),
        "operators": (ADA, *CROWD),
        "approvers": (GRACE, LINUS, *CROWD),
        "minimum_approvals": 18,
    }
    return a_plan(*waves, **{**made, **fields})


def names(plan: Plan) -> dict[str, str]:
    if len(plan.server_ids) == 1:
        return {plan.server_ids[0]: "canary-1"}
    if len(plan.server_ids) == len(USUAL_NAMES):
        return dict(zip(plan.server_ids, USUAL_NAMES, strict=True))
    return {server_id: f"{number} {LONG_NAME}"[:256] for number, server_id in enumerate(plan.server_ids, start=1)}
