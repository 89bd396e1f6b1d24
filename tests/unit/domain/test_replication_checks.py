"""How well servers replicate: at the limit, over it, and where DRS does not say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.facts import ReplicatedDisk, SourceServer
from bot.domain.findings import Check, Severity
from bot.domain.replication_checks import SILENT_AFTER, examine_health, examine_lag, examine_replication
from tests.unit.domain.orders import server

S1 = server(1)
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
RPO = timedelta(minutes=15)
SECOND = timedelta(seconds=1)
GIB = 1024**3
WELL = SourceServer(id=S1, name="db-1", replication_state="CONTINUOUS", lag=timedelta(), last_seen=NOW)
WHOLE = ReplicatedDisk(device="/dev/sda", total=8 * GIB, replicated=8 * GIB, to_rescan=0, backlog=0)


def but(**changes: object) -> SourceServer:
    return WELL.model_copy(update=changes)


@pytest.mark.parametrize(
    ("lag", "fact"),
    [
        (timedelta(), None),
        (RPO, None),
        (RPO + SECOND, f"db-1 ({S1}) lags 15m1s behind; the objective (RPO) is 15m."),
        (None, f"DRS does not say how far db-1 ({S1}) lags behind."),
    ],
    ids=["none", "at the limit", "over", "unknown"],
)
def test_lag_is_held_against_the_objective(lag: timedelta | None, fact: str | None) -> None:
    found = list(examine_lag(but(lag=lag), RPO))
    assert [finding.fact for finding in found] == ([fact] if fact else [])
    assert {(f.check, f.severity, f.limit, f.key) for f in found} <= {(Check.LAG, Severity.WARN, "15m", f"lag:{S1}")}


@pytest.mark.parametrize(
    ("last_seen", "fact"),
    [
        (NOW, None),
        (NOW + SECOND, None),
        (NOW - SILENT_AFTER, None),
        (NOW - SILENT_AFTER - SECOND, f"db-1 ({S1}) was last seen 15m1s ago."),
        (None, f"DRS does not say when db-1 ({S1}) was last seen."),
    ],
    ids=["now", "DRS's clock is ahead", "at the limit", "over", "unknown"],
)
def test_an_agent_that_is_silent_for_too_long_is_a_warning(last_seen: datetime | None, fact: str | None) -> None:
    found = list(examine_health(but(last_seen=last_seen), NOW))
    assert [finding.fact for finding in found] == ([fact] if fact else [])
    assert {(f.check, f.severity) for f in found} <= {(Check.LAST_SEEN, Severity.WARN)}


@pytest.mark.parametrize(
    ("disk", "fact"),
    [
        (WHOLE, None),
        (WHOLE.model_copy(update={"backlog": GIB}), None),
        (ReplicatedDisk(), None),
        (WHOLE.model_copy(update={"to_rescan": 1}), "0.0 MiB of /dev/sda are to be read again"),
        (WHOLE.model_copy(update={"to_rescan": 2 * GIB}), "2.0 GiB of /dev/sda are to be read again"),
        (WHOLE.model_copy(update={"replicated": 8 * GIB - 1}), "8.0 GiB of 8.0 GiB of /dev/sda are replicated"),
        (WHOLE.model_copy(update={"device": "", "to_rescan": GIB}), "1.0 GiB of a disk are to be read again"),
    ],
    ids=["whole", "backlog alone", "nothing said", "a byte", "rescan", "not whole", "no name"],
)
def test_disks_that_are_not_replicated_are_a_warning(disk: ReplicatedDisk, fact: str | None) -> None:
    found = list(examine_health(but(disks=(WHOLE, disk)), NOW))
    assert [finding.fact for finding in found] == ([f"db-1 ({S1}): {fact}."] if fact else [])
    assert {(f.check, f.severity) for f in found} <= {(Check.DISKS, Severity.WARN)}


def test_all_disks_of_a_server_are_one_finding() -> None:
    rescanned = WHOLE.model_copy(update={"to_rescan": GIB})
    (found,) = examine_health(but(disks=(rescanned, rescanned)), NOW)
    assert found.fact.count("to be read again") == 2


def test_a_server_that_does_not_replicate_is_told_once_with_all_that_drs_says_of_it() -> None:
    stalled = but(
        replication_state="STALLED",
        replication_error="NOT_CONVERGING",
        lag=timedelta(hours=3),
        last_seen=None,
        disks=(ReplicatedDisk(to_rescan=GIB),),
    )
    (found,) = examine_replication(S1, stalled)
    assert found.blocks
    assert found.fact == f"db-1 ({S1}) does not replicate (STALLED, NOT_CONVERGING, 3h behind)."
    assert [*examine_health(stalled, NOW), *examine_lag(stalled, RPO)] == []


def test_a_backlog_is_told_with_its_size() -> None:
    disk = WHOLE.model_copy(update={"backlog": 3 * GIB})
    (found,) = examine_replication(S1, but(replication_state="BACKLOG", lag=timedelta(minutes=4), disks=(disk, disk)))
    assert found.fact == f"db-1 ({S1}) replicates with a backlog (BACKLOG, 4m behind). 6.0 GiB wait to be replicated."
