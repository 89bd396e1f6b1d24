"""How checks of a plan are called, and of what they are made."""

from __future__ import annotations

import pytest

from bot.domain.plan_checks import AutomationCheck, CheckKind, CommandCheck, HttpCheck, PlanCheck

RUNBOOK = AutomationCheck(document="Smoke-Test")
CHECKS = {
    CheckKind.STATUS: (PlanCheck(status="ok"), "EC2 status checks"),
    CheckKind.TCP: (PlanCheck(tcp=5432), "TCP port 5432"),
    CheckKind.HTTP: (PlanCheck(http=HttpCheck(url="http://a.example/up")), "http://a.example/up answers 200"),
    CheckKind.COMMAND: (PlanCheck(command=CommandCheck()), "Command AWS-RunShellScript"),
    CheckKind.AUTOMATION: (PlanCheck(automation=RUNBOOK), "Runbook Smoke-Test"),
    CheckKind.LAUNCH_ACTIONS: (PlanCheck(launch_actions="succeeded"), "Launch actions of DRS"),
    CheckKind.MANUAL: (PlanCheck(manual="Finance has logged in"), "Finance has logged in"),
}


@pytest.mark.parametrize("kind", CheckKind)
def test_each_kind_says_what_it_looks_at_unless_it_has_a_name(kind: CheckKind) -> None:
    check, title = CHECKS[kind]
    assert (check.kind, check.title) == (kind, title)
    assert check.model_copy(update={"name": "The ledger"}).title == "The ledger"


def test_what_is_made_once_and_what_starts_something() -> None:
    assert {kind for kind, (check, _) in CHECKS.items() if not check.of_each_server} == {
        CheckKind.AUTOMATION,
        CheckKind.MANUAL,
    }
    starting = {kind for kind, (check, _) in CHECKS.items() if check.starts_something}
    assert starting == {CheckKind.TCP, CheckKind.HTTP, CheckKind.COMMAND, CheckKind.AUTOMATION}
    assert not PlanCheck(tcp=5432, via="probe").starts_something


def test_a_parameter_is_a_text_or_several() -> None:
    made = CommandCheck.model_validate({"parameters": {"commands": ["one", "two"], "timeout": "60"}})
    assert made.parameters == {"commands": ("one", "two"), "timeout": ("60",)}
