"""All that was found, as a file that opens everywhere: where the message in the thread has no room for all of it."""

from __future__ import annotations

import csv

import pytest

from bot.application.ports.slack import Attachment, Background
from bot.domain.commands import Topic, TopicKind
from bot.domain.findings import Check, Finding, Severity
from bot.views import render
from bot.views.findings_file import COLUMNS
from bot.views.preflight import left_out
from tests.unit.builders import LINUS, T0, Story, a_finding, a_plan, server_id
from tests.unit.views.stages import Size, at

LARGE = ("Everything", 12)


def lags(number: int) -> list[Finding]:
    return [a_finding(n, severity=Severity.WARN) for n in range(1, number + 1)]


def file_of(story: Story, number: int = 1) -> Attachment | None:
    drawn = render(story.drill, Topic(kind=TopicKind.FINDINGS, number=number), Background(now=T0))
    assert drawn is None or isinstance(drawn, Attachment)
    return drawn


def rows(file: Attachment | None) -> list[dict[str, str]]:
    """What a spreadsheet makes of it."""
    assert file
    content = file.content.decode()
    assert content.startswith("\ufeff")
    return list(csv.DictReader(content.removeprefix("\ufeff").splitlines(keepends=True)))


@pytest.mark.parametrize(("number", "left"), [(0, 0), (4, 0), (5, 1), (12, 8)])
def test_there_is_a_file_exactly_where_the_message_leaves_something_out(number: int, left: int) -> None:
    story = Story(a_plan(LARGE)).checked(*lags(number))
    assert left_out(story.drill) == left
    assert (file_of(story) is not None) is (left > 0)


def test_advice_beyond_the_third_kind_is_left_out_of_the_message_too() -> None:
    remedies = [f"Do this, or {n} others." for n in range(4)]
    found = [a_finding(n + 1).model_copy(update={"remedy": remedy}) for n, remedy in enumerate(remedies)]
    assert left_out(Story(a_plan(LARGE)).checked(*found).drill) == 1


def test_before_the_checks_there_is_none() -> None:
    assert left_out(Story().drill) == 0
    assert file_of(Story()) is None


def test_it_has_every_finding_with_all_that_is_known_of_it() -> None:
    blocks = a_finding(12, 'It is "odd", and more.')
    story = Story(a_plan(LARGE, warnings="waive")).checked(*lags(5), blocks)
    file = file_of(story)
    assert file
    assert (file.name, file.title) == (
        "payments-20260302-1000-findings.csv",
        "6 findings of payments-20260302-1000",
    )
    assert file.text == "All 6 findings of the checks for Payments in the recovery Region."
    found = rows(file)
    assert len(found) == 6
    assert tuple(found[0]) == COLUMNS
    assert found[-1] == {
        "severity": "problem",
        "waived": "no",
        "check": "replication",
        "server id": server_id(12),
        "server name": "server-12",
        "what was found": 'It is "odd", and more.',
        "what to do": blocks.remedy,
    }
    assert {row["severity"] for row in found[:-1]} == {"warning"}


def test_after_each_waiver_there_is_a_file_of_its_own_and_the_earlier_one_stays_what_it_was() -> None:
    other = a_finding(6, severity=Severity.WARN, check=Check.LEFTOVER_DRILL)
    story = Story(a_plan(LARGE, warnings="waive")).checked(*lags(5), other)
    before = file_of(story)
    story.waived(LINUS, Check.REPLICATION, reason="It is from a backup.")
    assert file_of(story) == before
    after = file_of(story, 2)
    assert after
    assert after.name == "payments-20260302-1000-findings-2.csv"
    assert after.title.endswith(", as waived")
    assert [row["waived"] for row in rows(after)] == [
        *["by U0LINUS at 2026-03-02 10:02 UTC: It is from a backup."] * 5,
        "no",
    ]


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx"])
def test_no_cell_is_a_formula(name: str) -> None:
    story = Story(a_plan(LARGE)).checked(*lags(5), names={server_id(1): name})
    assert rows(file_of(story))[0]["server name"] == f"'{name}"


def test_a_finding_about_no_server_has_none() -> None:
    whole = Finding(check=Check.DRILL_TIME, severity=Severity.BLOCK, fact="It is late.", remedy="Wait.")
    row = rows(file_of(Story(a_plan(LARGE)).checked(*lags(5), whole)))[-1]
    assert (row["server id"], row["server name"]) == ("", "")


def test_the_largest_drill_has_all_of_its_findings_in_it() -> None:
    story = at("refused", Size.LARGEST)
    file = file_of(story)
    assert len(rows(file)) == 1_000
    assert file
    assert len(file.content) < 1_000_000
