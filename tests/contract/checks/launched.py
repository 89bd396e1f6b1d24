"""Servers that were launched in the simulator, and the real adapter that checks them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import boto3

from bot.adapters.checks import BotoCheckers, CheckerAdapter
from bot.domain.checks import Answer, Ask, CheckResult
from bot.domain.plan import Target
from bot.domain.plan_checks import PlanCheck
from infra.local import drs
from infra.local.clock import ManualClock

ACCOUNT, REGION = "111122223333", "eu-west-1"


HOME = Target(account_id=ACCOUNT, region=REGION)


class Launched:
    """Servers that were launched a moment ago, and a checker for them."""

    def __init__(self, clock: ManualClock, number: int) -> None:
        self.clock = clock
        self.ids = [drs.source_server_id(f"host-{n}") for n in range(number)]
        drs.seed(ACCOUNT, REGION, drs.healthy_fleet(self.ids))
        self.session = boto3.session.Session(aws_access_key_id=ACCOUNT, aws_secret_access_key="any", region_name=REGION)
        client = self.session.client("drs")
        servers: Any = [{"sourceServerID": each} for each in self.ids]
        for start in range(0, number, 100):
            client.start_recovery(sourceServers=servers[start : start + 100], isDrill=True)
        self.begun = clock.now()
        while len(drs.running_instances(ACCOUNT, REGION)) < number:
            clock.advance(timedelta(seconds=5))
        self.instances = {each.source_server_id: each.id for each in drs.running_instances(ACCOUNT, REGION)}
        self.jobs = {
            server["sourceServerID"]: job["jobID"]
            for job in drs.jobs(ACCOUNT, REGION)
            for server in job["participatingServers"]
        }
        self.checker: CheckerAdapter = BotoCheckers(self.session).at(HOME)

    def after(self, span: timedelta) -> Launched:
        self.clock.advance(span)
        return self

    def asks(self, check: PlanCheck, *, tries: int = 1, ref: dict[str, str | None] | None = None) -> list[Ask]:
        if not check.of_each_server:
            return [self._ask(check, None, tuple(self.instances.values()), tries, (ref or {}).get("-"))]
        return [self._ask(check, each, (self.instances[each],), tries, (ref or {}).get(each)) for each in self.ids]

    def _ask(
        self, check: PlanCheck, server_id: str | None, instances: tuple[str, ...], tries: int, ref: str | None
    ) -> Ask:
        return Ask(
            key=f"1#1#1#{server_id or '-'}#{tries}",
            check=check,
            server_id=server_id,
            ec2_instance_ids=instances,
            job_id=self.jobs.get(server_id or ""),
            since=self.begun,
            ref=ref,
        )

    def look(self, check: PlanCheck, *, tries: int = 1, ref: dict[str, str | None] | None = None) -> list[Answer]:
        return list(self.checker.look("payments-20260302-1", self.asks(check, tries=tries, ref=ref)))

    def refs(self, answers: list[Answer]) -> dict[str, str | None]:
        return {answer.key.split("#")[3]: answer.ref for answer in answers}

    def results(self, answers: list[Answer]) -> set[CheckResult]:
        assert len(answers) == len({answer.key for answer in answers})
        return {answer.result for answer in answers}

    def calls(self) -> Counter[str]:
        """Counts the calls from now on, by operation."""
        seen: Counter[str] = Counter()
        for way in self.checker._ways.values():
            for cell in getattr(way, "__closure__", None) or ():
                client = getattr(cell.cell_contents, "ssm", cell.cell_contents)
                if hasattr(client, "meta"):
                    client.meta.events.register(
                        "before-call.*.*", lambda model, **_: seen.update([model.name]), unique_id="count"
                    )
        return seen
