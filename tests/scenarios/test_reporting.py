"""Every drill that ends leaves its evidence: in the bucket, in the thread, and so that a change to it shows."""

from __future__ import annotations

import json
from collections.abc import Callable

from bot.domain.drill import Drill
from bot.domain.evidence import Evidence
from infra.local.evidence import proving_of, shelf_of
from infra.local.world import World
from tests.scenarios.story import Story

Begin = Callable[..., Story]


def has_report(drill: Drill) -> bool:
    return bool(drill.report and drill.report.kept and not drill.report.is_being_made)


def evidence_of(world: World, drill: Drill) -> Evidence:
    assert drill.report
    assert drill.report.newest
    return Evidence.model_validate_json(shelf_of(world).get(f"{drill.report.newest.place}evidence.json"))


def test_a_drill_that_passed_is_evidenced_signed_off_and_verified(story: Begin, world: World) -> None:
    drill = story(waves=[["critical"], ["critical"]])
    drill.start()
    drill.until_asked(wave=2)
    drill.approve("grace", 2)
    assert drill.until_ended().outcome == "passed"
    drill.until(has_report)
    drill.until_shown("report", "sign_off")
    names = [file.name for file in world.slack.state.files.all() if file.name.startswith(drill.id)]
    assert names == [f"{drill.id}-timeline.png", f"{drill.id}-report.pdf"]
    assert proving_of(world).drill(drill.id).flaws == ()
    made = evidence_of(world, drill.drill)
    assert [person.user_id for person in made.participants] == ["U0ADA00001", "U0GRACE001"]
    assert all(person.name for person in made.participants)
    assert made.verdict.instances_left == 0
    assert all(server.age is not None for wave in made.waves for server in wave.servers)
    anchors = shelf_of(world).keys(f"{drill.plan.name}/{drill.id}/anchors/")
    assert len(anchors) >= 2
    drill.click("grace", "report", "sign_off")
    drill.submit("grace", {"words": "Seen, and accepted."})
    drill.until(lambda now: bool(now.signoffs) and has_report(now))
    signed = evidence_of(world, drill.drill)
    assert [(each.by.user_id, each.comment) for each in signed.sign_offs] == [("U0GRACE001", "Seen, and accepted.")]
    assert proving_of(world).drill(drill.id).flaws == ()


def test_a_drill_that_was_refused_keeps_its_evidence_and_shows_it_to_who_asks(story: Begin, world: World) -> None:
    drill = story(waves=[["critical"]])
    drill.ask("ada")
    drill.click("ada", "card", "withdraw")
    drill.until(has_report)
    assert evidence_of(world, drill.drill).verdict.outcome == "withdrawn"
    assert drill.find("report") is None
    drill.command("linus", f"report {drill.id}")
    drill.until(lambda now: bool(now.report and len(now.report.kept) == 2))
    drill.until_shown("report", "report")


def test_what_somebody_changes_in_the_table_shows(story: Begin, world: World) -> None:
    drill = story(waves=[["critical"]])
    drill.ask("ada")
    drill.click("ada", "card", "withdraw")
    drill.until(has_report)
    table, name = world.stack.client("dynamodb"), world.stack.resources.table_name
    key = {"pk": {"S": f"DRILL#{drill.id}"}, "sk": {"S": "EVENT#0000000002"}}
    body = json.loads(table.get_item(TableName=name, Key=key)["Item"]["body"]["S"])
    body["at"] = "2026-01-01T00:00:00Z"
    table.update_item(
        TableName=name,
        Key=key,
        UpdateExpression="SET body = :body",
        ExpressionAttributeValues={":body": {"S": json.dumps(body)}},
    )
    flaws = "\n".join(map(str, proving_of(world).drill(drill.id).flaws))
    assert "event 2 (preflight_completed): its content is not what its hash was made of" in flaws
