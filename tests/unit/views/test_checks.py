"""What the checks came to, in a line on the card; who has waived what, and why."""

from __future__ import annotations

import pytest

from bot.domain.findings import Check, Finding, Severity
from bot.views.checks import check_name, opens_again, summary, waivers
from tests.unit.builders import ADA, LINUS, Story, a_finding, a_plan

BLOCK = a_finding(1)
LAG, LAG_TOO = a_finding(2, severity=Severity.WARN), a_finding(3, severity=Severity.WARN)
LEFTOVER = a_finding(3, severity=Severity.WARN, check=Check.LEFTOVER_DRILL)
WHOLE = Finding(check=Check.READABLE, severity=Severity.BLOCK, fact="DRS could not be read.", remedy="Mend it.")


def checked(*findings: Finding, warnings: str = "waive") -> Story:
    return Story(a_plan(warnings=warnings)).checked(*findings)


@pytest.mark.parametrize(
    ("findings", "told"),
    [
        ((), "✅ All checks passed."),
        ((LAG,), "⚠️ 1 warning · ✅ 5 of 6 servers without findings"),
        ((LAG, LAG_TOO, LEFTOVER), "⚠️ 3 warnings · ✅ 4 of 6 servers without findings"),
        ((BLOCK, LAG), "🚫 1 problem · ⚠️ 1 warning · ✅ 4 of 6 servers without findings"),
        ((WHOLE,), "🚫 1 problem"),
        (tuple(a_finding(n) for n in range(1, 7)), "🚫 6 problems"),
    ],
)
def test_a_line_sums_up_what_was_found(findings: tuple[Finding, ...], told: str) -> None:
    assert summary(checked(*findings).drill) == told


def test_before_the_checks_there_is_nothing_to_sum_up() -> None:
    assert summary(Story().drill) == ""
    assert opens_again(Story().drill) == ""


def test_it_names_those_who_have_waived_and_what_still_stands() -> None:
    story = checked(LAG, LEFTOVER).waived(LINUS, Check.REPLICATION)
    assert summary(story.drill).startswith("⚠️ 2 warnings (waived by <@U0LINUS>, 1 not) ·")
    story.waived(ADA)
    assert summary(story.drill).startswith("⚠️ 2 warnings (waived by <@U0LINUS> and <@U0ADA>) ·")


def test_each_waiver_tells_who_when_of_what_and_why() -> None:
    story = checked(LAG, LEFTOVER).waived(LINUS, reason="The <backlog> is from a backup.")
    (line,) = waivers(story.drill)
    assert line.startswith("✍️ <@U0LINUS> waived replication and leftover drill at <!date^")
    assert line.endswith(": “The &lt;backlog&gt; is from a backup.”")


def test_more_waivers_than_are_shown_are_counted() -> None:
    checks = [Check.REPLICATION, Check.LEFTOVER_DRILL, Check.RECOVERY_POINT, Check.ACTIVE_JOB, Check.EXISTS]
    story = checked(*(a_finding(1, severity=Severity.WARN, check=check) for check in checks))
    for check in checks:
        story.waived(ADA, check)
    assert len(waivers(story.drill)) == 4
    assert waivers(story.drill)[-1] == "and 2 more waivers"


def test_the_next_opening_is_told_in_the_readers_own_time() -> None:
    story = Story(a_plan(allowed=["tue 08:00-09:00 Europe/Berlin"])).checked()  # a Monday
    assert opens_again(story.drill) == (
        "🗓️ Next open, in your time zone: <!date^1772521200^{date_short_pretty} at {time}|2026-03-03 at 07:00 UTC>"
    )


def test_checks_are_called_by_words() -> None:
    assert check_name(Check.LEFTOVER_DRILL) == "Leftover drill"
