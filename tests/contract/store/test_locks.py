"""A server is in one running drill at a time, and so is a plan; an account and Region knows nothing of another's."""

from __future__ import annotations

import pytest

from bot.domain.commands import Lane
from bot.domain.errors import ServersLocked
from bot.domain.events import PreflightCompleted, ServersSelected
from bot.domain.plan import Target
from bot.domain.plan_servers import Selector
from bot.domain.state_machine import Locks
from tests.contract.store.backends import Storage
from tests.contract.store.drills import (
    HINDERED,
    HOME,
    STARTED,
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

ELSEWHERE = (
    Target(account_id="444455556666", region="eu-west-1"),
    Target(account_id="111122223333", region="eu-west-3"),
)


def test_start_takes_every_server_and_the_plan(storage: Storage) -> None:
    assert storage.store.locks(HOME) == {}
    running(storage.store, "d-1", plan_of(2, 1))
    held = {server(1): "d-1", server(2): "d-1", server(3): "d-1", "plan:payments": "d-1"}
    assert storage.store.locks(HOME) == held


def test_a_server_of_another_drill_refuses_the_start_and_changes_nothing(storage: Storage) -> None:
    running(storage.store, "d-1", plan_of(2))
    waiting = ready(storage.store, "d-2", plan_of(2, name="shop", first=2))
    work = storage.outbox.pending("d-2", Lane.WORK)
    with pytest.raises(ServersLocked) as refused:
        save(storage.store, waiting, STARTED)
    assert refused.value.owners == {server(2): "d-1"}
    assert storage.store.load("d-2") == waiting
    assert storage.outbox.pending("d-2", Lane.WORK) == work
    assert set(storage.store.locks(HOME).values()) == {"d-1"}


def test_locks_follow_the_servers_that_tags_choose(storage: Storage) -> None:
    plan = plan_of(1)
    wave = plan.waves[0].model_copy(update={"select": Selector(tags={"Tier": ("web",)})})
    stored = save(storage.store, None, proposal("d-1", plan.model_copy(update={"waves": (wave,)})))
    chosen = ((server(1), server(5), server(6)),)
    stored = save(storage.store, stored, PreflightCompleted(findings=(), names={}, servers=chosen))
    assert storage.store.locks(HOME) == {}
    stored = save(storage.store, stored, STARTED)
    held = dict.fromkeys([*chosen[0], "plan:payments"], "d-1")
    assert storage.store.locks(HOME) == held
    others = ((server(1), server(5), server(7)),)
    stored = save(storage.store, stored, ServersSelected(servers=others, names={}))
    assert storage.store.locks(HOME) == {}
    stored = save(storage.store, stored, PreflightCompleted(findings=(), names={}, servers=others))
    stored = save(storage.store, save(storage.store, stored, STARTED), ServersSelected(servers=others, names={}))
    assert storage.store.locks(HOME) == dict.fromkeys([*others[0], "plan:payments"], "d-1")
    assert storage.store.load("d-1") == stored


def test_a_plan_runs_once_even_where_its_servers_have_changed(storage: Storage) -> None:
    running(storage.store, "d-1", plan_of(1))
    with pytest.raises(ServersLocked) as refused:
        running(storage.store, "d-2", plan_of(1, first=7))
    assert refused.value.owners == {"plan:payments": "d-1"}


def test_drills_without_a_common_server_run_side_by_side(storage: Storage) -> None:
    running(storage.store, "d-1", plan_of(2))
    running(storage.store, "d-2", plan_of(2, name="shop", first=3))
    assert set(storage.store.locks(HOME).values()) == {"d-1", "d-2"}


@pytest.mark.parametrize("elsewhere", ELSEWHERE, ids=["another account", "another Region"])
def test_elsewhere_the_same_plan_and_servers_are_free(storage: Storage, elsewhere: Target) -> None:
    running(storage.store, "d-1")
    running(storage.store, "d-2", target=elsewhere)
    assert set(storage.store.locks(HOME).values()) == {"d-1"}
    assert set(storage.store.locks(elsewhere).values()) == {"d-2"}


def test_locks_are_held_until_nothing_of_the_drill_is_left(storage: Storage) -> None:
    stored = cleaning_up(storage.store, "d-1")
    assert set(storage.store.locks(HOME).values()) == {"d-1"}
    ended(storage.store, stored)
    assert storage.store.locks(HOME) == {}


def test_a_drill_gives_back_only_its_own_locks(storage: Storage) -> None:
    stored = cleaning_up(storage.store, "d-1")
    running(storage.store, "d-2", plan_of(1, name="shop", first=9))
    ended(storage.store, stored)
    assert storage.store.locks(HOME) == {server(9): "d-2", "plan:shop": "d-2"}
    running(storage.store, "d-3")


def test_taking_locks_again_or_giving_back_none_does_no_harm(storage: Storage) -> None:
    stored = cleaning_up(storage.store, "d-1")
    held = storage.store.locks(HOME)
    stored = storage.store.save(change_for(stored, HINDERED, locks=Locks.ACQUIRE))
    assert storage.store.locks(HOME) == held
    other = ready(storage.store, "d-2", plan_of(1, name="shop", first=9))
    storage.store.save(change_for(other, STARTED, locks=Locks.RELEASE))
    assert storage.store.locks(HOME) == held
