"""A small world around one drill, for the random walks: its clock, its outbox and its record.

`apply` puts an event through `transition`, holds the step against `laws.py` and keeps the outbox as the store would.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TypeVar

from bot.domain.commands import CleanUp, Command, Draw, LaunchBatch, RunChecks, RunPreflight, SelectAgain
from bot.domain.drill import Drill
from bot.domain.errors import DrillError
from bot.domain.events import Event
from bot.domain.person import Person
from bot.domain.plan import Plan
from bot.domain.state_machine import Decision, transition
from bot.domain.states import DrillState, LaunchState
from tests.unit.domain import laws
from tests.unit.domain.orders import proposal
from tests.unit.domain.story import NOON

Work = TypeVar("Work", bound=Command)


class World:
    """A drill with its outbox and its record."""

    def __init__(self, plan: Plan, requester: Person) -> None:
        self.now = NOON
        self.outbox: list[Command] = []
        self.record: list[tuple[Event, datetime, Decision]] = []
        self._keep(proposal(plan, requester), transition(None, proposal(plan, requester), self.now), None)

    @property
    def drill(self) -> Drill:
        return self.record[-1][2].drill

    def pending(self, kind: type[Work]) -> list[Work]:
        return [command for command in self.outbox if isinstance(command, kind)]

    def apply(self, event: Event, done: Command | None = None) -> DrillError | None:
        """Let an event happen, as the result of a piece of work or not. An error means that nothing has changed."""
        before = self.drill
        written = before.model_dump_json()
        try:
            decision = transition(before, event, self.now)
        except DrillError as refused:
            assert before.model_dump_json() == written
            self._done(done)
            return refused
        laws.hold(before, event, self.now, decision)
        self._keep(event, decision, done)
        return None

    def _keep(self, event: Event, decision: Decision, done: Command | None) -> None:
        self._done(done)
        self.outbox += [command for command in decision.commands if not isinstance(command, Draw)]
        self.record.append((event, self.now, decision))
        self._nothing_is_forgotten()

    def _done(self, done: Command | None) -> None:
        if done:
            self.outbox.remove(done)

    def _nothing_is_forgotten(self) -> None:
        """Whatever the drill waits for from the executor is in the outbox."""
        looked_after = {command.key for command in self.pending(LaunchBatch)}
        asked = {launch.key for launch in self.drill.launches if launch.state is LaunchState.REQUESTED}
        assert asked <= looked_after, "a launch that is asked for has no command"
        assert self.drill.state is not DrillState.PROPOSED or self.pending(RunPreflight)
        assert self.drill.state is not DrillState.STARTING or self.pending(SelectAgain)
        if self.drill.state is DrillState.CLEANING_UP and self.drill.cleanup:
            turns = [look.turn for look in self.pending(CleanUp)]
            assert turns.count(self.drill.cleanup.turn) == 1, "the cleanup is looked at by one row of looks"

        if self.drill.state in {DrillState.RUNNING, DrillState.ON_HOLD, DrillState.OPERATING}:
            looks = Counter((look.wave, look.round) for look in self.pending(RunChecks))
            open_ = {(w.number, w.checking.number) for w in self.drill.waves if w.checking and w.checking.open_runs}
            assert all(looks[each] == 1 for each in open_), "open checks are looked at by one row of looks"

    def copy(self) -> World:
        twin = object.__new__(World)
        twin.now, twin.outbox, twin.record = self.now, list(self.outbox), list(self.record)
        return twin
