"""Each function under its own role: what is granted is enough, is used, and is missed where it is taken away."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from infra.local.world import World
from tests.scenarios.story import PATIENCE, Story
from tests.scenarios.test_verifying import COMMAND, PAGE, PORT, RUNBOOK

Begin = Callable[..., Story]
OF_LAMBDA = {
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
    "logs:CreateLogStream",
    "logs:PutLogEvents",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
}
"""What Lambda itself does with a function's role: reads stream and queue, and writes log and traces."""
NOT_IN_THIS_STORY = {
    "executor": {
        "drs:CreateRecoveryInstanceForDrs": "DRS does it with the caller's rights while it launches",
        "drs:ListTagsForResource": "DRS does it with the caller's rights while it launches and terminates",
        "drs:DescribeJobLogItems": "asked once more before a launch is called too slow",
        "drs:DescribeRecoverySnapshots": "a drill from snapshots that exist",
        "servicequotas:ListAWSDefaultServiceQuotas": "quotas that the account's own list leaves out",
        "iam:SimulatePrincipalPolicy": "the local account's caller is its root, of whom IAM is not asked",
        "sqs:SendMessage": "Lambda puts batches there that it gives up",
        "sts:AssumeRole": "servers of other accounts: tests/contract/drs/test_drs_roles.py",
        "ssm:ListCommands": "looks for a command whose answer was lost",
        "dynamodb:UpdateItem": "work that is tried again later",
    },
    "notifier": {
        "dynamodb:UpdateItem": "Slack did not answer, and what was to be said waits",
        "sqs:SendMessage": "Lambda puts batches there that it gives up",
    },
    "poller": {
        "sts:AssumeRole": "servers of other accounts",
        "dynamodb:GetItem": "what it has seen ends the drill, which gives its locks back",
    },
    "finder": {
        "dynamodb:PutItem": "wakes a Slack lane that was forgotten",
        "dynamodb:GetItem": "a plan with user groups",
        "secretsmanager:GetSecretValue": "a plan with user groups, about which Slack is asked",
    },
    "slack_events": {"dynamodb:UpdateItem": "somebody opens their App Home"},
}
WITH_EVERYTHING = {"checks": [{"status": "ok"}, PORT, PAGE, COMMAND, RUNBOOK]}
FUNCTIONS = ("slack_events", "executor", "notifier", "finder", "poller")


def test_whatever_is_granted_is_used_or_has_its_reason(story: Begin, world: World) -> None:
    drill = story(waves=[["critical", "critical"], ["critical"]], fields=WITH_EVERYTHING)
    drill.start()
    drill.approve("grace", 2)
    assert drill.until_ended().outcome == "passed"
    world.stack.wait_until(lambda: not any(unexplained(world).values()) or files(drill), PATIENCE)
    assert unexplained(world) == {function: set() for function in FUNCTIONS}


def unexplained(world: World) -> dict[str, set[str]]:
    """By function, what is granted, was not used so far, and has no reason here. What DRS does in EC2 is its own."""
    used = world.stack.used_actions()
    found = {}
    for function in FUNCTIONS:
        granted = {each for each in world.stack.rights(function).granted if each.split(":")[0] not in {"ec2", "kms"}}
        own = granted - OF_LAMBDA - {"iam:PassRole"} - set(NOT_IN_THIS_STORY[function])
        found[function] = own - {action for name, action in used if name == function}
    return found


def files(drill: Story) -> bool:
    """Whether the report is in the thread, which is the last thing that is done."""
    return drill.find("report/1") is not None


@pytest.fixture
def taken(world: World) -> Iterator[Callable[..., None]]:
    """Takes actions away from every function, until the test ends."""
    yield world.stack.take_away
    world.stack.take_away()


@pytest.mark.parametrize(
    "action",
    [
        "drs:DescribeSourceServers",
        "drs:DescribeRecoveryInstances",
        "drs:DescribeJobs",
        "drs:GetLaunchConfiguration",
    ],
)
def test_a_right_to_look_that_is_missing_is_told_before_start(
    story: Begin, taken: Callable[..., None], action: str
) -> None:
    taken(action)
    drill = story()
    drill.propose()
    drill.until(lambda now: now.preflight is not None)
    drill.until_shown("card")
    drill.until(lambda _now: action.removeprefix("drs:") in drill.lines("card"))
    assert "AccessDenied" in drill.lines("card")


def test_a_right_to_see_snapshots_that_is_missing_is_told_where_one_is_to_be_launched(
    story: Begin, taken: Callable[..., None]
) -> None:
    taken("drs:DescribeRecoverySnapshots")
    drill = story()
    drill.pick("ada", point="newest")
    drill.until(lambda now: now.preflight is not None)
    drill.until_shown("card")
    drill.until(lambda _now: "DescribeRecoverySnapshots" in drill.lines("card"))


def test_a_right_to_launch_that_is_missing_holds_the_drill_and_names_it(
    story: Begin, taken: Callable[..., None]
) -> None:
    for action in ("drs:StartRecovery", "drs:TagResource"):
        taken(action)
        drill = story()
        drill.start()
        held = drill.until_held()
        assert held.wave(1).launches[0].job_id is None
        assert action in drill.lines("hold/1")


def test_without_the_right_to_read_logs_a_wave_is_followed_all_the_same(
    story: Begin, taken: Callable[..., None]
) -> None:
    taken("drs:DescribeJobLogItems")
    drill = story()
    drill.start()
    assert drill.until_ended().outcome == "passed"


def test_a_right_to_terminate_that_is_missing_is_told_and_the_instances_go_once_it_is_there(
    story: Begin, taken: Callable[..., None], world: World
) -> None:
    taken("drs:TerminateRecoveryInstances")
    drill = story()
    drill.start()
    drill.until(lambda _now: any("drs:TerminateRecoveryInstances" in line for line in drill.thread()))
    assert world.running_instances()
    taken()
    assert drill.until_ended().outcome == "passed"
    assert not world.running_instances()
