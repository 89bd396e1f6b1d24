"""One bot, several accounts and Regions: each by its own role, at the same time, and nobody's trouble is another's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from samtranslator.yaml_helper import yaml_parse

from bot.domain.states import DrillState
from infra.local import drs
from infra.local.world import PROJECT, World
from tests.scenarios.pace import QUICK
from tests.scenarios.story import Story

Begin = Callable[..., Story]
THERE = ("444455556666", "eu-central-1")
EXTERNAL_ID = "known-to-plans"
ELSEWHERE = ("777788889999", "us-east-2")


def target(account: str, region: str) -> dict[str, str]:
    role = f"arn:aws:iam::{account}:role/drs-drill-bot-target"
    return {"account_id": account, "region": region, "role_arn": role, "external_id": EXTERNAL_ID}


def give_role(world: World, account: str, region: str) -> None:
    """Deploy infra/target-account.yaml there, as its owner would."""
    endpoint = world.stack.client("cloudformation").meta.endpoint_url
    owner: Any = boto3.Session(aws_access_key_id=account, aws_secret_access_key="local", region_name=region)
    formation = owner.client("cloudformation", endpoint_url=endpoint)
    if formation.list_stacks()["StackSummaries"]:
        return
    bots = {f"{name}RoleArn": f"arn:aws:iam::{world.account}:role/{name}" for name in ("Executor", "Poller")}
    formation.create_stack(
        StackName="drs-drill-bot-target",
        TemplateBody=json.dumps(yaml_parse((PROJECT / "infra" / "target-account.yaml").read_text())),
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value}
            for name, value in {**bots, "ExternalId": EXTERNAL_ID}.items()
        ],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    formation.get_waiter("stack_create_complete").wait(
        StackName="drs-drill-bot-target", WaiterConfig={"Delay": 1, "MaxAttempts": 20}
    )


@pytest.fixture
def places(world: World) -> Iterator[World]:
    for place in (THERE, ELSEWHERE):
        drs.start_afresh(*place)
        drs.configure(*place, drs.Settings(pace=QUICK))
        give_role(world, *place)
    yield world
    for place in (THERE, ELSEWHERE):
        calls = drs.recorded_calls(*place)
        assert [call.parameters["isDrill"] for call in calls if call.operation == "StartRecovery"] == [True]


def test_drills_of_three_accounts_and_regions_run_side_by_side(story: Begin, places: World) -> None:
    drills = [story(), *(story(fields={"target": target(*place)}) for place in (THERE, ELSEWHERE))]
    for drill in drills:
        drill.ask()
    for drill in drills:
        drill.click("ada", "card", "start")
    for drill in drills:
        assert drill.until_ended().outcome == "passed"
    launched = {
        place: {server["sourceServerID"] for job in drs.jobs(*place) for server in job["participatingServers"]}
        for place in ((places.account, places.region), THERE, ELSEWHERE)
    }
    for drill, place in zip(drills, launched, strict=True):
        assert launched[place] >= set(drill.plan.server_ids)
        others = set().union(*(launched[other] for other in launched if other != place))
        assert not others & set(drill.plan.server_ids)
    assert not any(drs.running_instances(*place) for place in launched)


def test_an_account_whose_drs_does_not_answer_holds_up_no_other(story: Begin, places: World) -> None:
    lame, well = (story(fields={"target": target(*place)}) for place in (THERE, ELSEWHERE))
    for drill in (lame, well):
        drill.ask()
    for drill in (lame, well):
        drill.click("ada", "card", "start")
    lame.until(lambda drill: bool(drill.followed_jobs))
    drs.faults(*THERE).fail_call("DescribeJobs", error="ThrottlingException", times=None)
    assert well.until_ended().outcome == "passed"
    assert lame.drill.state is DrillState.RUNNING
    drs.faults(*THERE).clear()
    assert lame.until_ended().outcome == "passed"
    assert places.stack.dead_letters() == []
