"""A whole drill of the bot as it is deployed: by `sam deploy`, into a local AWS that enforces each function's role.

`make deployed-test` runs it: it takes some minutes, as time here is wall time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.drill import Drill
from bot.domain.states import DrillState, Outcome, WaveState
from infra.local import drs
from infra.local.deployed import STACK, DeployedWorld
from infra.local.slack.client import Person
from infra.local.slack.records import Message
from tests.scenarios.pace import QUICK
from tests.scenarios.written_plans import CHANNEL, write_plan

PLAN = "deployed"
PATIENCE = 300.0
"""Seconds for any one thing: the schedule fires once a minute, and a function starts anew each time."""
ACK_SECONDS = 30.0
"""Slack's three seconds are not what is tested here: this AWS starts a new process for each invocation."""
FUNCTIONS = ("slack-events", "executor", "notifier", "finder", "poller")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedWorld]:
    plans = tmp_path_factory.mktemp("plans")
    write_plan(plans, PLAN, {"waves": [["critical"], ["critical"]]})
    with DeployedWorld(plans=plans) as deployed:
        drs.configure(deployed.account, deployed.region, drs.Settings(pace=QUICK))
        yield deployed


def person(world: DeployedWorld, name: str) -> Person:
    return replace(world.person(name), ack_seconds=ACK_SECONDS)


def until(world: DeployedWorld, holds: Callable[[], Any]) -> Any:
    give_up = time.monotonic() + PATIENCE
    while not (found := holds()):
        if time.monotonic() > give_up:
            logs = "\n".join(f"== {name}\n{world.stack.log(name)[-1500:]}" for name in FUNCTIONS)
            raise AssertionError(f"it never came: {world.drills()[-1:]}\n{logs}")
        time.sleep(0.5)
    return found


def shown(world: DeployedWorld, action: str) -> Message | None:
    """The newest message that offers something."""
    for message in reversed(world.slack.state.messages.in_channel(world.slack.state.channel(CHANNEL).id)):
        for block in message.content.blocks:
            if any(element.get("action_id") == action for element in block.get("elements", ())):
                return message
    return None


def waits_for_approval(world: DeployedWorld) -> bool:
    return newest(world).wave(2).state is WaveState.AWAITING_APPROVAL


def newest(world: DeployedWorld) -> Drill:
    return world.drills()[-1]


def test_a_drill_is_run_from_the_command_to_the_last_terminated_instance(world: DeployedWorld) -> None:
    assert "Successfully created/updated stack" in world.sam
    begun = time.monotonic()
    assert person(world, "ada").command("/drs", f"drill {PLAN}", channel=CHANNEL).status == 200
    person(world, "ada").click(until(world, lambda: shown(world, "start")), "start")
    until(world, lambda: waits_for_approval(world))
    person(world, "grace").click(until(world, lambda: shown(world, "approve")), "approve")
    until(world, lambda: newest(world).state is DrillState.ENDED)
    ended = until(world, lambda: (drill := newest(world)).report and drill.report.newest and drill)
    assert ended.outcome in {Outcome.PASSED, Outcome.PASSED_WITH_FINDINGS}
    assert world.running_instances() == []
    assert time.monotonic() - begun < 360
    denied = [line for name in FUNCTIONS for line in world.stack.log(name).splitlines() if "AccessDenied" in line]
    assert denied == []


def test_a_right_that_is_taken_from_a_role_is_denied_for_real(world: DeployedWorld) -> None:
    iam = world.stack.client("iam")
    (role,) = [
        each["RoleName"]
        for page in iam.get_paginator("list_roles").paginate()
        for each in page["Roles"]
        if each["RoleName"].startswith(f"{STACK}-SlackEventsRole")
    ]
    taken = {"Effect": "Deny", "Action": "dynamodb:Query", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [taken]})
    iam.put_role_policy(RoleName=role, PolicyName="taken", PolicyDocument=document)
    try:
        person(world, "ada").command("/drs", "status", channel=CHANNEL)
        until(world, lambda: "AccessDenied" in world.stack.log("slack-events"))
    finally:
        iam.delete_role_policy(RoleName=role, PolicyName="taken")
