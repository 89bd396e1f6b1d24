"""The App Home through the real functions: opened, kept up to date, and used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.plan import Plan
from bot.views.action_ids import PROPOSE, ButtonValue, PlanValue
from infra.local.slack.client import Person
from infra.local.slack.delivery import JSON
from infra.local.slack.interactive import NotPossible
from infra.local.world import World
from tests.scenarios.story import Story
from tests.scenarios.written_plans import ADA, GRACE, LINUS, MALLORY

Begin = Callable[..., Story]
PATIENCE = 40.0
"""Seconds of wall time after which what a Home is to show is taken not to come."""
TWO_WAVES = [["critical"], ["critical"]]


def blocks(world: World, who: str) -> list[dict[str, Any]]:
    view = world.slack.state.views.home(world.person(who).user.id)
    found: list[dict[str, Any]] = view.definition["blocks"] if view else []
    return found


def home(world: World, who: str) -> str:
    """All that somebody's Home says."""
    return "\n".join(_texts(blocks(world, who)))


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if isinstance(value.get("text"), str) else []
    return own + [text for item in value.values() for text in _texts(item)]


def about(world: World, who: str, plan: Plan) -> str:
    """What somebody's Home says of a plan."""
    found = [text for text in _texts(blocks(world, who)) if text.startswith(f"*{plan.title}*\n")]
    return "\n".join(found)


def buttons(world: World, who: str) -> set[tuple[str, str]]:
    """The buttons on somebody's Home: action and value."""
    shown = blocks(world, who)
    rows = [element for block in shown for element in block.get("elements", [])]
    offered = [*rows, *(block["accessory"] for block in shown if "accessory" in block)]
    return {(element["action_id"], element["value"]) for element in offered if element["type"] == "button"}


def until(world: World, holds: Callable[[], object], who: str = "ada") -> None:
    try:
        world.stack.wait_until(lambda: bool(holds()), PATIENCE)
    except TimeoutError as late:
        log = world.stack.log("notifier")[-1500:]
        raise AssertionError(f"it never came; {who}'s Home:\n{home(world, who)}\n{log}") from late


def opened(world: World, who: str) -> Person:
    """Somebody opens their Home, and it is shown as it is now."""
    person, before = world.person(who), len(world.slack.calls("views.publish"))
    assert person.open_home().status == 200
    until(world, lambda: home(world, who) and not waiting(world, who), who)
    assert len(world.slack.calls("views.publish")) >= before
    return person


def waiting(world: World, who: str) -> bool:
    """Whether somebody's Home is still to be drawn."""
    return any(due.drill_id == f"home/{world.person(who).user.id}" for due in world.store.unfinished())


def viewers(world: World) -> set[str]:
    """Whom the bot knows to have opened their Home."""
    items = world.stack.client("dynamodb").query(
        TableName=world.stack.resources.table_name,
        KeyConditionExpression="pk = :homes",
        ExpressionAttributeValues={":homes": {"S": "HOMES"}},
    )["Items"]
    return {item["sk"]["S"].removeprefix("VIEWER#") for item in items}


def approval(drill: Story, wave: int) -> str:
    return ButtonValue(drill=drill.id, wave=wave, round=1).encode()


def test_a_home_that_was_opened_shows_the_plans_and_what_one_may_do(story: Begin, world: World) -> None:
    plan = story().plan
    opened(world, "ada")
    assert "🧪 Disaster recovery drills" in home(world, "ada")
    assert "You may run it." in about(world, "ada", plan)
    assert (PROPOSE, PlanValue(plan=plan.name).encode()) in buttons(world, "ada")


def test_a_home_follows_the_drill_and_an_approval_there_launches_the_wave(story: Begin, world: World) -> None:
    drill = story(waves=TWO_WAVES)
    grace = opened(world, "grace")
    opened(world, "mallory")
    drill.start()
    until(world, lambda: drill.id in home(world, "grace"), "grace")
    drill.until_asked(wave=2)
    until(world, lambda: ("approve", approval(drill, 2)) in buttons(world, "grace"), "grace")
    assert "Waiting for you" in home(world, "grace")
    grace.click_in_view("approve", approval(drill, 2), in_home=True)
    assert drill.until_ended().outcome == "passed"
    until(world, lambda: drill.id not in home(world, "grace") + home(world, "mallory"), "grace")
    assert "Waiting for you" not in home(world, "grace")


def test_a_whole_drill_is_run_from_the_home(story: Begin, world: World) -> None:
    drill = story()
    ada = opened(world, "ada")
    known = {each.id for each in world.drills()}
    ada.click_in_view(PROPOSE, PlanValue(plan=drill.plan.name).encode(), in_home=True)
    (drill.id,) = {each.id for each in world.drills()} - known
    start = ButtonValue(drill=drill.id).encode()
    until(world, lambda: ("start", start) in buttons(world, "ada"))
    ada.click_in_view("start", start, in_home=True)
    until(world, lambda: (PROPOSE, PlanValue(plan=drill.plan.name).encode()) not in buttons(world, "ada"))
    assert drill.until_ended().outcome == "passed"
    assert drill.topics()[0] == "card"


def test_nobody_is_offered_to_approve_the_drill_they_asked_for(story: Begin, world: World) -> None:
    drill = story(waves=TWO_WAVES, access={"operators": [ADA, LINUS], "approvers": [ADA, GRACE, LINUS]})
    for who in ("ada", "grace"):
        opened(world, who)
    drill.start("ada")
    drill.until_asked(wave=2)
    until(world, lambda: ("approve", approval(drill, 2)) in buttons(world, "grace"), "grace")
    until(world, lambda: "Waiting for approval of wave 2 of 2 (Wave 2)\n<@" in home(world, "ada"))
    assert "approve" not in {action for action, _ in buttons(world, "ada")}
    drill.click("ada", "card", "abort")
    drill.until_ended()


def test_an_outsider_sees_what_there_is_and_no_button(story: Begin, world: World) -> None:
    drill = story()
    drill.ask()
    opened(world, "mallory")
    assert drill.id in home(world, "mallory")
    assert "Ready to start" in home(world, "mallory")
    assert "You have no part in it." in about(world, "mallory", drill.plan)
    assert buttons(world, "mallory") == set()
    with pytest.raises(NotPossible):
        world.person("mallory").click_in_view("start", in_home=True)
    drill.click("ada", "card", "withdraw")
    drill.until_ended()


def test_a_plan_that_is_overdue_stands_out_until_a_drill_of_it_has_passed(story: Begin, world: World) -> None:
    drill = story(fields={"drill_every": "90d"})
    opened(world, "ada")
    assert "🔴 *Overdue*: no drill has passed yet, due every 90d." in about(world, "ada", drill.plan)
    assert "overdue" in home(world, "ada")
    drill.start()
    assert drill.until_ended().outcome == "passed"
    until(world, lambda: "due again in 89 days (every 90d)" in about(world, "ada", drill.plan))
    told = about(world, "ada", drill.plan)
    assert "✅ Passed. ⏱️ Recovered in *" in told
    assert "objective 2h met" in told
    assert "🔴" not in told


def test_a_click_that_comes_too_late_is_answered_on_the_home(story: Begin, world: World) -> None:
    drill = story(waves=TWO_WAVES)
    drill.start()
    drill.until_asked(wave=2)
    grace, stale = opened(world, "grace"), approval(drill, 2)
    world.slack.faults.rate_limit("views.publish", times=None)
    drill.approve("linus", wave=2)
    grace.click_in_view("approve", stale, in_home=True)
    world.slack.faults.clear()
    until(world, lambda: "⚠️ Already approved by <@U0LINUS001>" in home(world, "grace"), "grace")
    assert ("approve", stale) not in buttons(world, "grace")
    drill.until_ended()


def test_a_home_that_was_opened_while_slack_was_down_is_shown_later(world: World) -> None:
    world.slack.faults.down()
    linus = world.person("linus")
    linus.open_home()
    until(world, lambda: "Slack did not take" in world.stack.log("notifier"), "linus")
    assert home(world, "linus") == ""
    world.slack.faults.clear()
    until(world, lambda: "Disaster recovery drills" in home(world, "linus"), "linus")


def test_an_event_that_slack_did_not_sign_changes_nothing(world: World) -> None:
    sent = world.person("mallory").open_home().request
    assert sent
    body = sent.body.replace(MALLORY.encode(), b"U0FORGED01")
    forger = world.person("mallory").tampered(secret="guessed", body=body, content_type=JSON)
    assert forger.open_home().status == 401
    assert "U0FORGED01" not in viewers(world)
    world.stack.settle()
    published = [call.arguments["user_id"] for call in world.slack.calls("views.publish")]
    assert "U0FORGED01" not in published


def test_people_of_another_workspace_have_no_home_here(world: World) -> None:
    sent = world.person("ada").open_home().request
    assert sent
    foreign = sent.body.replace(b"T0LOCALDR", b"T0ELSEWHERE").replace(ADA.encode(), b"U0FOREIGN1")
    assert world.person("ada").tampered(body=foreign, content_type=JSON).open_home().status == 200
    assert "U0FOREIGN1" not in viewers(world)
