"""Facts about a drill's cleanup, and about what a sweep has found. As in `events`, fields are never renamed."""

from __future__ import annotations

from typing import Literal

from bot.domain.facts import RecoveryInstance
from bot.domain.leftovers import Leftover
from bot.domain.model import Frozen
from bot.domain.person import Person


class CleanupRequested(Frozen):
    """Somebody wants the cleanup to go on now, not at its next turn."""

    type: Literal["cleanup_requested"] = "cleanup_requested"
    actor: Person


class InstancesObserved(Frozen):
    """What DRS showed of this drill's instances during cleanup, and which of them it was told to terminate.

    `present` is complete: an instance of the drill that is not in it is gone. `problem`: why DRS would not terminate
    some of them. `turn`: of the look, as in `CleanUp`.
    """

    type: Literal["instances_observed"] = "instances_observed"
    present: tuple[RecoveryInstance, ...]
    terminating: tuple[str, ...] = ()
    job_ids: tuple[str, ...] = ()
    problem: str | None = None
    turn: int = 0


class CleanupHindered(Frozen):
    """Instances could not be looked up or terminated. It is tried again. `turn`: of the look, as in `CleanUp`."""

    type: Literal["cleanup_hindered"] = "cleanup_hindered"
    error: str
    turn: int = 0


class LeftoversFound(Frozen):
    """What a sweep has found that belongs to no open drill. `error`: why nobody could look."""

    type: Literal["leftovers_found"] = "leftovers_found"
    leftovers: tuple[Leftover, ...] = ()
    error: str | None = None
