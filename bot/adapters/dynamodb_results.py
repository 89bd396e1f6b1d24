"""Results in DynamoDB: an item for each drill that has ended, by plan and time, and one for each plan with its newest.

The latter are in one partition, so that an App Home gets those of all plans by one query. A plan's drills hold its lock
until they end: they end one after the other, and no older result is written over a newer one.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.adapters.dynamodb_items import (
    PLAN,
    PLANS,
    RESULT,
    SCHEMA,
    body,
    check,
    content,
    plan_key,
    result_key,
    results_pk,
)
from bot.adapters.dynamodb_requests import Item, number, put, text, update
from bot.adapters.dynamodb_table import Table, Write
from bot.application.ports.storage import Change
from bot.domain.results import DrillResult, PlanRecord, result_left


class DynamoDbResults:
    """Fulfils `ResultStore`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def results(self, plan_name: str, limit: int) -> tuple[DrillResult, ...]:
        """The results of a plan, the newest first."""
        found = self._table.newest(results_pk(plan_name), RESULT, limit)
        return tuple(DrillResult.model_validate_json(body(item)) for item in found)

    def plan_records(self) -> Mapping[str, PlanRecord]:
        """The newest results of each plan by its name."""
        return {item["sk"]["S"].removeprefix(PLAN): _record(item) for item in self._table.starting(PLANS, PLAN)}


def result_writes(change: Change) -> tuple[Write, ...]:
    """The result of a drill that ends with this change. No condition: the head's version guards them."""
    result = result_left(change.before.drill if change.before else None, change.after)
    if result is None:
        return ()
    kept = Write("Put", put({**result_key(result), **content(result.model_dump_json())}))
    return (kept, _newest(result)) if result.was_run else (kept,)


def _newest(result: DrillResult) -> Write:
    told = text(result.model_dump_json())
    passed = {"passed": told} if result.has_passed else {}
    return Write("Update", update(plan_key(result.plan), {"schema": number(SCHEMA), "last": told, **passed}))


def _record(item: Item) -> PlanRecord:
    check(item)
    newest = {name: DrillResult.model_validate_json(item[name]["S"]) for name in ("last", "passed") if name in item}
    return PlanRecord(**newest)
