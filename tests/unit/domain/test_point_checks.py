"""The check of what a drill is to be launched from: at the objective, over it, nothing there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.facts import SourceServer
from bot.domain.findings import Check, Finding, Severity
from bot.domain.launch_point import Fresh, LaunchPoint, NewestBefore, NewestExisting, RecoverySnapshot
from bot.domain.point_checks import examine_points
from tests.unit.domain.orders import server
from tests.unit.domain.story import NOON

RPO = timedelta(minutes=15)
DB = SourceServer(id=server(1), name="db-1", replication_state="CONTINUOUS")
NAMELESS = SourceServer(id=server(2), replication_state="CONTINUOUS")
BEFORE = NewestBefore(at=NOON - timedelta(hours=2))


def found(point: LaunchPoint, age: timedelta | None, which: SourceServer = DB) -> tuple[Finding, ...]:
    """What the check says of a server whose snapshot is that old; None: it has none."""
    snapshots = {} if age is None else {which.id: RecoverySnapshot(id="pit-1", at=NOON - age)}
    return examine_points([which], point, snapshots, RPO, NOON)


@pytest.mark.parametrize("age", [None, timedelta(days=9)])
def test_a_fresh_snapshot_needs_no_older_one(age: timedelta | None) -> None:
    assert found(Fresh(), age) == ()


@pytest.mark.parametrize("point", [NewestExisting(), BEFORE])
@pytest.mark.parametrize("age", [timedelta(seconds=-3), timedelta(0), timedelta(minutes=10), RPO])
def test_a_recovery_point_up_to_as_old_as_the_objective_is_fine(point: LaunchPoint, age: timedelta) -> None:
    assert found(point, age) == ()


@pytest.mark.parametrize(
    ("point", "remedy"),
    [(NewestExisting(), "Look at how the server replicates."), (BEFORE, "The time was chosen so")],
)
def test_an_older_one_is_a_warning_with_the_numbers(point: LaunchPoint, remedy: str) -> None:
    (finding,) = found(point, RPO + timedelta(seconds=1))
    assert (finding.check, finding.severity, finding.server_id) == (Check.RECOVERY_POINT, Severity.WARN, DB.id)
    assert finding.fact == (
        f"db-1 ({DB.id}): its recovery point is of 2026-03-02 at 11:44 UTC, 15m1s old; the objective (RPO) is 15m."
    )
    assert remedy in finding.remedy


@pytest.mark.parametrize(
    ("point", "fact", "remedy"),
    [
        (NewestExisting(), "has no recovery point.", "point in time policy"),
        (BEFORE, "has no recovery point of 2026-03-02 at 10:00 UTC or before.", "from a later time"),
    ],
)
def test_no_recovery_point_refuses_the_drill(point: LaunchPoint, fact: str, remedy: str) -> None:
    (finding,) = found(point, None, NAMELESS)
    assert (finding.check, finding.severity) == (Check.RECOVERY_POINT, Severity.BLOCK)
    assert finding.fact == f"{NAMELESS.id} {fact}"
    assert remedy in finding.remedy


def test_each_server_is_looked_at_by_itself() -> None:
    old = RecoverySnapshot(id="pit-1", at=NOON - timedelta(hours=3))
    findings = examine_points([DB, NAMELESS], NewestExisting(), {DB.id: old}, RPO, NOON)
    assert [(each.server_id, each.severity) for each in findings] == [
        (DB.id, Severity.WARN),
        (NAMELESS.id, Severity.BLOCK),
    ]
