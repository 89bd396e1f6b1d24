"""Plans, people and servers as the stories of drills want them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.domain.access import Access
from bot.domain.events import (
    DrillProposed,
)
from bot.domain.person import Person
from bot.domain.plan import Objectives, Plan, Target
from bot.domain.plan_checks import AutomationCheck, PlanCheck
from bot.domain.plan_servers import Impact, PlanServer, Selector
from bot.domain.plan_waves import Approval, PlanWave
from bot.domain.states import Purpose

ADA, BOB, CAT, DAN, EVE = (Person(user_id=f"U0{name}", team_id="T01") for name in ("ADA", "BOB", "CAT", "DAN", "EVE"))
"""ADA and BOB are operators; BOB, CAT and DAN approvers; EVE is a stranger. So say plans made by `a_plan`."""


HOME = Target(account_id="111122223333", region="eu-west-1")


def server(number: int) -> str:
    """The id of a plan's server, by its number in the plan from 1."""
    return f"s-{number:017d}"


@dataclass(frozen=True)
class WaveOrder:
    """A wave as a test wants it."""

    name: str
    critical: int = 1
    optional: int = 0
    approval: Approval | None = field(default=None, kw_only=True)
    launch_timeout: timedelta = field(default=timedelta(hours=1), kw_only=True)
    tags: Mapping[str, tuple[str, ...]] | None = field(default=None, kw_only=True)
    attempts: int = field(default=3, kw_only=True)
    wait_after: timedelta | None = field(default=None, kw_only=True)
    depends_on: tuple[str, ...] | None = field(default=None, kw_only=True)
    checks: tuple[PlanCheck, ...] = field(default=(), kw_only=True)
    before: tuple[AutomationCheck, ...] = field(default=(), kw_only=True)


a_wave = WaveOrder


def a_plan(
    *orders: WaveOrder, rto: timedelta = timedelta(hours=2), also: Mapping[str, Any] | None = None, **access: Any
) -> Plan:
    """A plan of these waves; keyword arguments change who has access, `also` anything else."""
    orders = orders or (a_wave("Database"),)
    ids = (server(number) for number in range(1, 10_000))
    people = {"operators": (ADA, BOB), "approvers": (BOB, CAT, DAN)} | access
    named = {role: tuple(p.user_id for p in found) for role, found in people.items() if isinstance(found, tuple)}
    return Plan(
        version=1,
        name="payments",
        title="Payments",
        description="Recover the payment service.",
        owner="Payments team",
        channel="C0DRILLS01",
        objectives=Objectives(rto=rto, rpo=timedelta(minutes=15)),
        access=Access.model_validate(people | named),
        waves=tuple(_wave(order, ids) for order in orders),
        **(also or {}),
    )


def _wave(order: WaveOrder, ids: Iterable[str]) -> PlanWave:
    impacts = [Impact.CRITICAL] * order.critical + [Impact.OPTIONAL] * order.optional
    return PlanWave(
        name=order.name,
        servers=tuple(PlanServer(id=id_, impact=impact) for impact, id_ in zip(impacts, ids, strict=False)),
        select=Selector(tags=dict(order.tags)) if order.tags else None,
        approval=order.approval,
        launch_timeout=order.launch_timeout,
        attempts=order.attempts,
        wait_after=order.wait_after,
        depends_on=order.depends_on,
        checks=order.checks,
        before=order.before,
    )


def proposal(plan: Plan, by: Person = ADA, purpose: Purpose = Purpose.DRILL) -> DrillProposed:
    return DrillProposed(drill_id="payments-1", plan=plan, target=HOME, actor=by, purpose=purpose)
