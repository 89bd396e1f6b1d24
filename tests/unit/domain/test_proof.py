"""Verification: change anything anywhere in evidence or a record, and it is named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.audit import digest
from bot.domain.evidence import as_bytes, dump, sums
from bot.domain.proof import Anchor, Flaw, flaws_of_chain, flaws_of_file, unlike, unlike_anchors
from tests.unit.evidence_cases import CASES, beside

STORY = CASES["signed"]()
CONTENT = dump(STORY.evidence(beside(STORY)))


def said(content: bytes) -> str:
    return "\n".join(map(str, flaws_of_file(content)))


def dumped() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(CONTENT)
    return loaded


@pytest.mark.parametrize("case", CASES)
def test_what_was_not_changed_has_no_flaw(case: str) -> None:
    story = CASES[case]()
    assert flaws_of_file(dump(story.evidence(beside(story)))) == ()
    assert tuple(flaws_of_chain(story.written)) == ()


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(place=st.integers(0, len(CONTENT) - 1), by=st.integers(1, 255))
def test_whichever_byte_is_changed_it_is_found(place: int, by: int) -> None:
    changed = bytearray(CONTENT)
    changed[place] ^= by
    assert flaws_of_file(bytes(changed))


@settings(max_examples=50, deadline=None, derandomize=True, database=None)
@given(place=st.integers(0, len(CONTENT) - 1), length=st.integers(1, 2_000))
def test_whatever_is_cut_out_it_is_found(place: int, length: int) -> None:
    assert flaws_of_file(CONTENT[:place] + CONTENT[place + length :])


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(each, (*path, key))
    else:
        yield path


FIGURES = [
    path
    for path in leaves(dumped())
    if path[0] in {"verdict", "cleanup", "participants", "sign_offs"} and "sums" not in path
]


def with_value(path: tuple[str | int, ...], change: Callable[[Any], Any]) -> dict[str, Any]:
    made = dumped()
    at: Any = made
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = change(at[path[-1]])
    return made


@pytest.mark.parametrize("path", FIGURES, ids=lambda path: ".".join(map(str, path)))
def test_the_part_whose_value_was_changed_is_named(path: tuple[str | int, ...]) -> None:
    def other(value: Any) -> Any:
        if isinstance(value, bool):
            return not value
        return value + 1 if isinstance(value, int) else "PT1S" if value is None else f"{value}0"

    found = said(as_bytes(with_value(path, other)))
    assert str(path[0]) in found


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        (("verdict", "recovery", "net"), "PT1M", "verdict.recovery.net: says"),
        (("waves", 0, "servers", 1, "launched_at"), "2026-03-02T10:05:00Z", "waves[0].servers[1].launched_at: says"),
        (("cleanup", "instances", 2, "gone_at"), "2026-03-02T10:50:00Z", "cleanup.instances[2].gone_at: says"),
        (("deeds", 2, "by"), "U0EVE", "deeds[2].by: says"),
    ],
)
def test_a_figure_that_was_changed_with_its_sum_is_still_not_what_the_record_makes(
    path: tuple[str | int, ...], value: str, where: str
) -> None:
    made = with_value(path, lambda _old: value)
    made["sums"] = sums(made)
    assert where in said(as_bytes(made))


def test_many_differences_are_counted() -> None:
    made = dumped()
    for moment in made["timeline"]:
        moment["told"] = "all went well"
    made["sums"] = sums(made)
    assert "and: " in said(as_bytes(made))


def test_an_event_that_was_changed_is_named_by_its_number_and_kind() -> None:
    written = [dict(each) for each in STORY.written]
    written[9] = json.loads(json.dumps(written[9]).replace("U0GRACE", "U0EVE"))
    assert list(map(str, flaws_of_chain(written))) == [
        "event 10 (wave_approved): its content is not what its hash was made of: it was changed"
    ]


def test_an_event_that_was_changed_with_its_hash_does_not_fit_the_next_one() -> None:
    written: list[dict[str, Any]] = [dict(each) for each in STORY.written]
    written[9]["at"] = "2026-03-02T09:00:00Z"
    written[9]["hash"] = digest(written[9])
    assert [flaw.where for flaw in flaws_of_chain(written)] == [f"event 11 ({written[10]['event']['type']})"]


def test_events_that_are_missing_are_named() -> None:
    written = list(STORY.written)
    told = list(map(str, flaws_of_chain([*written[:4], *written[7:]])))
    assert told == ["events 5 to 7: missing from the record, or not in its place"]
    assert [str(flaw) for flaw in flaws_of_chain(written[1:])] == [
        "event 1: missing from the record, or not in its place"
    ]


def test_an_event_that_is_none_is_named_too() -> None:
    assert [flaw.where for flaw in flaws_of_chain([{"version": "one", "event": 1}])] == [
        "event 1",
        "event 0 (no event)",
    ]


def test_a_plan_that_was_changed_is_named() -> None:
    made = dumped()
    made["plan"]["objectives"]["rto"] = "2h"
    made["sums"] = sums(made)
    assert "plan: its content is not what its hash was made of" in said(as_bytes(made))


def test_a_record_that_the_rules_would_not_have_made_is_told_with_the_rules_that_have() -> None:
    made = dumped()
    made["record"]["events"] = made["record"]["events"][2:]
    made["record"]["engines"] = ["0.0.9"]
    made["sums"] = sums(made)
    found = said(as_bytes(made))
    assert "record: cannot be replayed: There is no such drill yet." in found
    assert "written by rules 0.0.9, and these are" in found
    made["record"]["engines"] = dumped()["record"]["engines"]
    assert "written by rules" not in said(as_bytes(made))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{", "the file: is no JSON"),
        (b"\xff", "the file: is no JSON"),
        (b"[]", "the file: is not the evidence of a drill"),
        (b"{}", "drill_id: is not as the schema has it: Field required"),
        (CONTENT.replace(b"\n ", b"\n\t", 1), "line 2: is not as it was written, though no value"),
        (CONTENT + b"\n", "is not as it was written"),
    ],
)
def test_a_file_that_is_none_or_is_written_otherwise_is_told(content: bytes, told: str) -> None:
    assert told in said(content)


def test_a_part_without_a_sum_and_a_sum_without_a_part_are_named() -> None:
    made = dumped()
    made["sums"]["appendix"] = made["sums"].pop("verdict")
    found = [flaw.where for flaw in flaws_of_file(as_bytes(made))]
    assert "verdict" in found
    assert "appendix" in found


def anchor(version: int, head: str) -> Anchor:
    return Anchor(drill_id=STORY.drill.id, version=version, head=head, at=STORY.now)


def test_a_record_that_was_made_anew_does_not_fit_its_anchors() -> None:
    anchors = [anchor(9, STORY.records[8].hash), anchor(12, STORY.records[11].hash)]
    assert list(unlike_anchors(STORY.written, anchors)) == []
    other = [Flaw("event 12", "is not the one that was anchored in the bucket")]
    assert list(unlike_anchors(STORY.written, [anchors[0], anchor(12, "0" * 64)])) == other
    gone = [Flaw("event 12", "is anchored in the bucket, and missing from the record")]
    assert list(unlike_anchors(STORY.written[:10], anchors)) == gone


def test_evidence_that_tells_another_record_than_the_table_has_is_named() -> None:
    written = STORY.written
    assert list(unlike(written[:5], written, "report")) == []
    other = [*written[:2], {**written[2], "at": "2026-03-02T09:00:00Z"}, *written[3:]]
    assert [str(flaw) for flaw in unlike(other, written, "report")] == [
        "event 3 (drill_started): is another one in report than in the table"
    ]
    assert [str(flaw) for flaw in unlike(written[:3], written[:2], "report")] == [
        "event 3 (drill_started): is in report, and missing from the table"
    ]
