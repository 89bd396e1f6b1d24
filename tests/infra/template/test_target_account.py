"""infra/target-account.yaml gives in another account what template.yaml gives in the bot's own, and to nobody else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cfnlint.api import lint_file  # type: ignore[import-untyped]  # cfn-lint ships no types
from cfnlint.config import ManualArgs  # type: ignore[import-untyped]  # cfn-lint ships no types
from samtranslator.yaml_helper import yaml_parse

from infra.local.aws.resources import TEMPLATE
from infra.local.aws.template import Json

TARGET = TEMPLATE.parent / "infra" / "target-account.yaml"
OWN_ROLE = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${RoleName}"}


@pytest.fixture(scope="module")
def target() -> Json:
    return yaml_parse(TARGET.read_text())


def statements(policy: Json) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = policy["Properties"]["PolicyDocument"]["Statement"]
    return found


def test_cfn_lint_finds_nothing() -> None:
    assert lint_file(Path(TARGET), ManualArgs(regions=["eu-west-1"])) == []


@pytest.mark.parametrize(("there", "here"), [("Launch", "LaunchInOwnAccount"), ("Verify", "VerifyInOwnAccount")])
def test_its_statements_are_those_of_the_bots_own_account(target: Json, resources: Json, there: str, here: str) -> None:
    own = json.loads(json.dumps(statements(resources[here])))
    for statement in own:
        if statement["Sid"] == "AskIam":
            statement["Resource"] = OWN_ROLE
    assert statements(target["Resources"][there]) == own


def test_only_the_executor_and_the_poller_may_take_the_role_and_only_with_the_external_id(target: Json) -> None:
    (trust,) = target["Resources"]["TargetRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"AWS": [{"Ref": "ExecutorRoleArn"}, {"Ref": "PollerRoleArn"}]}
    assert trust["Action"] == "sts:AssumeRole"
    assert trust["Condition"] == {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}}
    assert "Default" not in target["Parameters"]["ExternalId"], "there is none that everybody knows"


def test_its_name_is_one_that_the_bot_may_assume(target: Json) -> None:
    bot = yaml_parse(TEMPLATE.read_text())["Parameters"]["TargetRoleName"]["Default"]
    assert target["Parameters"]["RoleName"]["Default"].startswith(bot.rstrip("*"))


def test_it_sends_the_events_that_the_bots_rule_takes_and_the_bots_bus_lets_no_others_in(
    target: Json, resources: Json
) -> None:
    sent = target["Resources"]["DrsEvents"]["Properties"]["EventPattern"]
    assert sent == resources["DrsEvents"]["Properties"]["EventPattern"]
    door = resources["OthersMaySendEvents"]["Properties"]["Statement"]
    assert door["Principal"] == {"AWS": {"Ref": "TargetAccounts"}}
    assert door["Condition"] == {"StringEquals": {"events:source": "aws.drs"}}
    assert resources["OthersMaySendEvents"]["Condition"] == "HearsOthers"
