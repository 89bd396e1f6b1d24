"""The two Slacks of the contract suite, each with what a test needs to do to it and to see of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Protocol

from slack_sdk import WebClient

from bot.adapters.slack import EVENT_TYPE, SlackChannel
from bot.application.ports.homes import HomePages
from bot.application.ports.slack import Channel, SlackError
from infra.local.slack.faults import Outage
from infra.local.slack.server import SlackServer
from tests.fakes.slack import FakeSlack

CHANNEL = "C0DRDRILLS"


class Rig(Protocol):
    """A Slack and its channel."""

    @property
    def channel(self) -> Channel:
        """What is tried."""
        ...

    @property
    def pages(self) -> HomePages:
        """The same Slack's App Homes."""
        ...

    def home(self, user: str) -> str | None:
        """The text of the first block of somebody's App Home."""
        ...

    def shown(self) -> list[tuple[str, str | None]]:
        """Text and thread of every message, oldest first."""
        ...

    def files(self) -> list[tuple[str, str, bytes, str]]:
        """Name, title, content and thread of every file, oldest first."""
        ...

    def delete(self, ts: str) -> None:
        """Somebody deletes a message."""
        ...

    def chatter(self, count: int, thread_ts: str | None = None) -> None:
        """So many messages that are not the bot's."""
        ...

    def lose_next_answer(self, method: str = "*") -> None:
        """The next call (of one of Slack's methods) is done, but nobody hears of it."""
        ...

    def limit_next_call(self, seconds: int) -> None:
        """The next call comes too soon."""
        ...

    def go_down(self) -> None:
        """From now on Slack does not answer."""
        ...


class SimulatorRig:
    """The real adapter over HTTP to the Slack simulator."""

    def __init__(self, slack: SlackServer, how: Outage) -> None:
        self.slack = slack
        self.how = how
        self._channel = SlackChannel(slack.state.app.bot_token, slack.api_url)

    @property
    def channel(self) -> Channel:
        return self._channel

    @property
    def pages(self) -> HomePages:
        return self._channel

    def home(self, user: str) -> str | None:
        view = self.slack.state.views.home(user)
        return view.definition["blocks"][0]["text"]["text"] if view else None

    def shown(self) -> list[tuple[str, str | None]]:
        seen = self.slack.state.messages.in_channel(CHANNEL)
        return [(message.content.text, message.thread_ts) for message in seen if not message.deleted]

    def files(self) -> list[tuple[str, str, bytes, str]]:
        state = self.slack.state
        return [
            (each.name, each.title, each.body or b"", state.messages.get(channel, ts).thread_ts or "")
            for each in state.files.all()
            for channel, ts in each.shared_in
        ]

    def delete(self, ts: str) -> None:
        self.slack.state.messages.delete(CHANNEL, ts)

    def chatter(self, count: int, thread_ts: str | None = None) -> None:
        client = WebClient(self.slack.state.app.bot_token, base_url=self.slack.api_url)
        for number in range(count):
            metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": f"other-{number}"}}
            client.chat_postMessage(channel=CHANNEL, text="…", thread_ts=thread_ts, metadata=metadata)

    def lose_next_answer(self, method: str = "*") -> None:
        self.slack.faults.lose_reply(method, how=self.how)

    def limit_next_call(self, seconds: int) -> None:
        self.slack.faults.rate_limit("*", retry_after=seconds)

    def go_down(self) -> None:
        self.slack.faults.down(how=self.how)


class FakeRig:
    """The fake that other tests use."""

    def __init__(self) -> None:
        self.slack = FakeSlack(channels={CHANNEL})

    @property
    def channel(self) -> Channel:
        return self.slack

    @property
    def pages(self) -> HomePages:
        return self.slack

    def home(self, user: str) -> str | None:
        view = self.slack.homes.get(user)
        return json.loads(view)["blocks"][0]["text"]["text"] if view else None

    def shown(self) -> list[tuple[str, str | None]]:
        return [(post.message.text, post.thread_ts) for post in self.slack.posts]

    def files(self) -> list[tuple[str, str, bytes, str]]:
        kept = [(each.attachment, each.thread_ts) for each in self.slack.files]
        return [(attachment.name, attachment.title, attachment.content, thread) for attachment, thread in kept]

    def delete(self, ts: str) -> None:
        self.slack.delete(CHANNEL, ts)

    def chatter(self, count: int, thread_ts: str | None = None) -> None:
        """The fake has no others, and needs no pages to read them."""

    def lose_next_answer(self, method: str = "*") -> None:  # noqa: ARG002 - here, a call is one method
        self.slack.fail(SlackError("no answer", is_unclear=True), done=True)

    def limit_next_call(self, seconds: int) -> None:
        self.slack.fail(SlackError("ratelimited", retry_after=timedelta(seconds=seconds)))

    def go_down(self) -> None:
        self.slack.is_down = True
