"""A drill is saved with everything that its event changes, or not at all; and it is loaded as it was saved."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.application.ports.storage import StoredDrill
from bot.domain.audit import GENESIS, digest
from bot.domain.commands import CleanUp, Draw, Lane, LaunchBatch, RunPreflight, Topic, TopicKind
from bot.domain.errors import AlreadyDone, ConcurrentUpdate, Replayed, ServersLocked, UnknownDrill
from bot.domain.events import JobStarted
from bot.domain.report_rules import A_WHILE
from bot.domain.state_machine import Locks
from bot.domain.states import DrillState
from tests.contract.store.backends import Storage
from tests.contract.store.drills import (
    CHECKED,
    FIRST,
    HINDERED,
    HOME,
    NOON,
    STARTED,
    WITHDRAWN,
    change_for,
    cleaning_up,
    ended,
    plan_of,
    proposal,
    ready,
    running,
    save,
    server,
)

SECOND = timedelta(seconds=1)


def test_a_drill_that_was_never_saved_is_unknown(storage: Storage) -> None:
    with pytest.raises(UnknownDrill, match="d-1"):
        storage.store.load("d-1")
    assert storage.store.records("d-1") == ()


def test_each_version_is_loaded_as_it_was_saved(storage: Storage) -> None:
    stored: StoredDrill | None = None
    for event in (proposal("d-1", plan_of(2, 1)), CHECKED, STARTED, JobStarted(key=FIRST, job_id="drsjob-1")):
        stored = save(storage.store, stored, event)
        assert storage.store.load("d-1") == stored
    assert stored
    assert (stored.drill.version, stored.drill.state) == (4, DrillState.RUNNING)


def test_an_ended_drill_is_loaded_too(storage: Storage) -> None:
    stored = ended(storage.store, cleaning_up(storage.store, "d-1"))
    assert stored.drill.state is DrillState.ENDED
    assert storage.store.load("d-1") == stored


def test_drills_do_not_mix(storage: Storage) -> None:
    one = ready(storage.store, "d-1")
    two = save(storage.store, None, proposal("d-1-2", plan_of(3, name="shop")))
    assert storage.store.load("d-1") == one
    assert storage.store.load("d-1-2") == two
    assert len(storage.store.records("d-1")) == 2


def test_the_record_is_every_event_in_order_and_chained(storage: Storage) -> None:
    stored = running(storage.store, "d-1")
    records = storage.store.records("d-1")
    assert [kept.version for kept in records] == [1, 2, 3]
    assert [kept.event.type for kept in records] == ["drill_proposed", "preflight_completed", "drill_started"]
    assert [kept.previous for kept in records] == [GENESIS, records[0].hash, records[1].hash]
    assert all(digest(kept.model_dump(mode="json")) == kept.hash for kept in records)
    assert stored.audit_head == records[-1].hash


def test_a_drill_that_has_moved_on_cannot_be_saved_and_nothing_of_the_change_is_kept(storage: Storage) -> None:
    stale = ready(storage.store, "d-1")
    current = save(storage.store, stale, WITHDRAWN)
    with pytest.raises(ConcurrentUpdate):
        save(storage.store, stale, STARTED, replay_key="k", replay_until=NOON + timedelta(days=9))
    assert storage.store.load("d-1") == current
    assert [kept.event.type for kept in storage.store.records("d-1")][-1] == "proposal_withdrawn"
    assert [item.command.type for item in storage.outbox.pending("d-1", Lane.WORK)] == ["run_preflight", "make_report"]
    assert storage.store.locks(HOME) == {}
    save(storage.store, None, proposal("d-2"), replay_key="k", replay_until=NOON + timedelta(days=9))


def test_work_that_is_not_to_be_done_yet_is_due_when_it_is_to_be(storage: Storage) -> None:
    save(storage.store, ready(storage.store, "d-1"), WITHDRAWN)
    (report,) = [item for item in storage.outbox.pending("d-1", Lane.WORK) if item.command.type == "make_report"]
    assert report.due_at == NOON + A_WHILE


def test_a_drill_id_is_used_once(storage: Storage) -> None:
    first = save(storage.store, None, proposal("d-1"))
    with pytest.raises(ConcurrentUpdate):
        save(storage.store, None, proposal("d-1", plan_of(2, name="shop")))
    assert storage.store.load("d-1") == first


def test_a_drill_that_was_never_saved_cannot_move_on(storage: Storage) -> None:
    imagined = change_for(None, proposal("d-1"))
    with pytest.raises(ConcurrentUpdate):
        save(storage.store, StoredDrill(imagined.after, imagined.record.hash), CHECKED)
    with pytest.raises(UnknownDrill):
        storage.store.load("d-1")


def test_commands_go_into_their_lanes_in_order(storage: Storage) -> None:
    save(storage.store, None, proposal("d-1"))
    (preflight,) = storage.outbox.pending("d-1", Lane.WORK)
    (card,) = storage.outbox.pending("d-1", Lane.SLACK)
    assert preflight.command == RunPreflight()
    assert card.command == Draw(topic=Topic(kind=TopicKind.CARD))
    assert (preflight.drill_id, preflight.lane, preflight.position) == ("d-1", Lane.WORK, "0000000001#002")
    assert (preflight.due_at, preflight.attempts, preflight.last_error) == (NOON, 0, None)


def test_work_of_later_versions_comes_after_that_of_earlier_ones(storage: Storage) -> None:
    stored = cleaning_up(storage.store, "d-1")
    for _ in range(3):
        stored = save(storage.store, stored, HINDERED)
    positions = [item.position for item in storage.outbox.pending("d-1", Lane.SLACK)]
    versions = [int(position.partition("#")[0]) for position in positions]
    assert positions == sorted(positions)
    assert set(versions) == set(range(1, stored.drill.version + 1))


def test_work_is_due_at_once_or_not_before_its_time(storage: Storage) -> None:
    save(storage.store, cleaning_up(storage.store, "d-1"), HINDERED, NOON + SECOND)
    work = storage.outbox.pending("d-1", Lane.WORK)
    times = {item.position: item.due_at for item in work if isinstance(item.command, CleanUp)}
    assert list(times.values()) == [NOON, NOON + SECOND + timedelta(minutes=1)]
    assert all(item.due_at == NOON for item in work if isinstance(item.command, LaunchBatch))


def test_finished_work_leaves_the_outbox_with_the_event_that_it_led_to(storage: Storage) -> None:
    stored = save(storage.store, None, proposal("d-1"))
    (preflight,) = storage.outbox.pending("d-1", Lane.WORK)
    save(storage.store, stored, CHECKED, done=preflight)
    assert storage.outbox.pending("d-1", Lane.WORK) == ()


def test_work_is_finished_once(storage: Storage) -> None:
    stored = save(storage.store, None, proposal("d-1"))
    (preflight,) = storage.outbox.pending("d-1", Lane.WORK)
    storage.outbox.done(preflight)
    with pytest.raises(AlreadyDone):
        save(storage.store, stored, CHECKED, done=preflight)
    assert storage.store.load("d-1") == stored


def test_who_comes_second_with_the_same_work_learns_that_it_is_done(storage: Storage) -> None:
    stored = save(storage.store, None, proposal("d-1"))
    (preflight,) = storage.outbox.pending("d-1", Lane.WORK)
    save(storage.store, stored, CHECKED, done=preflight)
    with pytest.raises(AlreadyDone):
        save(storage.store, stored, CHECKED, done=preflight)


def test_a_request_is_taken_once(storage: Storage) -> None:
    until = storage.wall.time + timedelta(minutes=5)
    stored = save(storage.store, None, proposal("d-1"), replay_key="k", replay_until=until)
    with pytest.raises(Replayed):
        save(storage.store, stored, CHECKED, replay_key="k", replay_until=until)
    with pytest.raises(Replayed):
        save(storage.store, None, proposal("d-1"), replay_key="k", replay_until=until)
    save(storage.store, stored, CHECKED, replay_key="other", replay_until=until)


def test_a_replay_key_counts_until_it_expires_by_the_wall_clock(storage: Storage) -> None:
    until = storage.wall.time + timedelta(minutes=5, milliseconds=500)
    save(storage.store, None, proposal("d-1"), replay_key="k", replay_until=until)
    storage.wall.time = until
    with pytest.raises(Replayed):
        save(storage.store, None, proposal("d-2"), replay_key="k", replay_until=until)
    storage.wall.time = until + 2 * SECOND
    save(storage.store, None, proposal("d-2"), replay_key="k", replay_until=until + timedelta(minutes=5))
    with pytest.raises(Replayed):
        save(storage.store, None, proposal("d-3"), replay_key="k", replay_until=until)


def test_of_several_reasons_the_plainest_is_told(storage: Storage) -> None:
    until = storage.wall.time + timedelta(minutes=5)
    stale = ready(storage.store, "d-1")
    (preflight,) = storage.outbox.pending("d-1", Lane.WORK)
    save(storage.store, stale, WITHDRAWN, done=preflight, replay_key="k", replay_until=until)
    with pytest.raises(Replayed):
        save(storage.store, stale, WITHDRAWN, done=preflight, replay_key="k", replay_until=until)
    with pytest.raises(AlreadyDone):
        save(storage.store, stale, WITHDRAWN, done=preflight, replay_key="new", replay_until=until)
    running(storage.store, "d-2")
    with pytest.raises(ServersLocked):
        save(storage.store, stale, STARTED, replay_key="k", replay_until=until)
    with pytest.raises(ConcurrentUpdate):
        save(storage.store, stale, STARTED, locks=Locks.KEEP)


def test_a_server_can_be_in_many_drills_that_were_not_started(storage: Storage) -> None:
    assert [ready(storage.store, name).drill.waves[0].servers[0].id for name in ("d-1", "d-2")] == [server(1)] * 2
