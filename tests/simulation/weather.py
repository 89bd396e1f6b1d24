"""What goes wrong, and when: at each call of a port, and for whole whiles.

A fault has a name, `store.save#17 reply lost`: the kind of call, the how-manieth of that kind, and what happens to it.
A story can be told once more with only some of its faults (`only`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from bot.application.ports.drs import DrsError, Refused
from bot.application.ports.evidence import ShelfError
from bot.application.ports.slack import SlackError
from bot.application.ports.storage import StoreUnavailable
from tests.simulation.chance import Chance


class Fault(StrEnum):
    """What can happen to a call."""

    FAILS = "fails"
    REPLY_LOST = "reply lost"
    KILLED_BEFORE = "killed before"
    KILLED_AFTER = "killed after"
    SLOW = "slow"
    VERY_SLOW = "very slow"


KILLS = (Fault.KILLED_BEFORE, Fault.KILLED_AFTER)
LATENCIES = {Fault.SLOW: (0.1, 3.0), Fault.VERY_SLOW: (5.0, 45.0)}
"""Seconds."""
_LIKELY: Mapping[str, Mapping[Fault, float]] = {
    "table": {Fault.FAILS: 0.01, Fault.REPLY_LOST: 0.01, Fault.SLOW: 0.03, Fault.VERY_SLOW: 0.001},
    "drs": {Fault.FAILS: 0.06, Fault.REPLY_LOST: 0.06, Fault.SLOW: 0.10, Fault.VERY_SLOW: 0.02},
    "slack": {Fault.FAILS: 0.06, Fault.REPLY_LOST: 0.04, Fault.SLOW: 0.10, Fault.VERY_SLOW: 0.01},
    "s3": {Fault.FAILS: 0.05, Fault.REPLY_LOST: 0.03, Fault.SLOW: 0.05},
    "sqs": {Fault.FAILS: 0.02, Fault.REPLY_LOST: 0.02, Fault.SLOW: 0.02},
}
_KILLED = {Fault.KILLED_BEFORE: 0.002, Fault.KILLED_AFTER: 0.002}
OUTAGES = {"slack": timedelta(minutes=10), "drs": timedelta(minutes=8), "table": timedelta(minutes=2)}
"""What can be down as a whole, and for how long at most."""
_TO_READS = (Refused.THROTTLED, Refused.UNCLEAR)
_TO_WRITES = (*_TO_READS, Refused.CONFLICT, Refused.OVER_QUOTA)


@dataclass(slots=True)
class Weather:
    """The weather of one story.

    Attributes:
        force: how much more or less goes wrong than usual; 0: nothing.
        only: the faults that may happen; None: all of them.
        struck: what has happened, in order.
    """

    chance: Chance
    force: float
    only: frozenset[str] | None = None
    struck: list[str] = field(default_factory=list)
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)
    outages: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    is_over: bool = False

    @property
    def is_calm(self) -> bool:
        """Whether nothing goes wrong now."""
        return self.is_over or not self.force

    def forecast(self, begin: datetime) -> None:
        """Lay down when what is down."""
        for what, longest in OUTAGES.items():
            if self.chance.is_so(f"outage of {what}", 0.25 * self.force):
                since = begin + timedelta(minutes=self.chance.between(f"outage of {what} since", 1, 150))
                lasts = longest * self.chance.between(f"outage of {what} for", 0.2, 1)
                self.outages.append((what, since, since + lasts))

    def at(self, kind: str, call: str, now: datetime) -> Fault | None:
        """What happens to this call."""
        if self.is_over:
            return None
        number = self.chance.number(call)
        place = f"{call}#{self.chance.asked[call]}"
        for what, since, until in self.outages:
            if what == kind and since <= now < until:
                return self._strikes(kind, f"outage of {what}", Fault.FAILS)
        for fault, likely in {**_LIKELY[kind], **_KILLED}.items():
            number -= likely * self.force
            if number < 0:
                return self._strikes(kind, place, fault)
        return None

    def happens(self, what: str, likely: float) -> bool:
        """Whether something else goes wrong: a record twice, a schedule late, a server that fails."""
        if self.is_over or not self.chance.is_so(what, likely * self.force):
            return False
        return self._strikes(what, f"{what}#{self.chance.asked[what]}", Fault.FAILS, kind=what) is not None

    def _strikes(self, port: str, place: str, fault: Fault, kind: str = "") -> Fault | None:
        name = place if kind or place.startswith("outage") else f"{place} {fault}"
        if self.only is not None and name not in self.only:
            return None
        if not self.struck or self.struck[-1] != name:
            self.struck.append(name)
        self.kinds[(kind or port, "" if kind else fault.value)] += 1
        return fault

    def error_of(self, kind: str, call: str) -> Callable[..., Exception]:
        """What makes what the caller of a port is told. `is_done`: whether the call was carried out."""
        return partial(_ERRORS[kind], self.chance, call)


def _of_drs(chance: Chance, call: str, *, is_done: bool) -> Exception:
    if is_done:
        return DrsError(Refused.UNCLEAR, "no answer")
    kinds = _TO_WRITES if call in {"drs.start_drill", "drs.terminate"} else _TO_READS
    return DrsError(chance.one_of("how DRS refuses", kinds), "DRS said no")


def _of_slack(chance: Chance, _call: str, *, is_done: bool) -> Exception:
    if is_done or chance.is_so("Slack does not answer", 0.5):
        return SlackError("no answer", is_unclear=True)
    return SlackError("ratelimited", retry_after=timedelta(seconds=20))


_ERRORS: Mapping[str, Callable[..., Exception]] = {
    "table": lambda *_about, **_how: StoreUnavailable("the table does not answer", retryable=True),
    "drs": _of_drs,
    "slack": _of_slack,
    "s3": lambda *_about, **_how: ShelfError("SlowDown"),
    "sqs": lambda *_about, **_how: ConnectionError("SQS does not answer"),
}
