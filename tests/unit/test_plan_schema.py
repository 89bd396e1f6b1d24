from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from bot.adapters.plan_schema import plan_schema, schema_at

PLANS = Path(__file__).resolve().parents[2] / "plans"
SHIPPED = sorted(PLANS.glob("*.yaml"))
FIRST_LINE = "# yaml-language-server: $schema=./plan.schema.json"


@pytest.fixture(scope="module")
def editor() -> Draft7Validator:
    """What an editor makes of the committed schema."""
    return Draft7Validator(json.loads((PLANS / "plan.schema.json").read_text(encoding="utf-8")))


def payments() -> Any:
    return yaml.safe_load((PLANS / "payments.yaml").read_text(encoding="utf-8"))


def test_the_schema_is_a_schema() -> None:
    Draft7Validator.check_schema(plan_schema())


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_plan_names_the_schema_and_passes_it(editor: Draft7Validator, file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.splitlines()[0] == FIRST_LINE
    assert list(editor.iter_errors(yaml.safe_load(text))) == []


REFUSED: dict[str, tuple[tuple[str | int, ...], Any]] = {
    # what is wrong: (where, the value that is put there)
    "other version": (("version",), 2),
    "version as a text": (("version",), "1"),
    "unknown key": (("colour",), "red"),
    "unknown key of a server": (("waves", 0, "servers", 0, "impakt"), "optional"),
    "malformed name": (("name",), "Payments"),
    "blank title": (("title",), " "),
    "title of two lines": (("title",), "one\ntwo"),
    "long description": (("description",), "x" * 1_001),
    "channel by its name": (("channel",), "#drills"),
    "no objective": (("objectives",), {"rto": "1h"}),
    "zero length of time": (("objectives", "rto"), "0m"),
    "ISO 8601 length of time": (("objectives", "rto"), "PT1H"),
    "number for a length of time": (("objectives", "rpo"), 15),
    "hours without a zone": (("allowed",), ["weekdays 08:00-18:00"]),
    "freeze on no day": (("freeze",), [{"from": "15.12.2026", "to": "2026-12-31", "why": "year end"}]),
    "freeze without a reason": (("freeze",), [{"from": "2026-12-15", "to": "2026-12-31"}]),
    "warnings that are hidden": (("warnings",), "hide"),
    "no operators": (("access", "operators"), []),
    "person named twice": (("access", "approvers"), ["U0ADA00001", "U0ADA00001"]),
    "no approvals": (("access", "minimum_approvals"), 0),
    "yes for true": (("access", "four_eyes"), "yes"),
    "key without value": (("target",), None),
    "region by its label": (("target",), {"account_id": "123456789012", "region": "Ireland"}),
    "account id as a number": (("target",), {"account_id": 123456789012, "region": "eu-west-1"}),
    "no waves": (("waves",), []),
    "21 waves": (("waves",), [{"name": str(n), "servers": [{"id": f"s-{n:017x}"}]} for n in range(21)]),
    "wave without servers": (("waves", 0, "servers"), []),
    "bare server id": (("waves", 0, "servers", 0), "s-3c1730a9e0771ea14"),
    "malformed server id": (("waves", 0, "servers", 0, "id"), "s-123"),
    "unknown impact": (("waves", 0, "servers", 0, "impact"), "high"),
    "unknown approval": (("waves", 0, "approval"), "maybe"),
    "no tags to select by": (("waves", 0, "select"), {"tags": {}}),
    "empty list of tag values": (("waves", 0, "select"), {"tags": {"Tier": []}}),
    "check of two things": (("checks",), [{"tcp": 22, "manual": "It works"}]),
    "check of nothing": (("waves", 0, "checks"), [{"within": "5m"}]),
    "port that there is not": (("checks",), [{"tcp": 70_000}]),
    "address without a scheme": (("checks",), [{"http": {"url": "pay.example.com/health"}}]),
    "unknown cleanup": (("cleanup",), {"when": "never"}),
}


@pytest.mark.parametrize(("place", "value"), REFUSED.values(), ids=REFUSED)
def test_an_editor_underlines_what_the_bot_refuses(
    editor: Draft7Validator, place: tuple[str | int, ...], value: object
) -> None:
    plan = payments()
    holder = plan
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value
    # Draft 7 tells an unknown or missing key at the group that it is in.
    assert any(tuple(error.absolute_path)[: len(place)] in (place, place[:-1]) for error in editor.iter_errors(plan))


@pytest.mark.parametrize("key", sorted(plan_schema()["required"]))
def test_an_editor_misses_each_required_key(editor: Draft7Validator, key: str) -> None:
    plan = payments()
    del plan[key]
    assert [error.message for error in editor.iter_errors(plan)] == [f"'{key}' is a required property"]


def every_field(schema: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    for key, field in schema.get("properties", {}).items():
        yield f"{prefix}{key}", field
        yield from every_field(field, f"{prefix}{key}.")
        yield from every_field(field.get("items", {}), f"{prefix}{key}[].")


def test_every_key_is_described_and_every_group_is_closed() -> None:
    fields = dict(every_field(plan_schema()))
    assert len(fields) == 116
    assert [key for key, field in fields.items() if not field.get("description")] == []
    assert [key for key, field in fields.items() if "properties" in field and field["additionalProperties"]] == []


CHECKS = {
    "": [],
    "[].http.status": 200,
    "[].command.document": "AWS-RunShellScript",
    "[].command.parameters": {},
    "[].automation.parameters": {},
    "[].via": "instance",
    "[].servers": [],
    "[].impact": "critical",
    "[].within": "30m",
}
"""Of the checks, for which there are two places."""


def test_defaults_are_written_as_an_author_would() -> None:
    defaults = {key: field["default"] for key, field in every_field(plan_schema()) if "default" in field}
    assert defaults == {
        "launch_point": "fresh",
        "warnings": "tell",
        "allowed": [],
        "freeze": [],
        "access.approvers": [],
        "access.minimum_approvals": 1,
        "access.four_eyes": True,
        "access.separation_of_duties": False,
        "access.break_glass": [],
        "access.approval_timeout": "4h",
        "waves[].servers": [],
        "waves[].servers[].impact": "critical",
        "waves[].select.impact": "critical",
        "waves[].exclude.servers": [],
        "waves[].launch_timeout": "1h",
        "waves[].attempts": 3,
        "cleanup": {"when": "at-once", "remind_every": "4h", "check_every": "15m"},
        "cleanup.when": "at-once",
        "cleanup.remind_every": "4h",
        "cleanup.check_every": "15m",
        "waves[].before": [],
        "waves[].before[].parameters": {},
        **{f"{prefix}{key}": value for prefix in ("checks", "waves[].checks") for key, value in CHECKS.items()},
    }


def test_every_example_passes_its_own_field() -> None:
    examples = [(field, example) for _, field in every_field(plan_schema()) for example in field.get("examples", [])]
    assert len(examples) > 10
    for field, example in examples:
        Draft7Validator(field).validate(example)


def test_the_schema_has_no_references_which_draft_7_editors_read_badly() -> None:
    assert "$ref" not in json.dumps(plan_schema())


def test_a_part_of_the_schema_is_found_by_its_place() -> None:
    assert schema_at(("waves", 3, "servers", 0, "impact"))["enum"] == ["critical", "optional"]
    assert schema_at(("nowhere", 1, "at all")) == {}
