"""Who is in which user group is looked up seldom, a few at a time, and a failure stops nothing."""

from __future__ import annotations

import logging

import pytest

from bot.application.ports.groups import Membership
from bot.application.refreshing import OLD, PER_ROUND, Refreshing
from bot.domain.plan import Plan
from tests.fakes.groups import MemoryDirectory, MemoryGroups
from tests.fakes.plans import MemoryPlans
from tests.unit.application.house import House
from tests.unit.builders import ADA, GRACE, LINUS, MINUTE, a_plan


def grouped(*groups: str, name: str = "payments") -> Plan:
    made = a_plan(("Web", 1), name=name)
    return Plan.model_validate(made.model_dump() | {"access": made.access.model_dump() | {"approvers": groups}})


class Rounds:
    """A refresher over fakes, and how often it went to Slack."""

    def __init__(self, *plans: Plan, broken: tuple[str, ...] = (), house: House | None = None) -> None:
        self.house = house or House()
        self.groups = MemoryGroups()
        self.slack = MemoryDirectory(S0DBA=(GRACE.user_id,), S0NET=(LINUS.user_id,))
        self.plans = MemoryPlans(*plans, broken=broken)
        self.signed_in = 0
        self.refreshing = Refreshing(self.groups, self._slack, self.plans, self.house.store, self.house.clock)

    def _slack(self) -> MemoryDirectory:
        self.signed_in += 1
        return self.slack


def test_groups_of_plans_are_looked_up_when_they_are_not_known_and_again_when_they_are_old() -> None:
    rounds = Rounds(grouped("S0DBA", "S0NET"), grouped("S0DBA", name="orders"))
    rounds.refreshing.refresh(())
    now = rounds.house.clock()
    assert rounds.groups.kept == {
        "S0DBA": Membership((GRACE.user_id,), now),
        "S0NET": Membership((LINUS.user_id,), now),
    }
    rounds.house.pass_time(OLD)
    rounds.refreshing.refresh(())
    assert rounds.slack.asked == ["S0DBA", "S0NET"]
    rounds.house.pass_time(MINUTE)
    rounds.refreshing.refresh(())
    assert rounds.slack.asked == ["S0DBA", "S0NET"] * 2


def test_where_no_plan_names_a_group_nothing_is_read_and_nobody_signs_in_to_slack() -> None:
    rounds = Rounds(a_plan())
    rounds.refreshing.refresh(())
    assert (rounds.groups.read, rounds.signed_in, rounds.house.store.calls) == ([], 0, [])


def test_nobody_signs_in_to_slack_while_everything_is_fresh() -> None:
    rounds = Rounds(grouped("S0DBA"))
    rounds.groups.keep("S0DBA", Membership((), rounds.house.clock()))
    rounds.refreshing.refresh(())
    assert rounds.signed_in == 0


def test_a_failure_is_logged_keeps_what_was_known_and_does_not_stop_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rounds = Rounds(grouped("S0GONE", "S0NET"))
    before = Membership((ADA.user_id,), rounds.house.clock() - 2 * OLD)
    rounds.groups.keep("S0GONE", before)
    with caplog.at_level(logging.WARNING):
        rounds.refreshing.refresh(())
    assert rounds.groups.kept["S0GONE"] == before
    assert "S0NET" in rounds.groups.kept
    assert "could not be looked up" in caplog.text
    rounds.slack.members_of["S0GONE"] = (LINUS.user_id,)
    rounds.refreshing.refresh(())
    assert rounds.groups.kept["S0GONE"].members == (LINUS.user_id,)


def test_a_round_looks_up_a_few_and_the_longest_unknown_first() -> None:
    many = [f"S0G{number:03}" for number in range(PER_ROUND + 3)]
    rounds = Rounds(grouped(*many))
    rounds.slack.members_of = dict.fromkeys(many, ())
    rounds.groups.keep(many[0], Membership((), rounds.house.clock() - 2 * OLD))
    rounds.refreshing.refresh(())
    assert rounds.slack.asked == many[1 : PER_ROUND + 1]
    rounds.refreshing.refresh(())
    assert rounds.slack.asked[PER_ROUND:] == [*many[PER_ROUND + 1 :], many[0]]


def test_a_drill_under_way_keeps_its_groups_known_though_its_plan_has_changed() -> None:
    house = House()
    drill_id = house.proposed()
    stored = house.table.drills[drill_id]
    house.table.drills[drill_id] = type(stored)(
        stored.drill.model_copy(update={"plan": grouped("S0DBA")}), stored.audit_head
    )
    rounds = Rounds(a_plan(), house=house)
    house.store.calls.clear()
    rounds.refreshing.refresh([drill_id, "a-drill-that-the-index-still-has"])
    rounds.refreshing.refresh([drill_id])
    assert rounds.slack.asked == ["S0DBA"]
    assert house.store.calls.count("load") == 2
    rounds.house.pass_time(2 * OLD)
    rounds.refreshing.refresh(())
    assert rounds.slack.asked == ["S0DBA"]


def test_a_plan_that_cannot_be_read_names_nobody() -> None:
    rounds = Rounds(grouped("S0DBA"), broken=("half-written",))
    rounds.refreshing.refresh(())
    assert list(rounds.groups.kept) == ["S0DBA"]
