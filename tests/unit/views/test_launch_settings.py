"""How DRS is set to launch the servers, in a line."""

from __future__ import annotations

from bot.domain.facts import LaunchSettings, SettingsOfServers
from bot.views.launch_settings import launch_settings
from tests.fakes.drs_records import USUAL


def of(number: int, settings: LaunchSettings) -> SettingsOfServers:
    return SettingsOfServers(settings=settings, server_ids=tuple(f"s-{n}" for n in range(number)))


def test_nothing_is_said_where_nothing_was_read() -> None:
    assert launch_settings(()) == ""


def test_what_matters_is_said_and_what_is_unusual() -> None:
    odd = LaunchSettings(
        launch_disposition="STOPPED",
        right_sizing="NONE",
        copy_private_ip=True,
        os_byol=True,
        post_launch_enabled=True,
        recovery_mode="FAST",
    )
    assert launch_settings([of(5, USUAL), of(1, odd)]) == (
        "Launch settings in DRS: 5 servers STARTED, right-sizing BASIC; 1 server STOPPED, right-sizing NONE, "
        "private IP kept, own licence, post-launch actions, without conversion (FAST)."
    )


def test_more_ways_than_can_be_read_are_counted() -> None:
    ways = [of(4, USUAL), of(3, LaunchSettings()), of(2, USUAL), of(2, USUAL), of(1, USUAL)]
    told = launch_settings(ways)
    assert told.endswith("2 servers STARTED, right-sizing BASIC; 3 servers in other ways.")
    assert "3 servers in an unknown state, right-sizing unknown" in told
