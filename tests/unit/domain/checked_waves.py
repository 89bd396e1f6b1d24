"""A launched wave with checks, and how these stand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.domain.checks import CheckResult, CheckState
from bot.domain.plan_checks import AutomationCheck, PlanCheck
from bot.domain.plan_servers import Impact
from bot.domain.plan_waves import Approval
from tests.unit.domain.orders import a_plan, a_wave
from tests.unit.domain.story import Story

PASSED, FAILED, RUNNING = CheckResult.PASSED, CheckResult.FAILED, CheckResult.RUNNING
STATUS = PlanCheck(status="ok")
PORT = PlanCheck(tcp=5432, within=timedelta(minutes=10))
NICE = PlanCheck(tcp=80, via="probe", impact=Impact.OPTIONAL, within=timedelta(minutes=10))
RUNBOOK = PlanCheck(automation=AutomationCheck(document="Smoke"))
LOGIN = PlanCheck(manual="Finance has logged in", within=timedelta(hours=1))


def launched(*checks: PlanCheck, servers: int = 2, **order: Any) -> Story:
    """A wave of two servers is launched, nine minutes after Start; a second one comes after it."""
    plan = a_plan(a_wave("Database", servers, checks=checks, **order), a_wave("Web", approval=Approval.NONE))
    return Story(plan).is_started().jobs_start().after(minutes=9).jobs_complete()


def runs(story: Story, wave: int = 1) -> list[tuple[int, str | None, CheckState]]:
    return [(run.number, run.server_id, run.state) for run in story.drill.wave(wave).checks[-1].runs]
