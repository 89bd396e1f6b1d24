"""What looks at launched servers, in memory: what starts something is RUNNING at its first look, and all passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.domain.checks import Answer, Ask, CheckResult
from bot.domain.plan import Target
from bot.domain.plan_checks import CheckKind


@dataclass(slots=True)
class FakeCheckers:
    """Makes checks anywhere.

    Attributes:
        faults: what is wrong, by the kind of check and the server (None: of the wave); until it is taken away.
        begun: the keys of all that was begun, in order.
        looks: how often anything was looked at.
        is_broken: whether each look ends in an error that nobody has foreseen.
    """

    faults: dict[tuple[CheckKind, str | None], str] = field(default_factory=dict)
    begun: list[str] = field(default_factory=list)
    looks: int = 0
    is_broken: bool = False

    def at(self, _target: Target) -> FakeCheckers:
        return self

    def look(self, _drill_id: str, asks: Sequence[Ask]) -> tuple[Answer, ...]:
        self.looks += 1
        if self.is_broken:
            raise RuntimeError("nobody has foreseen this")
        return tuple(map(self._answer, asks))

    def _answer(self, ask: Ask) -> Answer:
        if ask.check.starts_something and ask.ref is None:
            if ask.key not in self.begun:
                self.begun.append(ask.key)
            return Answer(key=ask.key, result=CheckResult.RUNNING, ref=f"ref-{ask.key}", said="has begun")
        wrong = self.faults.get((ask.check.kind, ask.server_id))
        if wrong is not None:
            return Answer(key=ask.key, result=CheckResult.FAILED, said=wrong, output=wrong)
        return Answer(key=ask.key, result=CheckResult.PASSED, said="all is well", output="OK")
