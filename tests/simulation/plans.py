"""The plan of a story: waves, checks, approvals and cleanup as chance has it."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.plan import Plan
from bot.domain.plan_checks import PlanCheck
from bot.domain.plan_waves import Approval
from tests.simulation.chance import Chance
from tests.unit.plans import a_plan

NAMES = ("Database", "Application", "Web")
CHECKS = ({"tcp": 443}, {"command": {"document": "AWS-RunShellScript", "parameters": {"commands": "true"}}})
CLEANUPS: tuple[dict[str, object], ...] = (
    {"when": "at-once"},
    {"when": "after", "after": "20m"},
    {"when": "on-click"},
)


def plan_of(chance: Chance) -> Plan:
    """A plan of one to three waves."""
    sizes = [(name, chance.whole("servers of a wave", 1, 3)) for name in NAMES[: chance.whole("waves", 1, 3)]]
    count = sum(size for _, size in sizes)
    optional = [number for number in range(1, count + 1) if chance.is_so("server is optional", 0.2)]
    made = a_plan(
        *sizes,
        optional=optional,
        minimum_approvals=chance.whole("approvals", 1, 2) if chance.is_so("more approvals", 0.3) else 1,
        approval=chance.one_of("approval", (None, None, Approval.REQUIRED, Approval.NONE)),
        checks=_checks(chance),
        cleanup=chance.one_of("cleanup", CLEANUPS),
        warnings=chance.one_of("warnings", ("tell", "waive")),
    )
    if len(sizes) > 1 and chance.is_so("side by side", 0.3):
        beside = made.waves[-1].model_copy(update={"depends_on": ()})
        made = made.model_copy(update={"waves": (*made.waves[:-1], beside)})
    attempts = chance.whole("attempts", 1, 3)
    waves = tuple(wave.model_copy(update={"attempts": attempts}) for wave in made.waves)
    return Plan.model_validate(made.model_copy(update={"waves": waves}).model_dump(mode="json"))


def _checks(chance: Chance) -> tuple[PlanCheck, ...]:
    found = [PlanCheck.model_validate(each) for each in CHECKS if chance.is_so("check", 0.3)]
    if chance.is_so("question", 0.2):
        found.append(PlanCheck(manual="Finance has logged in", within=timedelta(hours=2)))
    return tuple(found)
