"""Warnings that must be waived, hours in which a plan may be drilled, and more findings than a message has room for."""

from __future__ import annotations

import csv
from collections.abc import Callable

from bot.domain.windows import DAYS
from infra.local.slack.records import StoredFile
from infra.local.world import World
from tests.scenarios.story import Story, actions

Begin = Callable[..., Story]
REASON = "The backlog is from the backup, over by six."


def lagging(story: Begin, servers: int = 1, **fields: object) -> Story:
    """A plan whose servers all replicate with a backlog."""
    drill = story(waves=[["critical"] * servers], fields=fields)
    for server_id in drill.plan.server_ids:
        drill.world.seed_server(server_id, replication_state="BACKLOG")
    return drill


def test_a_drill_with_warnings_is_started_once_an_operator_has_waived_them(story: Begin) -> None:
    drill = lagging(story, warnings="waive")
    drill.propose("ada")
    drill.until_shown("card", "waive")
    drill.until_shown("preflight")
    assert actions(drill.message("card")) == {"waive", "withdraw"}
    assert "1 warning must be waived before Start" in drill.lines("preflight")
    drill.click("grace", "card", "waive")
    assert "You may not waive warnings of this drill." in drill.told("grace")
    drill.write("linus", "card", "waive", REASON)
    drill.until_shown("card", "start")
    assert "1 warning (waived by @linus)" in drill.lines("card")
    drill.until(lambda _now: f"“{REASON}”" in drill.lines("preflight"))
    drill.click("ada", "card", "start")
    assert drill.until_ended().outcome == "passed"
    kept = [record.event.type for record in drill.world.store.records(drill.id)]
    assert kept[:4] == ["drill_proposed", "preflight_completed", "warnings_waived", "drill_started"]


def test_a_drill_out_of_hours_is_refused_with_the_next_opening(story: Begin, world: World) -> None:
    day = DAYS[(world.now().weekday() + 3) % 7]
    drill = story(fields={"allowed": [f"{day} 00:00-24:00 UTC"]})
    drill.propose("ada")
    assert drill.until_ended().outcome == "refused"
    assert f"may be drilled only {day} 00:00-24:00 UTC; it is" in drill.lines("card")
    assert f"Next open: {day.capitalize()} " in drill.lines("preflight")
    assert drill.jobs() == []


def shared(drill: Story) -> list[StoredFile]:
    """The drill's files that stand in a thread."""
    return [file for file in drill.world.slack.state.files.all() if drill.id in file.name and file.shared_in]


def test_findings_that_a_message_has_no_room_for_come_as_a_file_and_a_check_finds_the_same(story: Begin) -> None:
    drill = lagging(story, servers=6)
    drill.ask("ada")
    card = drill.message("card")
    drill.world.stack.wait_until(lambda: shared(drill) != [], drill.patience)
    (file,) = shared(drill)
    assert [drill.world.slack.state.messages.get(*where).thread_ts for where in file.shared_in] == [card.ts]
    found = list(csv.DictReader((file.body or b"").decode("utf-8-sig").splitlines()))
    assert [row["server id"] for row in found] == list(drill.plan.server_ids)
    assert {(row["severity"], row["check"]) for row in found} == {("warning", "replication")}
    first = drill.drill.preflight
    drill.click("ada", "card", "withdraw")
    drill.until_ended()
    known = {each.id for each in drill.world.drills()}
    drill.command("ada", f"check {drill.plan.name}")
    (drill.id,) = {each.id for each in drill.world.drills()} - known
    drill.until_shown("card", "start")
    assert first
    assert drill.drill.preflight
    assert drill.drill.preflight.findings == first.findings
