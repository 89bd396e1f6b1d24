"""A plan that chooses its servers by their tags in DRS, and what becomes of Start when the tags change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.domain.states import DrillState
from infra.local import drs
from infra.local.drs import source_server_id
from infra.local.world import World
from tests.scenarios.story import Story, actions

Begin = Callable[..., Story]


def by_tags(story: Begin, system: str) -> Story:
    """Its first wave is whatever has the tag System, but for servers that are tagged never to be drilled."""
    wave = {
        "name": "Web",
        "select": {"tags": {"System": system, "Tier": ["app", "web"]}},
        "exclude": {"tags": {"Drill": "never"}},
    }
    return story(fields={"waves": [wave]})


def add(world: World, name: str, **tags: str) -> str:
    """One more server in DRS, or the same with other tags; its id."""
    server_id = source_server_id(name)
    world.seed_server(server_id, hostname=name, tags={"Name": name, **tags})
    return server_id


def names(drill: Story) -> list[str]:
    return [server.name for server in drill.drill.servers]


def test_what_has_the_tags_is_drilled_and_what_is_excluded_is_not(story: Begin, world: World) -> None:
    drill = by_tags(story, "shop")
    spare = add(world, "shop-spare", System="shop", Tier="web", Drill="never")
    stage = add(world, "shop-stage", System="stage", Tier="web")
    drill.propose("ada")
    drill.until_shown("card", "start")
    assert names(drill) == ["shop-app", "shop-web"]
    assert "▫️ 1 Web · 2 servers by System = shop, Tier = app or web" in drill.lines("card")
    drill.click("ada", "card", "start")
    assert drill.until_ended().outcome == "passed"
    launched = {each["sourceServerID"] for job in world_jobs(drill) for each in job["participatingServers"]}
    assert launched == {source_server_id("shop-app"), source_server_id("shop-web")}
    assert not launched & {spare, stage}


def world_jobs(drill: Story) -> list[dict[str, Any]]:
    """The launch jobs that DRS has for this drill."""
    return [job for job in drs.jobs(drill.world.account, drill.world.region) if job["jobID"] in drill.drill.job_ids]


def test_start_is_to_be_confirmed_when_other_servers_have_the_tags_by_then(story: Begin, world: World) -> None:
    drill = by_tags(story, "till")
    drill.ask("ada")
    add(world, "till-new", System="till", Tier="web")
    add(world, "till-app", System="till", Tier="retired")
    drill.click("ada", "card", "start")
    drill.until_shown("false_start/1")
    told = drill.lines("false_start/1")
    assert "Not started. @ada clicked Start" in told
    assert "• Wave 1 (Web): now also till-new; no longer till-app" in told
    drill.until(lambda now: now.state is DrillState.READY)
    drill.until_shown("card", "start")
    drill.until_shown("preflight/2")
    assert "Other servers than when Start was last clicked" in drill.lines("card")
    assert names(drill) == ["till-new", "till-web"]
    assert drill.drill.job_ids == frozenset()
    drill.click("linus", "card", "start")
    assert drill.until_ended().outcome == "passed"
    assert drill.drill.started_by is not None
    assert drill.drill.started_by.user_id == "U0LINUS001"
    kept = [record.event.type for record in world.store.records(drill.id)]
    assert kept[1:6] == [
        "preflight_completed",
        "drill_started",
        "servers_selected",
        "preflight_completed",
        "drill_started",
    ]


def test_tags_that_nobody_has_refuse_the_drill_with_what_to_do(story: Begin, world: World) -> None:
    drill = by_tags(story, "gone")
    for name in ("gone-app", "gone-web"):
        add(world, name)
    drill.propose("ada")
    assert drill.until_ended().outcome == "refused"
    assert "No source server is chosen for wave 1 (Web) by System = gone, Tier = app or web." in drill.lines("card")
    assert "Set the tags on the source servers in DRS" in drill.lines("preflight")


def test_a_start_whose_servers_cannot_be_looked_up_can_be_clicked_again(story: Begin, world: World) -> None:
    drill = by_tags(story, "desk")
    drill.ask("ada")
    world.faults.fail_call("DescribeSourceServers", error="AccessDeniedException")
    drill.click("ada", "card", "start")
    drill.until_shown("false_start/1")
    assert "could not be looked up in DRS" in drill.lines("false_start/1")
    drill.until_shown("card", "start")
    assert actions(drill.message("card")) == {"start", "withdraw"}
    drill.click("ada", "card", "start")
    assert drill.until_ended().outcome == "passed"
