"""What a plan expects of launch settings, against what DRS is set to."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.domain.expectation import Expectation
from bot.domain.facts import LaunchSettings, SourceServer, Unread, alike
from bot.domain.findings import Check, Finding, Severity
from bot.domain.settings_checks import examine_settings
from tests.fakes.drs_records import USUAL
from tests.unit.domain.orders import server
from tests.unit.plans import a_plan, server_id

S1 = server(1)
DB = SourceServer(id=S1, name="db-1", replication_state="CONTINUOUS")
NONE: Mapping[str, LaunchSettings] = {}
ALL = Expectation(
    launch_disposition="STARTED",
    right_sizing="BASIC",
    copy_private_ip=False,
    copy_tags=True,
    os_byol=False,
    post_launch_enabled=False,
    recovery_mode="OPTIMAL",
)


def examined(expected: Expectation, settings: LaunchSettings = USUAL) -> list[Finding]:
    return list(examine_settings([DB], {S1: expected}, {S1: settings}))


@pytest.mark.parametrize("expected", [Expectation(), ALL], ids=["nothing", "all as it is"])
def test_settings_that_are_as_expected_are_fine(expected: Expectation) -> None:
    assert examined(expected) == []


@pytest.mark.parametrize(
    ("expected", "fact", "limit"),
    [
        (
            {"launch_disposition": "STOPPED"},
            "launch_disposition is STARTED, not STOPPED",
            "launch_disposition: STOPPED",
        ),
        ({"right_sizing": "NONE"}, "right_sizing is BASIC, not NONE", "right_sizing: NONE"),
        ({"copy_private_ip": True}, "copy_private_ip is false, not true", "copy_private_ip: true"),
        ({"copy_tags": False}, "copy_tags is true, not false", "copy_tags: false"),
        ({"os_byol": True}, "os_byol is false, not true", "os_byol: true"),
        ({"post_launch_enabled": True}, "post_launch_enabled is false, not true", "post_launch_enabled: true"),
        ({"recovery_mode": "FAST"}, "recovery_mode is OPTIMAL, not FAST", "recovery_mode: FAST"),
    ],
)
def test_each_setting_that_is_otherwise_is_told(expected: dict[str, object], fact: str, limit: str) -> None:
    (found,) = examined(Expectation.model_validate(expected))
    assert (found.check, found.severity, found.server_id) == (Check.LAUNCH_SETTINGS, Severity.WARN, S1)
    assert found.fact == f"db-1 ({S1}): {fact}."
    assert found.limit == limit


def test_all_that_is_otherwise_of_a_server_is_one_finding_and_what_drs_does_not_say_is_not_as_expected() -> None:
    (found,) = examined(ALL, LaunchSettings(launch_disposition="STARTED", copy_tags=True))
    assert found.fact.count(" is unknown, not ") == 5


def test_a_server_that_drs_tells_nothing_of_is_told_whatever_is_expected() -> None:
    (found,) = examine_settings([DB], {}, NONE)
    assert (found.severity, found.server_id) == (Severity.WARN, S1)
    assert found.fact == f"DRS does not tell the launch settings of db-1 ({S1})."


@pytest.mark.parametrize(("is_denied", "severity"), [(True, Severity.BLOCK), (False, Severity.WARN)])
def test_settings_that_cannot_be_read_block_only_for_want_of_the_right(
    is_denied: bool,  # noqa: FBT001 - parametrised
    severity: Severity,
) -> None:
    (found,) = examine_settings([DB], {}, Unread(error="no", is_denied=is_denied))
    assert (found.check, found.severity, found.server_id) == (Check.LAUNCH_SETTINGS, severity, None)


def test_what_is_expected_of_a_server_wins_over_what_is_expected_of_its_wave() -> None:
    plan = a_plan(("Database", 2), ("Web", 1))
    first, second = plan.waves
    own = first.servers[1].model_copy(update={"expect": Expectation(copy_tags=False, recovery_mode="FAST")})
    of_wave = Expectation(copy_tags=True, right_sizing="NONE")
    first = first.model_copy(update={"expect": of_wave, "servers": (first.servers[0], own)})
    alone = second.servers[0].model_copy(update={"expect": Expectation(os_byol=True)})
    second = second.model_copy(update={"servers": (alone,)})
    expected = plan.model_copy(update={"waves": (first, second)}).expectations(
        [[server_id(1), server_id(2), server_id(9)], [server_id(3), server_id(8)]]
    )
    assert expected == {
        server_id(1): of_wave,
        server_id(2): Expectation(copy_tags=False, recovery_mode="FAST", right_sizing="NONE"),
        server_id(9): of_wave,
        server_id(3): Expectation(os_byol=True),
    }


def test_servers_that_are_launched_alike_are_together_whatever_their_template() -> None:
    stopped = USUAL.model_copy(update={"launch_disposition": "STOPPED"})
    other = USUAL.model_copy(update={"template_id": "lt-2"})
    many, few = alike({"a": stopped, "b": USUAL, "c": other})
    assert (many.server_ids, few.server_ids) == (("b", "c"), ("a",))
    assert many.settings.template_id is None
