"""EventBridge's scheduled rules, on world time.

A rule that is behind, because the function takes longer than the world's minute, fires once and not many times.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import TypeAlias

from infra.local.aws.template import Json
from infra.local.clock import WorldClock
from infra.local.runner.activity import Activity
from infra.local.runner.cron import Cron
from infra.local.runner.functions import Function
from infra.local.runner.worker_process import FunctionError

# How long a loop sleeps at most: the world's speed may change meanwhile.
NAP = 0.25


@dataclass(frozen=True, slots=True)
class Rate:
    """`rate(1 minute)`: counted from when the rule was made."""

    period: timedelta

    def next_after(self, time: datetime) -> datetime:
        """One period later."""
        return time + self.period


Schedule: TypeAlias = Rate | Cron


def schedule_of(expression: str) -> Schedule:
    """What `rate(5 minutes)` or `cron(0 6 * * ? *)` means (AWS: EventBridge user guide, "Schedule expressions").

    Raises:
        ValueError: it is neither.
    """
    rate = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression)
    if rate:
        return Rate(timedelta(**{f"{rate[2]}s": int(rate[1])}))
    cron = re.fullmatch(r"cron\((.+)\)", expression)
    if cron:
        return Cron.parse(cron[1])
    raise ValueError(f"not a schedule: {expression}")


@dataclass(slots=True)
class ScheduleSource:
    """One scheduled rule and the function it wakes."""

    rule_arn: str
    schedule: Schedule
    function: Function
    activity: Activity
    clock: WorldClock

    def threads(self) -> list[Thread]:
        """A thread that runs until the activity stops."""
        return [Thread(target=self._run)]

    def _run(self) -> None:
        due = self.schedule.next_after(self.clock.now())
        while not self.activity.stopping.is_set():
            now = self.clock.now()
            if now < due:
                self.activity.stopping.wait(min(self.clock.wall_seconds(due - now), NAP))
                continue
            self._fire(due)
            while due <= now:
                due = self.schedule.next_after(due)

    def _fire(self, due: datetime) -> None:
        event = self._event(due)
        for _ in range(1 + self.function.spec.async_retries):
            try:
                self.function.invoke(event)
            except FunctionError:
                continue
            return

    def _event(self, due: datetime) -> Json:
        _, _, _, region, account, _ = self.rule_arn.split(":", 5)
        return {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": account,
            "time": due.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "region": region,
            "resources": [self.rule_arn],
            "detail": {},
        }
