"""The rules of all checks: what the reference is made from, and what a waiver names."""

from __future__ import annotations

from bot.domain.battery import RULES
from bot.domain.findings import Check, Severity
from infra.check_reference import reference


def test_every_check_has_a_rule() -> None:
    assert {rule.check for rule in RULES} == set(Check)


def test_no_two_rules_say_the_same() -> None:
    assert len({(rule.check, rule.when) for rule in RULES}) == len(RULES)


def test_what_could_destroy_a_recovery_always_blocks() -> None:
    dangers = {Check.REAL_RECOVERY, Check.FAILBACK, Check.ACTIVE_JOB, Check.ACTIVE_DRILL, Check.READABLE, Check.PLACE}
    assert {rule.severity for rule in RULES if rule.check in dangers} == {Severity.BLOCK}


def test_the_reference_has_every_rule_with_its_limit_and_remedy() -> None:
    rows = [line for line in reference().splitlines() if line.startswith("| ") and "found when" not in line]
    assert len(rows) == len(RULES)
    for rule in RULES:
        assert any(rule.when in row and rule.limit in row and rule.remedy in row for row in rows)


def test_a_finding_is_known_again_by_its_check_and_server() -> None:
    rule = RULES[0]
    assert rule.finding("seen once", "s-1").key == rule.finding("seen again", "s-1").key == f"{rule.check}:s-1"
    assert rule.finding("of the plan").key == f"{rule.check}:plan"
