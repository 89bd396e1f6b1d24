"""What a plan's `access` may say, and what its author is told who has written something that cannot be."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.plan_files import PlanFileError, PlanFiles
from bot.domain.plan import Plan
from tests.unit import plan_mistakes

PLAN = plan_mistakes.PLAN.replace("\nwaves:", "\n  approval_timeout: 2h\n  EXTRA\nwaves:")


def written(tmp_path: Path, extra: str) -> Plan:
    (tmp_path / "payments.yaml").write_text(PLAN.replace("EXTRA", extra), encoding="utf-8")
    return PlanFiles(tmp_path).load("payments")


def test_an_escalation_says_when_and_to_whom(tmp_path: Path) -> None:
    escalation = written(tmp_path, "escalation: {after: 30m, approvers: [U0LINUS001]}").access.escalation
    assert escalation
    assert (escalation.after, escalation.approvers) == (timedelta(minutes=30), ("U0LINUS001",))


MISTAKES = {
    "an escalation when the time is over": (
        "escalation: {after: 2h, approvers: [U0LINUS001]}",
        "12:23: access.escalation.after: is no earlier than approval_timeout (2h); write a shorter time",
    ),
    "an escalation to nobody": (
        "escalation: {after: 30m, approvers: []}",
        "12:39: access.escalation.approvers: has 0 items; write 1 or more",
    ),
    "an escalation at no time": (
        "escalation: {approvers: [U0LINUS001]}",
        "12:3: access.escalation.after: is missing; write it like 30m",
    ),
    "somebody twice": (
        "escalation: {after: 30m, approvers: [U0LINUS001, U0LINUS001]}",
        "12:52: access.escalation.approvers[1]: U0LINUS001 is named twice; name each person once",
    ),
}


@pytest.mark.parametrize(("extra", "told"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_told_with_its_place_and_its_remedy(tmp_path: Path, extra: str, told: str) -> None:
    with pytest.raises(PlanFileError) as refused:
        written(tmp_path, extra)
    assert str(refused.value).partition("payments.yaml:")[2] == told
