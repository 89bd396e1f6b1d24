"""Drills that should not start, and what Slack says of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from bot.domain.states import DrillState
from infra.local import drs
from infra.local.world import World
from tests.scenarios.pace import QUICK
from tests.scenarios.story import Story

Begin = Callable[..., Story]


@pytest.fixture
def settings(world: World) -> Iterator[Callable[..., None]]:
    """Let DRS behave so for one story."""

    def let(**changes: object) -> None:
        settings = drs.Settings(pace=QUICK, **changes)  # type: ignore[arg-type]  # each story names the fields
        drs.configure(world.account, world.region, settings)

    yield let
    let()


def refused(drill: Story) -> list[str]:
    """Propose a drill that is refused; what the thread says of the checks."""
    drill.propose()
    assert drill.until_ended().outcome == "refused"
    drill.until_shown("preflight")
    assert drill.jobs() == []
    return [line.strip() for line in drill.lines("preflight").splitlines()]


def test_a_stalled_server_refuses_the_drill_with_how_far_it_is_behind(story: Begin, world: World) -> None:
    drill = story()
    (server_id,) = drill.plan.server_ids
    world.seed_server(
        server_id, replication_state="STALLED", replication_error="NOT_CONVERGING", lag=timedelta(hours=3)
    )
    name = f"host-{server_id[-6:]}"
    assert refused(drill) == [
        "DRS Drill Bot: 🚫 Not safe to start: 1 problem.",
        f"• {name} ({server_id}) does not replicate (STALLED, NOT_CONVERGING, 3h behind).",
        "🚫 Look at the server's page in the DRS console and bring replication back first.",
        "(Launch settings in DRS: 1 server STARTED, right-sizing BASIC.)",
    ]


def test_a_lag_over_the_objective_is_told_before_start(story: Begin, world: World) -> None:
    drill = story()
    world.seed_server(drill.plan.server_ids[0], lag=timedelta(hours=2), rescan_bytes=3 * 1024**3)
    drill.ask()
    drill.until_shown("preflight")
    said = drill.lines("preflight")
    assert "lags 2h behind; the objective (RPO) is 15m." in said
    assert "3.0 GiB of /dev/nvme0n1 are to be read again." in said


def test_a_wave_that_never_fits_into_the_quotas_refuses_the_drill(story: Begin, settings: Callable[..., None]) -> None:
    settings(quotas=drs.Quotas(servers_in_all_jobs=1))
    drill = story(waves=[["critical", "critical"]])
    assert refused(drill) == [
        "DRS Drill Bot: 🚫 Not safe to start: 1 problem.",
        "• Wave 1 has 2 servers; DRS takes 1 in all jobs.",
        "🚫 Make the waves smaller. AWS does not raise this quota.",
        "(Launch settings in DRS: 2 servers STARTED, right-sizing BASIC.)",
    ]


def test_a_server_that_is_launched_otherwise_than_expected_is_told_and_left_as_it_is(
    story: Begin, world: World
) -> None:
    drill = story(waves=[["critical", "critical"]], wave={"expect": {"launch_disposition": "STARTED"}})
    odd = drill.plan.server_ids[1]
    world.seed_server(odd, launch=drs.LaunchSettings(disposition="STOPPED"))
    drill.ask()
    drill.until_shown("preflight")
    said = drill.lines("preflight")
    assert f"host-{odd[-6:]} ({odd}): launch_disposition is STOPPED, not STARTED." in said
    assert "Launch settings in DRS: 1 server STARTED, right-sizing BASIC; 1 server STOPPED, right-sizing BASIC." in said
    operations = {call.operation for call in drs.recorded_calls(world.account, world.region)}
    assert not {name for name in operations if name.startswith(("Update", "Put", "Create"))}


def test_quotas_that_may_not_be_read_are_a_warning(story: Begin, settings: Callable[..., None]) -> None:
    settings(quotas_can_be_read=False)
    drill = story()
    drill.ask()
    drill.until_shown("preflight")
    assert "The server is ready, with 1 warning." in drill.lines("preflight")
    assert "AWS's documented quotas are used (20 jobs at once" in drill.lines("preflight")
    assert drill.drill.state is DrillState.READY


def test_an_account_in_which_drs_was_never_set_up_refuses_the_drill_with_what_to_do(story: Begin, world: World) -> None:
    drill = story()
    world.faults.fail_call("DescribeSourceServers", error="UninitializedAccountException", times=None)
    said = "\n".join(refused(drill))
    assert f"DRS is not initialised in account {world.account} in {world.region}" in said
    assert "Open the DRS console of that account in that Region as an administrator" in said


def test_a_subnet_without_enough_addresses_is_told_before_start(story: Begin, settings: Callable[..., None]) -> None:
    settings(subnet="subnet-0123456789abcdef0", free_addresses=1)
    drill = story(waves=[["critical"], ["critical"]])
    drill.ask()
    drill.until_shown("preflight")
    assert "subnet-0123456789abcdef0 has 1 free address for 2 servers." in drill.lines("preflight")
