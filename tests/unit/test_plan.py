from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from bot.domain.plan import Plan
from bot.domain.plan_servers import Impact
from bot.domain.plan_waves import Approval

ADA, GRACE, LINUS = "U0ADA00001", "U0GRACE001", "U0LINUS001"
OWN_ACCOUNT, OTHER_ACCOUNT = "111122223333", "444455556666"


def server(number: int) -> dict[str, Any]:
    return {"id": f"s-{number:017x}"}


def wave(name: str, *numbers: int, **settings: Any) -> dict[str, Any]:
    return {"name": name, "servers": [server(number) for number in numbers], **settings}


def plan_of(*waves: dict[str, Any], **changes: Any) -> Plan:
    content = {
        "version": 1,
        "name": "payments",
        "title": "Payments",
        "description": "Recover the payment service.",
        "owner": "Payments platform",
        "channel": "C0DRILLS01",
        "objectives": {"rto": "1h30m", "rpo": "15m"},
        "access": {"operators": [ADA], "approvers": [GRACE]},
        "waves": list(waves) or [wave("Database", 1, 2), wave("Web", 3)],
    }
    return Plan.model_validate(content | changes)


def broken_rules(*waves: dict[str, Any], **changes: Any) -> dict[tuple[int | str, ...], str]:
    with pytest.raises(ValidationError) as refused:
        plan_of(*waves, **changes)
    return {found["loc"]: found["msg"] for found in refused.value.errors()}


def test_a_server_is_critical_and_cleanup_comes_at_once_unless_the_plan_says_otherwise() -> None:
    plan = plan_of()
    assert plan.waves[0].servers[0].impact is Impact.CRITICAL
    assert plan.cleanup.when == "at-once"
    assert (plan.access.minimum_approvals, plan.access.four_eyes) == (1, True)


def test_waves_are_counted_from_one() -> None:
    plan = plan_of()
    assert [plan.wave(1).name, plan.wave(2).name] == ["Database", "Web"]
    with pytest.raises(IndexError, match="numbered from 1"):
        plan.wave(0)
    with pytest.raises(IndexError):
        plan.wave(3)


def test_servers_are_listed_in_wave_order() -> None:
    assert plan_of().server_ids == tuple(server(number)["id"] for number in (1, 2, 3))


def test_the_first_wave_needs_no_approval_beyond_start_and_each_later_one_does() -> None:
    plan = plan_of(wave("A", 1), wave("B", 2), wave("C", 3))
    assert [plan.needs_approval(number) for number in (1, 2, 3)] == [False, True, True]


def test_a_wave_can_ask_for_approval_or_do_without() -> None:
    plan = plan_of(wave("A", 1, approval=Approval.REQUIRED), wave("B", 2, approval=Approval.NONE))
    assert [plan.needs_approval(number) for number in (1, 2)] == [True, False]


def test_a_plan_never_changes() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        plan_of().title = "Other"  # type: ignore[misc]  # that it cannot be set is the point


def test_the_same_content_has_the_same_hash_and_any_change_another() -> None:
    assert plan_of().content_hash == plan_of(objectives={"rto": "90m", "rpo": "900s"}).content_hash
    changed = [
        plan_of(title="Payment"),
        plan_of(wave("Database", 2, 1), wave("Web", 3)),
        plan_of(objectives={"rto": "2h", "rpo": "15m"}),
    ]
    assert len({plan.content_hash for plan in [plan_of(), *changed]}) == 4


def test_a_plan_survives_being_saved_and_read() -> None:
    plan = plan_of(target={"account_id": OWN_ACCOUNT, "region": "eu-west-1"})
    assert Plan.model_validate_json(plan.model_dump_json()) == plan


def test_a_server_in_two_waves_is_named_at_its_second_place() -> None:
    assert broken_rules(wave("A", 1, 2), wave("B", 3, 1)) == {
        ("waves", 1, "servers", 1, "id"): "this server is in waves[0] already; a server belongs to one wave"
    }


def test_a_wave_name_that_comes_twice_is_named_at_its_second_place() -> None:
    assert broken_rules(wave("A", 1), wave("B", 2), wave("A", 3)) == {
        ("waves", 2, "name"): "is the name of waves[0] too; give each wave its own name"
    }


def test_a_person_who_is_named_twice_counts_once_and_is_refused() -> None:
    access = {"operators": [ADA, ADA], "approvers": [GRACE, LINUS, GRACE]}
    assert broken_rules(access=access) == {
        ("access", "operators", 1): f"{ADA} is named twice; name each person once",
        ("access", "approvers", 2): f"{GRACE} is named twice; name each person once",
    }


def test_all_broken_rules_are_told_at_once() -> None:
    broken = broken_rules(wave("A", 1), wave("A", 1), access={"operators": [ADA]})
    assert set(broken) == {("waves", 1, "name"), ("waves", 1, "servers", 0, "id"), ("access", "approvers")}


def test_a_wave_that_nobody_can_approve_is_refused_when_the_plan_is_read() -> None:
    access = {"operators": [ADA], "approvers": [GRACE], "minimum_approvals": 2}
    assert broken_rules(access=access) == {
        ("access", "approvers"): ("1 named, but waves[1] needs 2; name more approvers or lower minimum_approvals")
    }


def test_approvers_may_be_missing_when_no_wave_needs_them() -> None:
    assert plan_of(wave("A", 1), access={"operators": [ADA]}).access.approvers == ()
    assert plan_of(wave("A", 1), wave("B", 2, approval="none"), access={"operators": [ADA]}).needs_approval(2) is False


@pytest.mark.parametrize(
    ("operators", "approvers", "minimum", "what_it_shows"),
    [
        ([ADA], [ADA], 1, "the only operator cannot approve their own drill"),
        ([ADA], [ADA, GRACE], 2, "one of the two is always barred"),
        ([ADA, LINUS], [ADA, LINUS], 2, "whoever starts, one is left where two are needed"),
    ],
)
def test_four_eyes_that_bar_everybody_are_refused_when_the_plan_is_read(
    operators: list[str], approvers: list[str], minimum: int, what_it_shows: str
) -> None:
    access = {"operators": operators, "approvers": approvers, "minimum_approvals": minimum}
    assert broken_rules(access=access) == {
        ("access", "approvers"): (
            "with four_eyes on, whoever starts the drill leaves too few to approve it; name another approver"
        )
    }, what_it_shows
    without = plan_of(access=access | {"four_eyes": False})
    assert set(without.access.approvers) == set(approvers), "without four eyes the same people are enough"


def test_four_eyes_are_satisfied_when_one_operator_can_have_the_drill_approved() -> None:
    access = {"operators": [ADA, LINUS], "approvers": [GRACE, LINUS], "minimum_approvals": 2}
    assert plan_of(access=access).access.four_eyes


def test_a_role_must_be_of_the_target_account() -> None:
    target = {"account_id": OWN_ACCOUNT, "region": "eu-west-1", "role_arn": f"arn:aws:iam::{OTHER_ACCOUNT}:role/drill"}
    assert broken_rules(target=target) == {
        ("target", "role_arn"): f"is a role of account {OTHER_ACCOUNT}; write a role of account_id {OWN_ACCOUNT}"
    }


def test_an_external_id_without_a_role_is_refused() -> None:
    target = {"account_id": OWN_ACCOUNT, "region": "eu-west-1", "external_id": "payments"}
    assert broken_rules(target=target) == {
        ("target", "external_id"): "is of use only with a role; write role_arn too, or leave external_id out"
    }


@pytest.mark.parametrize("region", ["eu-west-1", "ap-southeast-4", "us-gov-west-1", "us-iso-east-1"])
def test_another_account_is_named_with_region_role_and_external_id(region: str) -> None:
    role = f"arn:aws-us-gov:iam::{OTHER_ACCOUNT}:role/drills/target"
    target = {"account_id": OTHER_ACCOUNT, "region": region, "role_arn": role, "external_id": "a:b/c"}
    found = plan_of(target=target).target
    assert found is not None
    assert (found.region, found.role_arn) == (region, role)


@pytest.mark.parametrize(
    "server_id", ["s-123", "S-0000000000000000a", "i-0000000000000000a", "s-0000000000000000a0", "s-0000000000000000٣"]
)
def test_only_ids_of_the_form_that_drs_gives_are_taken(server_id: str) -> None:
    """Botocore's model, SourceServerID: 19 characters, `s-[0-9a-zA-Z]{17}`."""
    with pytest.raises(ValidationError, match="should match pattern"):
        plan_of({"name": "A", "servers": [{"id": server_id}]})


@pytest.mark.parametrize("title", ["", "  ", "one\ntwo", "x" * 81])
def test_a_title_is_one_line_that_fits_a_slack_header(title: str) -> None:
    with pytest.raises(ValidationError):
        plan_of(title=title)


def test_space_around_a_text_is_dropped() -> None:
    assert plan_of(description="Folded text ends with a line break.\n").description.endswith("break.")


def test_a_freeze_takes_days_as_python_has_them_too() -> None:
    first, last = date(2026, 12, 15), date(2027, 1, 6)
    plan = plan_of(freeze=[{"from": first, "to": last, "why": "year end", "zone": "UTC"}])
    assert (plan.freeze[0].first, plan.freeze[0].last) == (first, last)
    assert plan.model_dump(mode="json")["freeze"][0]["from"] == "2026-12-15"
