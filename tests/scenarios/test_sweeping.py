"""State is lost, and instances run on that no drill knows."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.states import DrillState
from infra.local import drs
from infra.local.world import World
from tests.scenarios.story import Story

Begin = Callable[..., Story]


def forget(world: World, drill: Story) -> None:
    """All that the table has of a drill, its locks too, is deleted."""
    table, client = world.stack.resources.table_name, world.stack.client("dynamodb")
    items = client.scan(TableName=table, ConsistentRead=True)["Items"]
    for item in items:
        if any(drill.id in str(value) for value in item.values()):
            client.delete_item(TableName=table, Key={"pk": item["pk"], "sk": item["sk"]})


def sweep(drill: Story, who: str = "ada") -> None:
    """Type the command, and take what it brings about for the story's drill."""
    known = {each.id for each in drill.world.drills()}
    drill.command(who, f"sweep {drill.plan.name}")
    fresh = [each.id for each in drill.world.drills() if each.id not in known]
    assert fresh, drill.told(who)
    drill.id = fresh[-1]


def test_instances_of_a_drill_that_was_lost_are_found_and_cleaned_up_at_a_click(story: Begin, world: World) -> None:
    drill = story(waves=[["critical", "critical"]], fields={"cleanup": {"when": "on-click"}})
    drill.start()
    drill.until(lambda now: now.state is DrillState.OPERATING)
    world.stack.wait_until(lambda: all(each.is_registered for each in drill.instances()), 20)
    world.stack.settle()
    forget(world, drill)
    assert len(drill.instances()) == 2
    sweep(drill)
    drill.until(lambda now: now.state is DrillState.READY)
    drill.until_shown("card", "start")
    assert "2 drill instances belong to no open drill" in drill.lines("card")
    drill.click("grace", "card", "start")
    assert "You may not start this drill." in drill.told("grace")
    assert len(drill.instances()) == 2
    drill.click("ada", "card", "start")
    ended = drill.until_ended()
    assert ended.outcome == "swept"
    assert drill.instances() == []


def _running(drill: Story) -> dict[str, str]:
    """The state of each instance: Systems Manager's agent may register meanwhile."""
    return {instance.id: instance.state for instance in drill.instances()}


def test_what_a_drill_under_way_has_launched_is_left_alone(story: Begin) -> None:
    drill = story(fields={"cleanup": {"when": "on-click"}})
    drill.start()
    drill.until(lambda now: now.state is DrillState.OPERATING)
    running, first = _running(drill), drill.id
    sweep(drill)
    assert drill.until_ended().outcome == "swept"
    assert "Nothing is left over" in drill.lines("card")
    assert _running(drill) == running
    drill.id = first
    drill.until_shown("operation", "clean_up")
    drill.click("ada", "operation", "clean_up")
    drill.until_ended()


def test_only_those_who_may_drill_a_plan_may_sweep(story: Begin) -> None:
    drill = story()
    drill.command("mallory", f"sweep {drill.plan.name}")
    assert "You may not" in drill.told("mallory")


def test_a_sweep_that_cannot_look_says_why(story: Begin, world: World) -> None:
    drill = story()
    world.faults.fail_call("DescribeRecoveryInstances", error="AccessDeniedException", times=None)
    sweep(drill)
    assert drill.until_ended().outcome == "refused"
    assert "AccessDenied" in drill.lines("card")
    assert drs.jobs(world.account, world.region) is not None
