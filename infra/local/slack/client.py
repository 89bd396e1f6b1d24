"""A person in Slack: types slash commands, clicks, fills in modals, opens the App Home.

Each act is a real HTTP request to the server's `request_url`, signed and shaped as Slack sends it; the app's answer
is taken as Slack takes it, and what the person would then see is in the server's state.

    ada = person(slack, "ada")
    reply = ada.command("/drs", "drill payments", channel="dr-drills")
    ada.click(card, "start")                                  # the button as it is now
    ada.click(card, "start", revision=0)                      # in a window that was not refreshed
    ada.tampered(secret="forged").click(card, "start")        # not from Slack at all
    ada.replay(reply)                                         # the same bytes again
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from infra.local.slack import payloads
from infra.local.slack.acknowledgement import after_action, after_command, after_submission
from infra.local.slack.delivery import (
    ACK_SECONDS,
    FORM,
    JSON,
    UNTOUCHED,
    Answer,
    SentRequest,
    Tampering,
    deliver,
    signed_request,
)
from infra.local.slack.errors import SlackRefusal
from infra.local.slack.findings import Json
from infra.local.slack.interactive import NotPossible, action, check_filled, find_element, values
from infra.local.slack.records import Content, Ephemeral, Message, Notice, View
from infra.local.slack.state import SlackState
from infra.local.slack.workspace import Channel, User

if TYPE_CHECKING:
    from infra.local.slack.server import SlackServer


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one act: the request (None when Slack sends none), the app's answer, Slack's notice if any."""

    request: SentRequest | None
    answer: Answer
    notice: Notice | None = None

    @property
    def status(self) -> int | None:
        """The HTTP status the app answered with, or None."""
        return self.answer.status


NOTHING_SENT = Answer(None, failure="nothing sent")


@dataclass(frozen=True, slots=True)
class Person:
    """Acts for one member of the workspace.

    `tampering` is for requests that do not come from Slack: of their answers Slack shows nothing.
    `ack_seconds` is how long Slack waits for the app.
    """

    server: SlackServer
    user: User
    tampering: Tampering = UNTOUCHED
    ack_seconds: float = ACK_SECONDS

    @property
    def state(self) -> SlackState:
        """The state of the workspace this person is in."""
        return self.server.state

    def tampered(
        self,
        *,
        secret: str | None = None,
        age: float = 0.0,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        content_type: str | None = None,
    ) -> Person:
        """This person as an attacker would play them: see Tampering."""
        return replace(self, tampering=Tampering(secret, age, headers or {}, body, content_type))

    def command(self, command: str, text: str = "", *, channel: str, thread_ts: str | None = None) -> Reply:
        """Type a slash command. In a thread, and for a command nobody made, Slack itself refuses (Reply.notice).

        Raises NotPossible for a channel this person is not in.
        """
        place = self._place(channel)
        if thread_ts is not None:
            return self._refused(command, place, f"{command} is not supported in threads. Sorry!")
        if command not in self.state.app.commands:
            return self._refused(command, place, f"{command} is not a valid command.")
        url = self._response_url("commands", place.id)
        body = payloads.slash_command_body(self.state, self.user, place, command=command, text=text, response_url=url)
        reply = self._send(body, FORM)
        if self._is_attack:
            return reply
        return replace(reply, notice=after_command(self.state, self.user, place.id, command, reply.answer))

    def click(
        self, message: Message | Ephemeral, action_id: str, value: Any = None, *, revision: int | None = None
    ) -> Reply:
        """Use a button or menu of a message, as the message is now; `value` picks one of several or a menu's option.

        With `revision` the person sees that revision of the message, as in a window that was not refreshed.
        Raises NotPossible when the message is gone, has no such button, or is in a channel this person is not in.
        """
        self._place(message.channel)
        if isinstance(message, Ephemeral):
            return self._click_ephemeral(message, action_id, value)
        seen = message if revision is not None else self._current(message)
        if revision is not None:
            seen = replace(seen, revisions=seen.revisions[: revision + 1])
        block, element = find_element(seen.content.blocks, action_id, _button_value(value))
        url = self._response_url("actions", seen.channel, seen.ts)
        actions = [action(block, element, value, self.state.feed.next_ts())]
        held = values(seen.content.blocks, {})
        payload = payloads.message_actions(self.state, self.user, seen, actions=actions, values=held, response_url=url)
        return self._interact(payload, seen.channel, action_id)

    def click_in_view(self, action_id: str, value: Any = None, *, in_home: bool = False) -> Reply:
        """Use a button or menu of the modal on top, or of the App Home. Raises NotPossible."""
        view = self._home() if in_home else self._modal()
        block, element = find_element(view.definition["blocks"], action_id, _button_value(value))
        actions = [action(block, element, value, self.state.feed.next_ts())]
        held = values(view.definition["blocks"], {} if element["type"] == "button" else {action_id: value})
        payload = payloads.view_actions(self.state, self.user, view, actions, held)
        return self._interact(payload, None, action_id)

    def submit(self, filled: Mapping[str, Any] | None = None) -> Reply:
        """Fill in the modal on top (by action_id) and submit it. Raises NotPossible, as Slack's own form checks do."""
        view = self._modal()
        blocks = view.definition["blocks"]
        check_filled(blocks, filled or {})
        payload = payloads.view_submission(self.state, self.user, view, values(blocks, filled or {}))
        reply = self._send(payloads.interaction_body(payload), FORM)
        if self._is_attack:
            return reply
        return replace(reply, notice=after_submission(self.state, self.user, view, reply.answer))

    def dismiss(self, *, whole_stack: bool = False) -> list[Reply]:
        """Close the modal on top, or all; the app hears of those with notify_on_close. Raises NotPossible."""
        self._modal()
        closed = self.state.views.close(self.user.id, whole_stack=whole_stack)
        told = [view for view in closed if view.definition.get("notify_on_close")]
        payload = [payloads.view_closed(self.state, self.user, view, is_cleared=whole_stack) for view in told]
        return [self._interact(each, None, each["view"]["id"]) for each in payload]

    def search(self, action_id: str, text: str) -> list[Json]:
        """Type into an external select of the modal on top; the options that the app offers. Raises NotPossible."""
        return offered(self.ask_for_options(action_id, text))

    def ask_for_options(self, action_id: str, text: str) -> Reply:
        """The same, and what came of it; `offered` takes the options from it. Raises NotPossible."""
        view = self._modal()
        block, element = find_element(view.definition["blocks"], action_id)
        payload = payloads.view_suggestion(self.state, self.user, view, element=(block, element), text=text)
        return self._interact(payload, None, action_id)

    def shortcut(self, callback_id: str) -> Reply:
        """Use one of the app's global shortcuts."""
        return self._interact(payloads.global_shortcut(self.state, self.user, callback_id), None, callback_id)

    def message_shortcut(self, message: Message, callback_id: str) -> Reply:
        """Use one of the app's shortcuts in a message's menu. Raises NotPossible, as `click` does."""
        self._place(message.channel)
        seen = self._current(message)
        url = self._response_url("app", seen.channel, seen.ts)
        payload = payloads.message_shortcut(self.state, self.user, seen, callback_id, url)
        return self._interact(payload, seen.channel, callback_id)

    def open_home(self, tab: str = "home") -> Reply:
        """Open the app's Home or Messages tab. Slack shows the person nothing when the event fails."""
        event = payloads.home_opened(self.state, self.user, tab)
        return self._send(json.dumps(event).encode(), JSON)

    def retry(self, reply: Reply, number: int, reason: str = "http_timeout") -> Reply:
        """Slack's retry of an event that was not acknowledged: the `number`-th, dated and signed anew."""
        headers = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        return self._send(_sent(reply).body, JSON, Tampering(headers=headers))

    def replay(self, reply: Reply) -> Reply:
        """Send exactly the same bytes again, as whoever overheard them could."""
        return Reply(_sent(reply), deliver(_sent(reply), self.ack_seconds))

    def verify_request_url(self) -> bool:
        """What Slack does when the request URL is entered: does the app send the challenge back?"""
        challenge = secrets.token_urlsafe(16)
        body = json.dumps(payloads.url_verification(self.state, challenge)).encode()
        return challenge in self._send(body, JSON).answer.body

    def say(self, text: str, *, channel: str, thread_ts: str | None = None) -> Message:
        """Write a message of one's own. Raises NotPossible for a channel this person is not in."""
        place = self._place(channel)
        return self.state.messages.post(place.id, self.user.id, Content(text), thread_ts=thread_ts)

    def delete(self, message: Message) -> None:
        """Delete a message, anybody's: as a workspace admin may.

        Raises NotPossible for a channel this person is not in.
        """
        self._place(message.channel)
        self.state.messages.delete(message.channel, message.ts)

    @property
    def _is_attack(self) -> bool:
        return self.tampering is not UNTOUCHED

    def _click_ephemeral(self, message: Ephemeral, action_id: str, value: Any) -> Reply:
        shown = [each for each in self.state.private.ephemerals(self.user.id) if each.ts == message.ts]
        if not shown:
            raise NotPossible(f"{self.user.name} does not see this message")
        blocks = shown[0].content.blocks
        block, element = find_element(blocks, action_id, _button_value(value))
        url = self._response_url("actions", shown[0].channel, shown[0].ts, ephemeral=True)
        actions = [action(block, element, value, self.state.feed.next_ts())]
        payload = payloads.ephemeral_actions(
            self.state, self.user, shown[0], actions=actions, values=values(blocks, {}), response_url=url
        )
        return self._interact(payload, shown[0].channel, action_id)

    def _interact(self, payload: Json, channel: str | None, about: str) -> Reply:
        reply = self._send(payloads.interaction_body(payload), FORM)
        if self._is_attack:
            return reply
        return replace(reply, notice=after_action(self.state, self.user, channel, about, reply.answer))

    def _send(self, body: bytes, content_type: str, tampering: Tampering | None = None) -> Reply:
        url = self.server.request_url
        if url is None:
            raise NotPossible("the server has no request_url yet")
        request = signed_request(url, body, content_type, self.state.app.signing_secret, tampering or self.tampering)
        return Reply(request, deliver(request, self.ack_seconds))

    def _response_url(self, kind: str, channel: str, message_ts: str | None = None, *, ephemeral: bool = False) -> str:
        token = self.state.passes.response_url(self.user.id, channel, message_ts, ephemeral=ephemeral)
        return f"{self.server.url}/{kind}/{self.state.workspace.team_id}/{token}"

    def _refused(self, about: str, place: Channel, text: str) -> Reply:
        notice = self.state.private.notify(Notice(self.user.id, text, about, place.id))
        return Reply(None, NOTHING_SENT, notice)

    def _place(self, channel: str) -> Channel:
        place = self.state.channel(channel)
        if self.user.id not in place.members:
            raise NotPossible(f"{self.user.name} is not in {place.name or place.id}")
        return place

    def _current(self, message: Message) -> Message:
        try:
            return self.state.messages.get(message.channel, message.ts)
        except SlackRefusal as gone:
            raise NotPossible("the message is gone") from gone

    def _modal(self) -> View:
        view = self.state.views.on_top(self.user.id)
        if view is None:
            raise NotPossible(f"no modal is open in front of {self.user.name}")
        return view

    def _home(self) -> View:
        view = self.state.views.home(self.user.id)
        if view is None:
            raise NotPossible(f"{self.user.name}'s App Home is empty")
        return view


def person(server: SlackServer, name_or_id: str) -> Person:
    """Somebody in the workspace, to act for. Refuses with user_not_found."""
    return Person(server, server.state.user(name_or_id))


def offered(reply: Reply) -> list[Json]:
    """The options in an app's answer to a search: none when it failed, or said something else."""
    try:
        answer = json.loads(reply.answer.body)
    except ValueError:
        return []
    options: list[Json] = answer.get("options", []) if isinstance(answer, dict) else []
    return options


def _button_value(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _sent(reply: Reply) -> SentRequest:
    if reply.request is None:
        raise NotPossible("nothing was sent")
    return reply.request
