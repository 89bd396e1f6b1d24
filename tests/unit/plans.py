"""Plans, people and findings for tests: the beginning of every story in `builders`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from bot.domain.access import Access
from bot.domain.findings import Check, Finding, Severity
from bot.domain.person import Person
from bot.domain.plan import Objectives, Plan, Target
from bot.domain.plan_servers import Impact, PlanServer
from bot.domain.plan_waves import Approval, PlanWave

TEAM = "T0LOCALDR"
CHANNEL = "C0DRDRILLS"
ADA, LINUS, GRACE, EVE = (Person(user_id=f"U0{name}", team_id=TEAM) for name in ("ADA", "LINUS", "GRACE", "EVE"))
"""Ada and Linus are operators, Grace and Linus approvers, Eve is nobody in particular."""
HOME = Target(account_id="123456789012", region="eu-west-1")


def server_id(number: int) -> str:
    """The id of the `number`-th server of any plan made here, from 1."""
    return f"s-{number:017x}"


def a_plan(
    *waves: tuple[str, int],
    optional: Iterable[int] = (),
    operators: Sequence[Person] = (ADA, LINUS),
    approvers: Sequence[Person] = (GRACE, LINUS),
    approval: Approval | None = None,
    minimum_approvals: int = 1,
    four_eyes: bool = True,
    **fields: Any,
) -> Plan:
    """A plan of waves by name and number of servers.

    Args:
        waves: three of two servers each if none is named.
        optional: the numbers (from 1, through all waves) of the servers that are not critical.
        operators: who may run it.
        approvers: who may approve.
        approval: the same wish for every wave; absent, the plan's default.
        minimum_approvals: how many must approve.
        four_eyes: whether whoever asks or starts is barred from approving.
        fields: of `Plan`, instead of the ones here.
    """
    sizes = waves or (("Database", 2), ("Application", 2), ("Web", 2))
    numbers = iter(range(1, sum(size for _, size in sizes) + 1))
    nice_to_have = set(optional)
    made = tuple(
        PlanWave(
            name=name,
            approval=approval,
            launch_timeout=timedelta(minutes=45),
            servers=tuple(
                PlanServer(id=server_id(n), impact=Impact.OPTIONAL if n in nice_to_have else Impact.CRITICAL)
                for n in (next(numbers) for _ in range(size))
            ),
        )
        for name, size in sizes
    )
    access = Access(
        operators=tuple(person.user_id for person in operators),
        approvers=tuple(person.user_id for person in approvers),
        minimum_approvals=minimum_approvals,
        four_eyes=four_eyes,
        approval_timeout=timedelta(hours=2),
    )
    values: dict[str, Any] = {
        "version": 1,
        "name": "payments",
        "title": "Payments in the recovery Region",
        "description": "Recover the payment service.",
        "owner": "Payments platform",
        "channel": CHANNEL,
        "objectives": Objectives(rto=timedelta(minutes=90), rpo=timedelta(minutes=15)),
        "access": access,
        "waves": made,
    }
    return Plan(**{**values, **fields})


def a_finding(
    number: int = 1, fact: str = "", *, severity: Severity = Severity.BLOCK, check: Check = Check.REPLICATION
) -> Finding:
    """Something that preflight found about a server."""
    return Finding(
        check=check,
        severity=severity,
        server_id=server_id(number),
        fact=fact or f"{server_id(number)} does not replicate (STALLED).",
        remedy="Look at the server's page in the DRS console and bring replication back first.",
    )


def small_plan(name: str, number: int, target: Target | None = None) -> Plan:
    """A plan of one wave, which is the `number`-th server alone."""
    wave = PlanWave(name="Only", servers=(PlanServer(id=server_id(number)),))
    return a_plan(name=name, target=target).model_copy(update={"waves": (wave,)})
