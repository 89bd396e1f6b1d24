"""A notifier over the fakes, with a view that shows what a test wants to be shown.

board = Board(House())
board.drain(drill_id)
board.shown                                  # texts in the channel, replies indented, oldest first
board.texts["card"] = "something else"       # what a topic looks like from now on; None: nothing to say; or an error
board.backgrounds["card"]                    # what there was beside the drill when a topic was last drawn
board.slack.refused.add("hold//1")           # Slack does not take a message of that text
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from bot.application.notifier import Notifier
from bot.application.ports.slack import Attachment, Background, Message, SlackError
from bot.application.ports.work import WorkItem
from bot.domain.commands import Draw, Lane, Topic, TopicKind
from bot.domain.drill import Drill
from bot.domain.home import Home
from bot.domain.results import PlanRecord
from tests.fakes.slack import FakeSlack
from tests.unit.application.house import House, plenty


@dataclass(slots=True)
class PickySlack(FakeSlack):
    """`FakeSlack` that refuses some texts for good, as Slack refuses blocks that it finds invalid."""

    refused: set[str] = field(default_factory=set)

    def post(self, channel: str, message: Message, thread_ts: str | None) -> str:
        if message.text in self.refused:
            self.calls.append("post")
            raise SlackError("invalid_blocks", is_about_content=True)
        return super(PickySlack, self).post(channel, message, thread_ts)


@dataclass(slots=True)
class Board:
    """What people see of a house's drills."""

    house: House = field(default_factory=House)
    slack: PickySlack = field(init=False)
    notifier: Notifier = field(init=False)
    texts: dict[str, str | Exception | None] = field(default_factory=dict)
    backgrounds: dict[str, Background] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.slack = PickySlack(self.house.wall)
        self.notifier = self.another_notifier("notifier-1")

    def another_notifier(self, owner: str) -> Notifier:
        """A notifier in a container of its own."""
        return self.house.another_notifier(owner, self.slack, self._render, self._render_home)

    def _render(self, drill: Drill, topic: Topic, background: Background) -> Message | Attachment | None:
        self.backgrounds[topic.key] = background
        text = self.texts.get(topic.key, topic.key)
        if isinstance(text, Exception):
            raise text
        return Message(key=f"{drill.id}/{topic.key}", text=text, blocks="[]") if text else None

    def _render_home(self, home: Home) -> str:
        """A Home as the text of all that it shows."""
        drills = [f"{drill.id} {drill.state}" for drill in home.drills]
        plans = [" ".join(filter(None, [plan.name, _last(home.record(plan))])) for plan in home.plans]
        groups = [f"in {group}" for group in home.person.groups]
        return " | ".join([*groups, *drills, *plans, home.notice or "no notice"])

    def ask(self, drill_id: str, *topics: str) -> None:
        """Have topics drawn (once more): `card`, `hold//1` and so on, by their keys."""
        for topic in topics:
            self.ask_for(drill_id, Topic(kind=TopicKind(topic)))

    def ask_for(self, drill_id: str, topic: Topic) -> None:
        """Have one topic drawn (once more)."""
        place = f"9{len(self.house.table.work):09}#{len(self.slack.calls):03}"
        item = WorkItem(drill_id, Lane.SLACK, place, Draw(topic=topic), self.house.clock())
        self.house.table.work[drill_id, Lane.SLACK, place] = item

    def drain(self, drill_id: str) -> None:
        """The notifier does what is due."""
        self.notifier.drain(drill_id, plenty())

    def wait_and_drain(self, drill_id: str, times: int = 1) -> None:
        """Let the first message's time come, then drain."""
        for _ in range(times):
            (first, *_) = self.house.work(drill_id, Lane.SLACK)
            self.house.pass_time(max(first.due_at - self.house.clock(), timedelta(0)))
            self.drain(drill_id)

    def waiting(self, drill_id: str) -> list[str]:
        """The topics that wait to be drawn, in order."""
        work = self.house.work(drill_id, Lane.SLACK)
        return [item.command.topic.key for item in work if isinstance(item.command, Draw)]

    @property
    def shown(self) -> list[str]:
        """What stands in the channel; replies have a dash."""
        return [f"{'- ' if post.thread_ts else ''}{post.message.text}" for post in self.slack.posts]


def _last(record: PlanRecord) -> str:
    return record.last.outcome if record.last else ""
