"""A drill is verified where everything of it lies, and whatever was changed of it is named."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import verify
from bot.application.proving import Proving
from bot.domain.audit import Record, digest
from bot.domain.errors import UnknownDrill
from tests.unit.application.ended import PLACE, reported
from tests.unit.application.house import House

EVIDENCE = f"{PLACE}evidence.json"


@pytest.fixture
def house() -> House:
    return reported()[0]


def flaws(house: House) -> str:
    return "\n".join(map(str, Proving(house.store, house.shelf).drill("payments-1").flaws))


def test_a_drill_that_nobody_has_touched_is_whole(house: House) -> None:
    proven = Proving(house.store, house.shelf).drill("payments-1")
    assert proven.flaws == ()
    assert proven.looked_at == (
        f"{len(house.table.records['payments-1'])} events",
        "1 anchor",
        "1 report",
        "3 files",
    )


@pytest.mark.parametrize("name", ["evidence.json", "report.pdf", "timeline.png"])
def test_a_byte_changed_in_any_file_is_named(house: House, name: str) -> None:
    content = bytearray(house.shelf.files[f"{PLACE}{name}"])
    content[len(content) // 2] ^= 1
    house.shelf.files[f"{PLACE}{name}"] = bytes(content)
    assert f"{PLACE}{name}: is not the file whose sum is in the record" in flaws(house)


def test_a_file_that_is_gone_is_named(house: House) -> None:
    del house.shelf.files[f"{PLACE}report.pdf"]
    assert f"{PLACE}report.pdf: is missing from the bucket" in flaws(house)


def test_a_record_that_was_changed_in_the_table_is_named_by_its_number(house: House) -> None:
    records = house.table.records["payments-1"]
    records[2] = records[2].model_copy(update={"at": records[2].at + timedelta(hours=1)})
    told = flaws(house)
    assert "event 3 (drill_started): its content is not what its hash was made of" in told
    assert f"event 3 (drill_started): is another one in {EVIDENCE} than in the table" in told


def test_a_record_that_was_made_anew_with_all_its_hashes_does_not_fit_the_anchors(house: House) -> None:
    records, previous = house.table.records["payments-1"], "0" * 64
    anew: list[Record] = []
    for record in records:
        changed: dict[str, Any] = json.loads(record.model_dump_json())
        changed |= {"at": "2026-03-02T09:59:00Z", "previous": previous}
        previous = digest(changed)
        anew.append(Record.model_validate(changed | {"hash": previous}))
    house.table.records["payments-1"] = anew
    stored = house.table.drills["payments-1"]
    house.table.drills["payments-1"] = replace(stored, audit_head=previous)
    assert "is not the one that was anchored in the bucket" in flaws(house)


def test_a_record_that_lacks_its_end_is_named(house: House) -> None:
    house.table.records["payments-1"].pop()
    assert "the drill: names another event as its newest than the record ends with" in flaws(house)
    house.table.records["payments-1"].clear()
    assert "is anchored in the bucket, and missing from the record" in flaws(house)


def test_a_drill_that_is_stored_otherwise_than_its_events_make_it_is_named(house: House) -> None:
    stored = house.table.drills["payments-1"]
    forged = stored.drill.model_copy(update={"outcome": "failed", "findings": ("none",)})
    house.table.drills["payments-1"] = replace(stored, drill=forged)
    assert "the drill: is stored otherwise than its events make it: outcome, findings" in flaws(house)


def test_anchors_that_are_gone_or_none_are_named(house: House) -> None:
    key = next(key for key in house.shelf.files if "/anchors/" in key)
    house.shelf.files[key] = b"{}"
    assert f"{key}: is no anchor" in flaws(house)
    del house.shelf.files[key]
    assert "the bucket: has no anchor of this record" in flaws(house)


@pytest.mark.parametrize("name", ["anchors/", "report.pdf"])
@pytest.mark.parametrize("content", [b"{}", None])
def test_what_is_put_on_top_of_a_file_or_hides_it_is_named_and_deceives_nobody(
    house: House, name: str, content: bytes | None
) -> None:
    key = next(key for key in house.shelf.files if name in key)
    house.shelf.covered[key] = content
    told = f"{key}: was put again or deleted later; what was there first still is, and was looked at"
    assert flaws(house) == told


def test_a_drill_without_a_report_is_verified_by_its_record(house: House) -> None:
    drill_id = house.ready()
    assert Proving(house.store, house.shelf).drill(drill_id).flaws == ()


def test_a_drill_that_is_not_there_is_told(house: House) -> None:
    with pytest.raises(UnknownDrill):
        Proving(house.store, house.shelf).drill("payments-9")


def run(*arguments: str, house: House | None = None) -> int:
    def proving() -> Proving:
        assert house
        return Proving(house.store, house.shelf)

    return verify.main(arguments, proving)


def test_the_command_says_whole_or_what_was_changed(
    house: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "evidence.json"
    file.write_bytes(house.shelf.files[EVIDENCE])
    assert run(str(file)) == verify.WHOLE
    assert "whole: nothing is missing or changed" in capsys.readouterr().out
    file.write_text(file.read_text().replace('"passed": true', '"passed": false', 1))
    assert run(str(file)) == verify.FLAWED
    assert "CHANGED OR MISSING  verdict.passed: says false, and the record makes true of it" in capsys.readouterr().out


def test_the_command_verifies_a_drill_by_its_id(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("payments-1", house=house) == verify.WHOLE
    assert "payments-1: whole" in capsys.readouterr().out
    del house.shelf.files[EVIDENCE]
    assert run("payments-1", house=house) == verify.FLAWED


@pytest.mark.parametrize("what", ["payments-9", "nothing.json"])
def test_what_cannot_be_looked_at_is_no_verdict(house: House, what: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(what, house=house) == verify.UNSEEN
    assert f"{what} cannot be verified" in capsys.readouterr().err


def test_without_table_and_bucket_a_drill_cannot_be_looked_up(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("TABLE_NAME", "EVIDENCE_BUCKET"):
        monkeypatch.delenv(name, raising=False)
    assert verify.main(["payments-1"]) == verify.UNSEEN
    assert "table_name" in capsys.readouterr().err
