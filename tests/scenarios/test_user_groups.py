"""A plan names a user group: who is in it counts, and when nobody knows who is, the bot says so."""

from __future__ import annotations

from collections.abc import Callable

from infra.local.people import GROUPS
from infra.local.world import World
from tests.scenarios.story import Story

Begin = Callable[..., Story]
(APPROVERS,) = GROUPS


def known(world: World) -> bool:
    """Whether the finder has looked the group up."""
    found = world.stack.client("dynamodb").get_item(
        TableName=world.stack.resources.table_name,
        Key={"pk": {"S": f"GROUP#{APPROVERS.id}"}, "sk": {"S": "GROUP"}},
    )
    return "Item" in found


def test_members_of_a_group_approve_once_slack_has_said_who_they_are(story: Begin, world: World) -> None:
    world.slack.faults.rate_limit("usergroups.users.list", retry_after=1, times=1000)
    drill = story(waves=[["critical"], ["critical"]], access={"approvers": [APPROVERS.id]})
    drill.command("ada", "help")  # the first request of a world may find the function cold, and Slack waits 3 s
    drill.command("ada", f"drill {drill.plan.name}")
    assert "@dr-approvers could not be looked up" in drill.told("ada")
    world.slack.faults.clear()
    world.stack.wait_until(lambda: known(world), drill.patience)
    drill.start("ada")
    drill.until_asked(wave=2)
    assert "from @dr-approvers" in drill.lines("approval/2/1")
    drill.click("mallory", "approval/2/1", "approve")
    assert "These people may: @dr-approvers" in drill.told("mallory")
    drill.click("grace", "approval/2/1", "approve")
    ended = drill.until_ended()
    assert ended.outcome == "passed"
    assert ended.wave(2).rounds[0].given[0].by.groups == (APPROVERS.id,)
