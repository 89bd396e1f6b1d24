"""A drill as its people live it: what they type and click goes in as signed requests, what they read comes out.

drill = story(waves=[["critical"], ["critical"]])
drill.ask("ada")
drill.click("ada", "card", "start")
drill.until_asked(wave=2)
drill.click("grace", "approval/2/1", "approve")
drill.until_ended()
assert drill.drill.outcome == "passed"
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.domain.drill import Drill
from bot.domain.plan import Plan
from bot.domain.states import DrillState, WaveState
from infra.local import drs
from infra.local.slack.client import Person, Reply
from infra.local.slack.records import Message
from infra.local.slack.transcript import content_lines, message_lines, transcript
from infra.local.world import World
from tests.scenarios.written_plans import CHANNEL

PATIENCE = 20.0
"""Seconds of wall time after which what a story waits for is taken not to come."""


@dataclass(slots=True)
class Story:
    """One plan's drill in the shared world. `drill` is the drill as stored now."""

    world: World
    plan: Plan
    id: str = ""
    patience: float = PATIENCE
    replies: list[Reply] = field(default_factory=list)

    @property
    def drill(self) -> Drill:
        return self.world.drill(self.id)

    def person(self, name: str) -> Person:
        return self.world.person(name)

    def command(self, who: str, text: str) -> Reply:
        """Type `/drs <text>` in the plan's channel."""
        reply = self.person(who).command("/drs", text, channel=CHANNEL)
        self.replies.append(reply)
        return reply

    def propose(self, who: str = "ada") -> Reply:
        """Type `/drs drill <plan>` and wait until the drill is there."""
        known = {drill.id for drill in self.world.drills()}
        reply = self.command(who, f"drill {self.plan.name}")
        fresh = [drill.id for drill in self.world.drills() if drill.id not in known and drill.plan == self.plan]
        assert fresh, f"no drill was proposed: {self.told(who)}"
        self.id = fresh[-1]
        return reply

    def pick(self, who: str, **chosen: str) -> Reply:
        """Propose in the form, with more than the plan chosen there: `pick("ada", point="newest")`."""
        known = {drill.id for drill in self.world.drills()}
        self.command(who, "drill")
        reply = self.submit(who, {"plan": self.plan.name, **chosen})
        fresh = [drill.id for drill in self.world.drills() if drill.id not in known and drill.plan == self.plan]
        self.id = fresh[-1] if fresh else ""
        return reply

    def ask(self, who: str = "ada") -> None:
        """Propose, and wait until Start is offered."""
        self.propose(who)
        self.until(lambda drill: drill.state is DrillState.READY)
        self.until_shown("card", "start")

    def start(self, who: str = "ada") -> None:
        """Propose and start."""
        self.ask(who)
        self.click(who, "card", "start")
        self.until(lambda drill: drill.started_at is not None)

    def click(self, who: str, topic: str, action: str, revision: int | None = None) -> Reply:
        """Click a button of the message on a topic."""
        reply = self.person(who).click(self.message(topic), action, revision=revision)
        self.replies.append(reply)
        return reply

    def approve(self, who: str, wave: int, asked: int = 1) -> Reply:
        """Wait until a wave is to be approved, and approve it."""
        self.until_asked(wave, asked)
        return self.click(who, f"approval/{wave}/{asked}", "approve")

    def write(self, who: str, topic: str, action: str, words: str) -> Reply:
        """Click a button that opens a form, write some words into it, and submit it."""
        self.click(who, topic, action)
        return self.submit(who, {"words": words})

    def reject(self, who: str, wave: int, words: str, asked: int = 1) -> Reply:
        """Reject a wave in the form for it."""
        return self.write(who, f"approval/{wave}/{asked}", "reject", words)

    def approve_saying(self, who: str, wave: int, words: str, asked: int = 1) -> Reply:
        """Approve a wave with a comment, by the menu beside its buttons."""
        request = self.message(f"approval/{wave}/{asked}")
        self.replies.append(self.person(who).click(request, "more", menu(request)["Approve with a comment…"]))
        return self.submit(who, {"words": words})

    def submit(self, who: str, filled: dict[str, Any] | None = None) -> Reply:
        """Submit the form in front of somebody."""
        reply = self.person(who).submit(filled)
        self.replies.append(reply)
        return reply

    def form(self, who: str) -> str:
        """What the form in front of somebody says; nothing when none is open."""
        state = self.world.slack.state
        view = state.views.on_top(self.person(who).user.id)
        return "\n".join(content_lines(state, "", view.definition["blocks"])) if view else ""

    def complaints(self, who: str) -> dict[str, str]:
        """What the form in front of somebody says of its inputs."""
        view = self.world.slack.state.views.on_top(self.person(who).user.id)
        return dict(view.errors) if view else {}

    def until(self, holds: Callable[[Drill], bool]) -> Drill:
        """Wait until something holds of the drill."""
        try:
            self.world.stack.wait_until(lambda: holds(self.drill), self.patience)
        except TimeoutError as late:
            stored = self.drill.model_dump_json(exclude={"plan"})
            raise AssertionError(f"it never came: {stored}\n{self.told_by_functions()}") from late
        return self.drill

    def until_ended(self) -> Drill:
        """Wait until the drill has ended and Slack shows it."""
        self.until(lambda drill: drill.state is DrillState.ENDED)
        return self.until(lambda _drill: self.world.is_finished(self.id))

    def until_held(self) -> Drill:
        """Wait until the drill is on hold, and Slack asks for a decision."""
        held = self.until(lambda drill: drill.state is DrillState.ON_HOLD)
        self.until_shown(f"hold/{len(held.holds)}", "retry")
        return held

    def until_asked(self, wave: int, asked: int = 1) -> None:
        """Wait until Slack asks for the approval of a wave."""
        self.until(lambda drill: drill.wave(wave).state is WaveState.AWAITING_APPROVAL)
        self.until_shown(f"approval/{wave}/{asked}", "approve")

    def until_shown(self, topic: str, action: str | None = None) -> Message:
        """Wait until Slack shows a topic's message, with a certain button if one is named."""

        def shown() -> bool:
            message = self.find(topic)
            return message is not None and (action is None or action in actions(message))

        self.world.stack.wait_until(shown, self.patience)
        return self.message(topic)

    def find(self, topic: str) -> Message | None:
        """The message on a topic, if it was posted."""
        found = self.all_messages(topic)
        return found[-1] if found else None

    def message(self, topic: str) -> Message:
        """The message on a topic."""
        found = self.find(topic)
        assert found, f"nothing was posted on {topic}"
        return found

    def all_messages(self, topic: str | None = None) -> list[Message]:
        """Every message of the drill that is in Slack, or all on one topic."""
        book = self.world.slack.state.messages
        wanted = f"{self.id}:{topic}" if topic else f"{self.id}:"
        return [
            message
            for message in book.in_channel(CHANNEL)
            if (key := _key(message)) and (key == wanted if topic else key.startswith(wanted))
        ]

    def owns(self, message: Message) -> bool:
        """Whether a message is this drill's."""
        return _key(message).startswith(f"{self.id}:")

    def topics(self) -> list[str]:
        """What the drill's messages are about, in the order of the channel."""
        return [_key(message).removeprefix(f"{self.id}:") for message in self.all_messages()]

    def lines(self, topic: str) -> str:
        """What the message on a topic says now."""
        return "\n".join(message_lines(self.world.slack.state, self.message(topic)))

    def thread(self) -> list[str]:
        """What the drill's thread says."""
        return transcript(self.world.slack.state, CHANNEL, self.message("card").ts)

    def told(self, who: str) -> str:
        """The newest thing that only this person sees."""
        state = self.world.slack.state
        private = state.private.ephemerals(state.user(self.person(who).user.id).id, CHANNEL)
        return "\n".join(message_lines(state, private[-1])) if private else ""

    def jobs(self) -> list[dict[str, Any]]:
        """The launch jobs that DRS has of this plan's servers, oldest first."""
        ours = set(self.plan.server_ids)
        return [
            job
            for job in drs.jobs(self.world.account, self.world.region)
            if job["type"] == "LAUNCH" and ours & {server["sourceServerID"] for server in job["participatingServers"]}
        ]

    def instances(self) -> list[drs.ExistingInstance]:
        """What runs of this plan's servers."""
        return [i for i in self.world.running_instances() if i.source_server_id in self.plan.server_ids]

    def told_by_functions(self) -> str:
        """What the functions say, for a test that is about to fail."""
        stack = self.world.stack
        failures = [f"{failure.function}: {failure.error}" for failure in stack.failures[-3:]]
        logs = [f"{name}: {stack.log(name)[-1500:]}" for name in ("executor", "notifier", "finder", "poller")]
        return "\n".join([f"world time {self.world.now()}", *failures, *logs])


def actions(message: Message) -> set[str]:
    """The buttons that a message offers."""
    return {
        element["action_id"]
        for block in message.content.blocks
        if block["type"] == "actions"
        for element in block["elements"]
    }


def menu(message: Message) -> dict[str, str]:
    """The options of the menus beside its buttons: what each says, and its value."""
    elements = [element for block in message.content.blocks for element in block.get("elements", [])]
    menus = [element["options"] for element in elements if element["type"] == "overflow"]
    return {option["text"]["text"]: option["value"] for options in menus for option in options}


def _key(message: Message) -> str:
    payload = (message.content.metadata or {}).get("event_payload", {})
    return str(payload.get("key", ""))
