"""`python -m tests.simulation.mutants`: faults that somebody could write into the product, and whether they are found.

Each one is put into the running program, and stories are told until a promise is broken: within so many drills, or else
the simulation has a hole there.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing import get_context
from typing import Any

from bot.application import cleaning, deciding, launching, reconcile
from bot.application.executor import Executor
from bot.application.finder import Finder
from bot.application.lanes import LaneDrain
from bot.application.results import Again, Done
from bot.domain import audit, duties, rounds
from bot.domain.cleanup_events import InstancesObserved
from bot.domain.drill import Drill
from bot.domain.person import Person
from tests.fakes.slack import FakeSlack
from tests.fakes.store import MemoryOutbox, MemoryStore
from tests.simulation.simulation import tell

WITHIN = 1000
"""Drills in which each has to be found."""
Change = tuple[Any, str, Any]


def _no_wait(*_arguments: object, **_named: object) -> None:
    return None


def _sends_again(_self: object, *_known: object) -> None:
    """As if nothing could have come of an earlier claim."""


def _always_ours(self: MemoryStore, drill_id: str, key: Any, now: Any) -> Any:
    found = _CLAIM(self, drill_id, key, now)
    return type(found)(found.key, is_ours=True, since=now)


_CLAIM, _SETTLE = MemoryStore.claim, Executor._settle


def _no_versions(self: MemoryStore, change: Any) -> None:
    self._refuse_replay(change.replay_key)


def _gives_up(self: Executor, item: Any, result: Any) -> None:
    _SETTLE(self, item, Done() if isinstance(result, Again) and result.error else result)


def _empty_when_unread(self: Any, drill: Any, turn: int) -> Any:
    found = _CLEAN_UP(self, drill, turn)
    is_error = (isinstance(found, Again) and found.error) or type(found).__name__ == "CleanupHindered"
    return InstancesObserved(present=(), turn=turn) if is_error else found


_CLEAN_UP, _RECORD = cleaning.Cleaning.clean_up, audit.record


def _unchained(*arguments: Any, **named: Any) -> Any:
    return _RECORD(*arguments, **{**named, "previous": audit.GENESIS})


def _out_of_order(self: LaneDrain, drill_id: str) -> Any:
    now = self.clock()
    return [item for item in self.outbox.pending(drill_id, self.lane) if item.due_at <= now]


def _all_instances(instances: Any, _drill: Any) -> Any:
    return tuple(each for each in instances if cleaning.is_up(each))


def _keeps_locks(self: MemoryStore, change: Any) -> Any:
    held = dict(self._owners(change.after.target))
    return {**held, **{server.id: change.after.id for server in change.after.servers}}


def _never(_self: object, *_arguments: object) -> None:
    """As if nobody looked."""


MUTANTS: Mapping[str, tuple[Change, ...]] = {
    "sends a launch again without looking for its job": ((launching.Launching, "_look_for_job", _sends_again),),
    "finds no job by its tags": ((launching, "_find", _never),),
    "claims no launch for itself": ((MemoryStore, "claim", _always_ours),),
    "launches what is wanted no more": ((Drill, "may_launch", lambda _self, _key: True),),
    "writes over what others have written": ((MemoryStore, "_check", _no_versions),),
    "lets anybody operate": ((duties, "authorise", _no_wait),),
    "lets anybody approve": ((Person, "is_among", lambda _self, _who: True),),
    "forgets the four eyes": ((rounds, "_refuse_barred", _no_wait),),
    "gives work up that has failed once": ((Executor, "_settle", _gives_up),),
    "takes a failed look for an empty one": ((cleaning.Cleaning, "clean_up", _empty_when_unread),),
    "terminates whatever runs": ((cleaning, "ours", _all_instances),),
    "never looks for what was left behind": ((Finder, "_queue_wakes", _never),),
    "never polls": ((Finder, "_queue_polls", _never), (reconcile.Poller, "poll_place", _never)),
    "chains no record to the one before": ((deciding, "record", _unchained),),
    "posts without looking whether it has": ((FakeSlack, "_find", _never),),
    "overtakes what stands before it in a lane": ((LaneDrain, "_due", _out_of_order),),
    "keeps locks for ever": ((MemoryStore, "_owners_after", _keeps_locks),),
    "takes work for done that was postponed": ((MemoryOutbox, "postpone", lambda self, item, *_rest: self.done(item)),),
}


@contextmanager
def mutated(name: str) -> Iterator[None]:
    """The product with one fault in it."""
    changes = MUTANTS[name]
    before = [(owner, attribute, getattr(owner, attribute)) for owner, attribute, _ in changes]
    for owner, attribute, changed in changes:
        setattr(owner, attribute, changed)
    try:
        yield
    finally:
        for owner, attribute, was in before:
            setattr(owner, attribute, was)


def hunt(name: str) -> tuple[str, int, str]:
    """The mutant, in how many drills it was found, and by which promise; 0: it was not."""
    drills, seed = 0, 0
    with mutated(name):
        while drills < WITHIN:
            seed += 1
            try:
                story = tell(seed)
            except Exception as error:  # noqa: BLE001 - whatever stops a story shows that something is wrong
                return name, max(drills, 1), f"{type(error).__name__}: {error}"
            drills += len(story.outcomes)
            if story.broken:
                return name, drills, story.broken[0]
    return name, 0, ""


def main(arguments: list[str] | None = None) -> int:
    """Hunt them all; the exit status is how many were not found."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.mutants", description=__doc__)
    parser.add_argument("names", nargs="*", help="some of them; absent: all")
    names = parser.parse_args(arguments).names or list(MUTANTS)
    begun, missed = time.monotonic(), 0
    with get_context("spawn").Pool() as pool:
        for name, drills, why in pool.imap(hunt, names):
            missed += not drills
            print(f"{name:<52}{f'found in drill {drills}' if drills else 'NOT FOUND':<22}{why[:120]}", flush=True)
    print(f"\n{len(names) - missed} of {len(names)} found, in {timedelta(seconds=int(time.monotonic() - begun))}")
    return missed


if __name__ == "__main__":
    sys.exit(main())
