"""People at Slack: some hurried, some clicking twice, some not allowed, some late, some on buttons long out of date.

They click what the bot has posted, and type commands; each is a signed request to the ingress function. Forms are not
filled in here: what takes words is typed as a command.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.states import DrillState
from bot.entrypoints import slack_events
from bot.views.action_ids import PROPOSE
from tests.fakes.slack import Post
from tests.simulation.containers import SIGNING_SECRET, Ports
from tests.simulation.promises import readable
from tests.simulation.sources import Functions
from tests.simulation.world import World
from tests.unit.plans import ADA, CHANNEL, EVE, GRACE, LINUS, TEAM

INGRESS = timedelta(seconds=10)
WISHES: Mapping[str, float] = {
    Action.START: 8,
    Action.APPROVE: 8,
    Action.RESUME: 6,
    Action.RETRY: 6,
    Action.CONFIRM: 6,
    Action.CLEAN_UP: 3,
    Action.REPORT: 0.5,
    Action.ABORT: 0.03,
    Action.WITHDRAW: 0.02,
}
"""How much each button is liked. What opens a form is typed."""
IDLE = 4.0
"""How much people like to do nothing."""
TYPED: Mapping[str, float] = {
    "status": 3,
    "history payments": 1,
    "approve {id}": 2,
    "reject {id} Not before the ledger is whole.": 0.6,
    "hold {id} The network team is not here yet.": 0.5,
    "resume {id}": 1,
    "retry {id} Once more.": 1,
    "skip {id} Not needed before Monday.": 0.8,
    "waive {id} Known, and harmless here.": 1,
    "abort {id} confirm": 0.04,
    "cleanup {id}": 0.5,
    "report {id}": 0.3,
    "start {id}": 1,
    "sweep payments": 0.1,
    "drill payments": 0.3,
    "check payments": 0.1,
    "whoami": 0.3,
    "nonsense {id}": 0.3,
}
EVERYBODY = (ADA, LINUS, GRACE, EVE)


@dataclass(frozen=True, slots=True)
class Button:
    """A button that stands, or has stood, in a message."""

    action: str
    value: str
    ts: str


@dataclass(slots=True)
class People:
    """Everybody. `answers`: what the ingress has answered, and how often."""

    world: World
    ports: Ports
    functions: Functions
    answers: dict[str, int] = field(default_factory=dict)
    seen: dict[Button, None] = field(default_factory=dict)
    proposals: int = 0
    _asked: int = 0

    def begin(self) -> None:
        """Everybody comes to work."""
        for person in EVERYBODY:
            self._later(person.user_id, 1, 30)

    def _later(self, user: str, low: float, high: float) -> None:
        span = timedelta(seconds=self.world.chance.between(f"{user} waits", low, high))
        self.world.after(span, user, lambda: self._act(user))

    def _act(self, user: str) -> None:
        self._later(user, 20, 400)
        if self.world.is_crowded:
            return
        chance = self.world.chance
        if not readable(self.ports):
            self.type(user, "drill payments")
        elif self.world.weather.is_over:
            self._see_to_it(user)
        elif chance.is_so(f"{user} types", 0.3):
            command = chance.weighted(f"{user} types what", TYPED)
            self.type(user, command.format(id=chance.one_of(f"{user} types which", list(self.ports.kept.drills))))
        else:
            self._click_something(user)

    def _click_something(self, user: str) -> None:
        chance = self.world.chance
        there = dict.fromkeys(self.buttons())
        self.seen |= there
        is_stale = chance.is_so(f"{user} has an old window", 0.1)
        liked = {each: WISHES[each.action] for each in (self.seen if is_stale else there) if each.action in WISHES}
        button = chance.weighted(f"{user} clicks", {**liked, None: IDLE})
        if button is None:
            return
        self.click(user, button)
        if chance.is_so(f"{user} clicks twice", 0.2):
            pause = timedelta(seconds=chance.between(f"{user} clicks twice after", 0, 2))
            self.world.after(pause, user, lambda: self.click(user, button))

    def _see_to_it(self, user: str) -> None:
        """The weather is over: everybody does what a drill waits for, and nobody asks for another one."""
        for drill in readable(self.ports):
            for button in list(self.buttons()):
                if f'"{drill.id}"' in button.value and button.action in WISHES.keys() - {Action.ABORT, Action.REPORT}:
                    self.click(user, button)
                    return
            if command := _needed(drill):
                self.type(user, command)

    def buttons(self) -> Iterator[Button]:
        """All that stand in the channel now, the newest message first."""
        for post in reversed(self.ports.slack.posts):
            yield from _buttons(post)

    # ------------------------------------------------------------------ requests

    def click(self, user: str, button: Button) -> None:
        """Send the click as Slack does (docs: block_actions payloads)."""
        if self.world.is_crowded:
            return
        payload = {
            "type": "block_actions",
            "user": {"id": user, "team_id": TEAM, "username": user},
            "team": {"id": TEAM, "domain": "simulated"},
            "channel": {"id": CHANNEL, "name": "drills"},
            "container": {"type": "message", "message_ts": button.ts, "channel_id": CHANNEL},
            "message": {"ts": button.ts, "type": "message"},
            "api_app_id": "A0SIMULATED",
            "trigger_id": f"{self._number()}.1",
            "response_url": "http://127.0.0.1:9/",
            "actions": [{"type": "button", "action_id": button.action, "block_id": "actions", "value": button.value}],
        }
        self.world.tell(f"{user} clicks {button.action} {button.value}")
        self._send(user, urlencode({"payload": json.dumps(payload)}))

    def type(self, user: str, text: str) -> None:
        """Send a slash command as Slack does."""
        if text.startswith(("drill", "sweep", "check")):
            self.proposals += 1
        fields = {
            "command": "/drs",
            "text": text,
            "user_id": user,
            "team_id": TEAM,
            "channel_id": CHANNEL,
            "trigger_id": f"{self._number()}.1",
            "response_url": "http://127.0.0.1:9/",
        }
        self.world.tell(f"{user} types /drs {text}")
        self._send(user, urlencode(fields))

    def _send(self, user: str, body: str) -> None:
        self._deliver(user, body)
        if self.world.weather.happens("request twice", 0.03):
            self._deliver(user, body)

    def _deliver(self, user: str, body: str) -> None:
        timestamp = str(int(self.world.now.timestamp()))
        signature = SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=timestamp, body=body)
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            "x-slack-request-timestamp": timestamp,
            "x-slack-signature": signature,
        }
        event = {
            "version": "2.0",
            "headers": headers,
            "requestContext": {"http": {"method": "POST", "path": "/slack/events"}, "requestId": self._number()},
            "body": body,
            "isBase64Encoded": False,
        }
        ended, answer = self.functions.run("slack_events", slack_events.lambda_handler, event, INGRESS)
        told = _said(answer) if ended else "killed"
        self.answers[told] = self.answers.get(told, 0) + 1
        if told != "answered":
            self.world.tell(f"{user} is answered: {told}")

    def _number(self) -> str:
        self._asked += 1
        return str(self._asked)


def _said(answer: Any) -> str:
    """What kind of answer it was: an error has a number by which the operators find it in the log."""
    if not isinstance(answer, dict):
        return f"no answer, but {answer!r}"
    status, body = answer["statusCode"], answer["body"]
    if status == HTTPStatus.INTERNAL_SERVER_ERROR and "reference" in body:
        return "an error with its reference"
    if status == HTTPStatus.CONFLICT:
        return "taken before"
    return "answered" if status == HTTPStatus.OK else f"{status} {body}"


def _buttons(post: Post) -> Iterator[Button]:
    blocks: list[dict[str, Any]] = json.loads(post.message.blocks)
    for block in blocks:
        for element in block.get("elements", []) if block["type"] == "actions" else []:
            if element["type"] == "button" and element["action_id"] != PROPOSE:
                yield Button(element["action_id"], element.get("value", ""), post.ts)


def _needed(drill: Drill) -> str | None:
    """What is to be typed, where no button helps."""
    if drill.state is DrillState.READY:
        return f"waive {drill.id} Known, and harmless here." if drill.standing_warnings else f"start {drill.id}"
    if drill.hold:
        return f"abort {drill.id} confirm" if drill.hold.is_requested is False else f"resume {drill.id}"
    return None
