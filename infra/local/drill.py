"""`make drill`: one whole drill with no keyboard, through signed requests, printed as its thread grows.

Exit status 0 only when the drill has passed and nothing of it is left running.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta

from bot.adapters.plan_files import PlanFiles
from bot.domain.drill import Drill
from bot.domain.durations import spell
from bot.domain.measures import recovery_time
from bot.domain.plan import Plan
from bot.domain.states import DrillState, Outcome
from infra.local.named_faults import FAULTS
from infra.local.printer import Printer
from infra.local.slack.feed import Change, ChangeKind
from infra.local.slack.records import Message
from infra.local.world import PLANS, World

LONGEST = timedelta(hours=12)
"""World time after which a drill that has not ended is given up."""
HESITATION = timedelta(seconds=20)
"""World time that a person takes to read before they click."""
_CHANGES = {ChangeKind.MESSAGE_POSTED, ChangeKind.MESSAGE_UPDATED}


@dataclass(slots=True)
class Play:
    """The people of one drill: one asks and starts, others approve what is shown to them."""

    world: World
    plan: Plan
    printer: Printer
    requester: str = ""
    approvers: list[str] = field(default_factory=list)
    _clicked: set[tuple[str, str]] = field(default_factory=set)

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
            change = follower.get(timeout=0.2)
            if change:
                self._react(change)
            elif (drill := self._drill()) and self._is_over(drill):
                return drill
        return self._drill()

    def _react(self, change: Change) -> None:
        self.printer.show(change)
        message = change.subject
        if change.kind not in _CHANGES or not isinstance(message, Message):
            return
        shown = _action_ids(message)
        if "start" in shown:
            self._click(self.requester, message, "start")
        if "approve" in shown:
            for user in self.approvers[: self.plan.access.minimum_approvals]:
                self._click(user, message, "approve")

    def _click(self, user: str, message: Message, action: str) -> None:
        if (message.ts, user) in self._clicked:
            return
        self._clicked.add((message.ts, user))
        self.printer.says(user, f"clicks {action.capitalize()}")
        timer = threading.Timer(
            self.world.clock.wall_seconds(HESITATION),
            lambda: self.world.person(user).click(message, action),
        )
        timer.daemon = True
        timer.start()

    def _drill(self) -> Drill | None:
        drills = self.world.drills()
        return drills[-1] if drills else None

    def _is_over(self, drill: Drill) -> bool:
        if drill.state is DrillState.ON_HOLD:
            return self.world.stack.idle()
        return drill.state is DrillState.ENDED and self.world.is_finished(drill.id)


def _action_ids(message: Message) -> set[str]:
    return {
        element.get("action_id", "")
        for block in message.content.blocks
        for element in block.get("elements", [])
        if block["type"] == "actions"
    }


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


def main(arguments: list[str] | None = None) -> int:
    """Run one drill; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plan", default="payments", choices=PlanFiles(PLANS).names())
    parser.add_argument("--speed", type=float, default=60.0, help="how many times as fast as wall time")
    faults = "; ".join(f"{name}: {fault.tells}" for name, fault in FAULTS.items())
    parser.add_argument("--fault", default="none", choices=FAULTS, help=faults)
    options = parser.parse_args(arguments)
    plan = PlanFiles(PLANS).load(options.plan)
    begun = time.monotonic()
    with World(speed=options.speed) as world:
        printer = Printer(world)
        printer.intro(plan, options.fault)
        FAULTS[options.fault].arrange(world, plan)
        drill = Play(world, plan, printer).run()
        text, passed = verdict(world, drill)
        printer.outro(text, time.monotonic() - begun)
        for failure in world.stack.failures:
            print(f"a function failed: {failure.function}: {failure.error}", file=sys.stderr)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
