"""What IAM says of rights, through the real adapter. Its own judgement is not simulated (`infra.local.drs.rights`)."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from bot.adapters.accounts import AccountAdapter, BotoAccounts
from bot.adapters.iam_answers import role_of, simulated
from bot.domain.facts import Unread
from bot.domain.plan import Target
from bot.domain.plan_checks import PlanCheck
from bot.domain.rights import Evaluation, Question, questions
from infra.local.drs import source_server_id
from infra.local.drs.rights import DENIED
from tests.contract.accounts.conftest import ACCOUNT, REGION

SERVER = source_server_id("db")
ROLE = f"arn:aws:iam::{ACCOUNT}:role/drills/target"
THERE = Target(account_id=ACCOUNT, region=REGION, role_arn=ROLE)


def asked() -> set[tuple[str, str]]:
    every = questions("aws", ACCOUNT, REGION, SERVER)
    return {(action, resource) for each in every for action in each.actions for resource in each.resources}


def test_every_action_is_asked_of_every_resource_and_answered(accounts: BotoAccounts) -> None:
    answers = accounts.at(THERE).rights(SERVER)
    assert not isinstance(answers, Unread)
    assert {(answer.action, answer.resource) for answer in answers} == asked()
    assert {answer.decision for answer in answers} == {"allowed"}


def test_what_the_plans_checks_call_is_asked_about_too(accounts: BotoAccounts) -> None:
    DENIED[ACCOUNT] = {"ssm:SendCommand"}
    answers = accounts.at(THERE).rights(SERVER, [PlanCheck(status="ok"), PlanCheck(tcp=5432)])
    assert not isinstance(answers, Unread)
    assert {answer.action for answer in answers} >= {"ec2:DescribeInstanceStatus", "ssm:ListCommands"}
    assert {answer.action for answer in answers if answer.decision != "allowed"} == {"ssm:SendCommand"}


def test_what_is_denied_is_told_so(accounts: BotoAccounts) -> None:
    DENIED[ACCOUNT] = {"drs:StartRecovery"}
    answers = accounts.at(THERE).rights(SERVER)
    assert not isinstance(answers, Unread)
    (denied,) = [answer for answer in answers if answer.decision != "allowed"]
    assert (denied.action, denied.resource.rpartition("/")[2]) == ("drs:StartRecovery", SERVER)


def test_without_a_role_it_is_the_caller_who_is_asked_about(accounts: BotoAccounts) -> None:
    answers = accounts.at(Target(account_id=ACCOUNT, region=REGION)).rights(SERVER)
    assert not isinstance(answers, Unread)
    assert answers


class Refusing:
    """A client of IAM that cannot be asked."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def get_paginator(self, _operation: str) -> object:
        raise self._error


class Told:
    """STS, as it tells who calls; IAM, as it answers."""

    def __init__(self, arn: str = "", *results: object) -> None:
        self._arn, self._results = arn, results

    def get_caller_identity(self) -> dict[str, str]:
        return {"Arn": self._arn}

    def get_paginator(self, _operation: str) -> Told:
        return self

    def paginate(self, **_parameters: object) -> list[object]:
        return [{"EvaluationResults": list(self._results)}]


def test_who_may_not_ask_is_told_so() -> None:
    error = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "SimulatePrincipalPolicy")
    unread = AccountAdapter(THERE, iam=Refusing(error)).rights(SERVER)
    assert unread == Unread(error="SimulatePrincipalPolicy: AccessDenied: no")


def test_of_a_root_user_nothing_is_asked_since_it_has_no_policies() -> None:
    home = Target(account_id=ACCOUNT, region=REGION)
    assert AccountAdapter(home, sts=Told(f"arn:aws:iam::{ACCOUNT}:root")).rights(SERVER) == ()


@pytest.mark.parametrize(
    ("caller", "role"),
    [
        (f"arn:aws:sts::{ACCOUNT}:assumed-role/executor/session", f"arn:aws:iam::{ACCOUNT}:role/executor"),
        (f"arn:aws-cn:sts::{ACCOUNT}:assumed-role/a/b", f"arn:aws-cn:iam::{ACCOUNT}:role/a"),
        (f"arn:aws:iam::{ACCOUNT}:user/ada", f"arn:aws:iam::{ACCOUNT}:user/ada"),
        (f"arn:aws:iam::{ACCOUNT}:root", None),
    ],
)
def test_policies_are_of_the_role_behind_a_session(caller: str, role: str | None) -> None:
    assert role_of(caller) == role


def test_an_answer_that_is_not_by_resource_is_about_all_of_them() -> None:
    result = {"EvalActionName": "ec2:RunInstances", "EvalDecision": "implicitDeny", "MissingContextValues": ["ec2:Vpc"]}
    question = Question(actions=("ec2:RunInstances",), resources=("*",))
    assert list(simulated(Told("", result), ROLE, question)) == [
        Evaluation(action="ec2:RunInstances", resource="*", decision="implicitDeny", missing=("ec2:Vpc",))
    ]
