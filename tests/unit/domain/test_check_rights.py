"""What is asked of IAM for a plan's checks, and what comes of an answer that is not yes."""

from __future__ import annotations

import pytest

from bot.domain.check_rights import ACTIONS, check_questions
from bot.domain.findings import Check, Severity
from bot.domain.plan_checks import AutomationCheck, CommandCheck, HttpCheck, PlanCheck
from bot.domain.rights import Evaluation
from bot.domain.rights_checks import examine_rights
from tests.unit.domain.orders import a_plan, a_wave

ACCOUNT, REGION = "123456789012", "eu-west-1"
SSM = f"arn:aws:ssm:{REGION}"
STATUS, PORT, LOGIN = PlanCheck(status="ok"), PlanCheck(tcp=5432), PlanCheck(manual="Finance has logged in")
PROBED = PlanCheck(http=HttpCheck(url="http://a.example"), via="probe")
OWN = PlanCheck(command=CommandCheck(document="Our-Check"))
SHARED = PlanCheck(command=CommandCheck(document=f"{SSM}:999999999999:document/Theirs"))
RUNBOOK = PlanCheck(automation=AutomationCheck(document="Smoke-Test"))
OF_AWS = PlanCheck(automation=AutomationCheck(document="AWS-RestartEC2Instance"))


def asked(*checks: PlanCheck) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for question in check_questions("aws", ACCOUNT, REGION, checks):
        for action in question.actions:
            found.setdefault(action, set()).update(question.resources)
    return found


def test_only_what_the_plans_checks_call_is_asked_about() -> None:
    assert asked() == asked(LOGIN) == asked(PlanCheck(launch_actions="succeeded")) == {}
    assert asked(STATUS) == {"ec2:DescribeInstanceStatus": {"*"}}
    assert set(asked(PROBED)) == {"ec2:DescribeInstances", "lambda:InvokeFunction"}
    assert set(asked(STATUS, PORT, PROBED, RUNBOOK)) == ACTIONS


def test_each_document_is_asked_about_by_its_own_arn() -> None:
    instance = f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/i-00000000000000000"
    assert asked(PORT, OWN, SHARED)["ssm:SendCommand"] == {
        f"{SSM}::document/AWS-RunShellScript",
        f"{SSM}:{ACCOUNT}:document/Our-Check",
        f"{SSM}:999999999999:document/Theirs",
        instance,
    }
    assert asked(RUNBOOK, OF_AWS)["ssm:StartAutomationExecution"] == {
        f"{SSM}:{ACCOUNT}:automation-definition/Smoke-Test:$DEFAULT",
        f"{SSM}::automation-definition/AWS-RestartEC2Instance:$DEFAULT",
    }


def test_an_instance_is_asked_about_as_one_of_drs() -> None:
    (instance,) = [each for each in check_questions("aws", ACCOUNT, REGION, [PORT]) if each.context]
    assert set(instance.context.values()) == {"drs.amazonaws.com"}


def test_all_checks_of_a_plan_count_and_what_is_run_before_a_wave() -> None:
    wave = a_wave("Database", checks=(PORT,), before=(AutomationCheck(document="Open"),))
    plan = a_plan(wave, also={"checks": (STATUS,)})
    assert [check.kind for check in plan.every_check] == ["status", "automation", "tcp"]


@pytest.mark.parametrize("decision", ["implicitDeny", "explicitDeny"])
def test_checks_that_iam_would_refuse_are_a_warning_before_anything_is_launched(decision: str) -> None:
    answer = Evaluation(action="ssm:SendCommand", resource=f"{SSM}::document/AWS-RunShellScript", decision=decision)
    (found,) = examine_rights([answer])
    assert (found.check, found.severity) == (Check.RIGHTS, Severity.WARN)
    assert found.fact == "IAM does not allow what the plan's checks need: ssm:SendCommand (document)."
    assert "ChecksBySsm" in found.remedy
    assert list(examine_rights([answer.model_copy(update={"decision": "allowed"})])) == []
