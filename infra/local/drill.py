"""`make drill`: one whole drill with no keyboard, through signed requests, printed as its thread grows.

Exit status 0 only when the drill has passed, perhaps with findings, nothing of it is left running, and no function has
called what its role in the template does not allow.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.adapters.plan_files import PlanFiles
from bot.domain.afterwards import EVIDENCE
from bot.domain.drill import Drill
from bot.domain.durations import spell
from bot.domain.measures import recovery_time
from bot.domain.plan import Plan
from bot.domain.states import DrillState, Outcome
from infra.local.aws.ministack import Ministack
from infra.local.evidence import proving_of, save
from infra.local.named_faults import FAULTS
from infra.local.printer import Printer
from infra.local.slack.feed import Change, ChangeKind
from infra.local.slack.interactive import NotPossible
from infra.local.slack.records import Message
from infra.local.world import PLANS, PROJECT, World

LONGEST = timedelta(hours=12)
"""World time after which a drill that has not ended is given up."""
HESITATION = timedelta(seconds=20)
"""World time that a person takes to read before they click."""
LOOK = 0.2
"""Seconds of wall time between looks at the drill when nothing happens in Slack."""
_CHANGES = {ChangeKind.MESSAGE_POSTED, ChangeKind.MESSAGE_UPDATED}


@dataclass(frozen=True, slots=True)
class _Intent:
    """What somebody will click, once they have read it."""

    at: datetime
    user: str
    message: Message
    action: str


@dataclass(slots=True)
class Play:
    """The people of one drill: one asks and starts, others approve what is shown to them."""

    world: World
    plan: Plan
    printer: Printer
    requester: str = ""
    approvers: list[str] = field(default_factory=list)
    _meant: set[tuple[str, str, str]] = field(default_factory=set)
    _intents: deque[_Intent] = field(default_factory=deque)

    def __post_init__(self) -> None:
        self.requester = self.plan.access.operators[0]
        self.approvers = [user for user in self.plan.access.approvers if user != self.requester]

    def run(self) -> Drill | None:
        """Ask for the drill, click what is asked for, and see how it ends; None: it never began."""
        follower = self.world.slack.state.feed.subscribe()
        self.printer.says(self.requester, f"/drs drill {self.plan.name}")
        self.world.person(self.requester).command("/drs", f"drill {self.plan.name}", channel=self.plan.channel)
        give_up = time.monotonic() + self.world.clock.wall_seconds(LONGEST)
        while time.monotonic() < give_up:
            change = follower.get(timeout=self._patience())
            if change:
                self._react(change)
            if self._is_click_due():
                self._click(self._intents.popleft())
            elif not change and (drill := self._drill()) and self._is_over(drill):
                return drill
        return self._drill()

    def _react(self, change: Change) -> None:
        self.printer.show(change)
        message = change.subject
        if change.kind not in _CHANGES or not isinstance(message, Message):
            return
        shown = _action_ids(message)
        if "start" in shown:
            self._intend(self.requester, message, "start")
        if "approve" in shown:
            for user in self.approvers[: self.plan.access.minimum_approvals]:
                self._intend(user, message, "approve")

    def _intend(self, user: str, message: Message, action: str) -> None:
        """Let a person click, once for what two messages may offer. All hesitate alike: who sees it first is first."""
        offered = (action, _value(message, action), user)
        if offered not in self._meant:
            self._meant.add(offered)
            self._intents.append(_Intent(self.world.now() + HESITATION, user, message, action))

    def _is_click_due(self) -> bool:
        return bool(self._intents) and self._intents[0].at <= self.world.now()

    def _patience(self) -> float:
        """Seconds of wall time to wait for a change in Slack: no longer than until the next click."""
        if not self._intents:
            return LOOK
        left = max(self._intents[0].at - self.world.now(), timedelta())
        return min(LOOK, self.world.clock.wall_seconds(left))

    def _click(self, meant: _Intent) -> None:
        self.printer.says(meant.user, f"clicks {meant.action.capitalize()}")
        try:
            self.world.person(meant.user).click(meant.message, meant.action)
        except NotPossible as gone:
            # What somebody wanted to click may go away while they read it.
            self.printer.says(meant.user, f"cannot click: {gone}")

    def _drill(self) -> Drill | None:
        drills = self.world.drills()
        return drills[-1] if drills else None

    def _is_over(self, drill: Drill) -> bool:
        if drill.state is DrillState.ON_HOLD:
            return self.world.stack.idle()
        return drill.state is DrillState.ENDED and self.world.is_finished(drill.id)


def _action_ids(message: Message) -> set[str]:
    return {element.get("action_id", "") for element in _elements(message)}


def _value(message: Message, action: str) -> str:
    return next(str(element["value"]) for element in _elements(message) if element.get("action_id") == action)


def _elements(message: Message) -> Iterator[dict[str, Any]]:
    rows = (block for block in message.content.blocks if block["type"] == "actions")
    return (element for row in rows for element in row.get("elements", []))


def verdict(world: World, drill: Drill | None) -> tuple[str, bool]:
    """How it went, in a line, and whether that is a success."""
    if drill is None:
        return "The drill was never proposed.", False
    left = world.running_instances()
    instances = f"{len(left)} instance(s) still running" if left else "no instance left running"
    if drill.state is not DrillState.ENDED:
        why = drill.hold.detail if drill.hold else drill.state.value
        return f"NOT ENDED: the drill is {drill.state.value.replace('_', ' ')} ({why}); {instances}.", False
    reached = recovery_time(drill)
    figures = (
        f"recovery time {spell(reached.gross)}, {spell(reached.net)} without waiting for people; "
        f"objective {spell(reached.objective)}"
        if reached
        else "no recovery time"
    )
    passed = drill.outcome in {Outcome.PASSED, Outcome.PASSED_WITH_FINDINGS} and not left
    outcome = drill.outcome.value.replace("_", " ").upper() if drill.outcome else "ENDED"
    return f"{outcome}: {figures}; {instances}.", passed


def evidence(world: World, drill: Drill) -> str:
    """Where the drill's evidence lies now, and whether it holds; or why there is none."""
    if drill.report is None or drill.report.newest is None:
        return f"No report: {drill.report.problem if drill.report else 'the drill has not ended'}"
    proven = proving_of(world).drill(drill.id)
    flaws = "; ".join(map(str, proven.flaws))
    where = save(world, drill).relative_to(PROJECT)
    told = f"NOT WHOLE: {flaws}" if flaws else f"verified: {', '.join(proven.looked_at)}"
    return f"Evidence in {where} ({told}).\nmake verify REPORT={where}/{EVIDENCE}"


def main(arguments: list[str] | None = None, ministack: Ministack | None = None) -> int:
    """Run one drill, in a local AWS of its own or in one that runs already; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plan", default="payments", choices=PlanFiles(PLANS).names())
    parser.add_argument("--speed", type=float, default=60.0, help="how many times as fast as wall time")
    faults = "; ".join(f"{name}: {fault.tells}" for name, fault in FAULTS.items())
    parser.add_argument("--fault", default="none", choices=FAULTS, help=faults)
    options = parser.parse_args(arguments)
    plan = PlanFiles(PLANS).load(options.plan)
    begun = time.monotonic()
    with World(speed=options.speed, ministack=ministack) as world:
        printer = Printer(world)
        printer.intro(plan, options.fault)
        FAULTS[options.fault].await_moment(world, plan)
        drill = Play(world, plan, printer).run()
        text, passed = verdict(world, drill)
        if drill:
            print(f"\n{evidence(world, drill)}")
        printer.outro(text, time.monotonic() - begun)
        for failure in world.stack.failures:
            print(f"a function failed: {failure.function}: {failure.error}", file=sys.stderr)
        denied = {f"{call['function']}: {call['action']} on {call['resource']}" for call in world.stack.denied_calls()}
        for call in sorted(denied):
            print(f"not allowed by its role: {call}", file=sys.stderr)
    return 0 if passed and not denied else 1


if __name__ == "__main__":
    sys.exit(main())
