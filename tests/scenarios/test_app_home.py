"""The App Home through the real functions: opened, kept up to date, and used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from infra.local.slack.client import Person
from infra.local.world import World
from tests.scenarios.story import Story

Begin = Callable[..., Story]


def home(world: World, who: str) -> str:
    """All that somebody's Home says."""
    view = world.slack.state.views.home(world.person(who).user.id)
    return "\n".join(_texts(view.definition["blocks"])) if view else ""


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if isinstance(value.get("text"), str) else []
    return own + [text for item in value.values() for text in _texts(item)]


def opened(world: World, who: str) -> Person:
    person = world.person(who)
    person.open_home()
    world.stack.wait_until(lambda: home(world, who), 20)
    return person


def test_a_home_follows_the_drill_and_an_approval_there_launches_the_wave(story: Begin, world: World) -> None:
    drill = story(waves=[["critical"], ["critical"]])
    grace = opened(world, "grace")
    opened(world, "mallory")
    drill.start()
    world.stack.wait_until(lambda: f"{drill.id}" in home(world, "grace"), 20)
    drill.until_asked(wave=2)
    world.stack.wait_until(lambda: "Waiting for you" in home(world, "grace"), 20)
    assert "Waiting for you" not in home(world, "mallory")
    grace.click_in_view("approve", in_home=True)
    assert drill.until_ended().outcome == "passed"
    world.stack.wait_until(lambda: drill.id not in home(world, "grace") + home(world, "mallory"), 20)
    assert "Waiting for you" not in home(world, "grace")


def test_a_home_that_was_opened_while_slack_was_down_is_shown_later(world: World) -> None:
    world.slack.faults.down()
    ada = world.person("ada")
    ada.open_home()
    world.stack.wait_until(lambda: "Slack did not take" in world.stack.log("notifier"), 20)
    assert home(world, "ada") == ""
    world.slack.faults.clear()
    world.stack.wait_until(lambda: "Disaster recovery drills" in home(world, "ada"), 20)
