"""The bodies of Slack's requests to an app.

Shapes compared with bolt-python's scenario tests and the samples that Slack's Java SDK records (json-logs/samples).
"""

from __future__ import annotations

import json
from urllib.parse import urlencode

from infra.local.slack.findings import Json
from infra.local.slack.records import Ephemeral, Message, View
from infra.local.slack.state import SlackState
from infra.local.slack.wire_format import message_object, view_object
from infra.local.slack.workspace import Channel, User


def interaction_body(payload: Json) -> bytes:
    """An interaction payload as it is sent: a form with the one field `payload`."""
    return urlencode({"payload": json.dumps(payload)}).encode()


def slash_command_body(
    state: SlackState, user: User, channel: Channel, *, command: str, text: str, response_url: str
) -> bytes:
    """A slash command's form, with all the fields Slack sends."""
    fields = {
        "token": state.app.verification_token,
        "team_id": state.workspace.team_id,
        "team_domain": state.workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel.name_in_requests,
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": state.app.id,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": state.passes.trigger(user.id),
    }
    return urlencode(fields).encode()


def message_actions(
    state: SlackState, user: User, message: Message, *, actions: list[Json], values: Json, response_url: str
) -> Json:
    """A block_actions payload from a message in a channel or thread. `message` may be an old revision's copy."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": False,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    return {
        **_common(state, user, "block_actions"),
        "container": container,
        "channel": _channel(state, message.channel),
        "message": message_object(state, message),
        "state": {"values": values},
        "response_url": response_url,
        "actions": actions,
    }


def ephemeral_actions(
    state: SlackState, user: User, shown: Ephemeral, *, actions: list[Json], values: Json, response_url: str
) -> Json:
    """A block_actions payload from an ephemeral message: Slack sends no copy of it."""
    container: Json = {
        "type": "message",
        "message_ts": shown.ts,
        "channel_id": shown.channel,
        "is_ephemeral": True,
    }
    if shown.thread_ts:
        container["thread_ts"] = shown.thread_ts
    return {
        **_common(state, user, "block_actions"),
        "container": container,
        "channel": _channel(state, shown.channel),
        "state": {"values": values},
        "response_url": response_url,
        "actions": actions,
    }


def view_actions(state: SlackState, user: User, view: View, actions: list[Json], values: Json) -> Json:
    """A block_actions payload from a modal or the App Home."""
    return {
        **_common(state, user, "block_actions"),
        "container": {"type": "view", "view_id": view.id},
        "view": view_object(state, view, values),
        "actions": actions,
    }


def view_submission(state: SlackState, user: User, view: View, values: Json) -> Json:
    """A view_submission payload."""
    shown = view_object(state, view, values)
    return {**_common(state, user, "view_submission"), "view": shown, "response_urls": []}


def view_closed(state: SlackState, user: User, view: View, *, is_cleared: bool) -> Json:
    """A view_closed payload; `is_cleared` when the whole stack was closed at once. It has no trigger_id."""
    payload = {**_common(state, user, "view_closed"), "view": view_object(state, view), "is_cleared": is_cleared}
    del payload["trigger_id"]
    return payload


def view_suggestion(state: SlackState, user: User, view: View, *, element: tuple[Json, Json], text: str) -> Json:
    """A block_suggestion payload: somebody types into an external select, given with its block."""
    payload = {
        **_common(state, user, "block_suggestion"),
        "container": {"type": "view", "view_id": view.id},
        "view": view_object(state, view),
        "block_id": element[0]["block_id"],
        "action_id": element[1]["action_id"],
        "value": text,
    }
    del payload["trigger_id"]
    return payload


def global_shortcut(state: SlackState, user: User, callback_id: str) -> Json:
    """A shortcut payload."""
    return {**_common(state, user, "shortcut"), "callback_id": callback_id, "action_ts": state.feed.next_ts()}


def message_shortcut(state: SlackState, user: User, message: Message, callback_id: str, response_url: str) -> Json:
    """A message_action payload."""
    return {
        **_common(state, user, "message_action"),
        "callback_id": callback_id,
        "action_ts": state.feed.next_ts(),
        "channel": _channel(state, message.channel),
        "message_ts": message.ts,
        "message": message_object(state, message),
        "response_url": response_url,
    }


def home_opened(state: SlackState, user: User, tab: str) -> Json:
    """An Events API request with app_home_opened."""
    event_ts = state.feed.next_ts()
    event: Json = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": state.direct_messages(user.id).id,
        "tab": tab,
        "event_ts": event_ts,
    }
    home = state.views.home(user.id)
    if home and tab == "home":
        event["view"] = view_object(state, home)
    return _event(state, event, event_ts)


def url_verification(state: SlackState, challenge: str) -> Json:
    """What Slack sends when a request URL is entered in the app's settings."""
    return {"token": state.app.verification_token, "challenge": challenge, "type": "url_verification"}


def _event(state: SlackState, event: Json, event_ts: str) -> Json:
    team, app = state.workspace.team_id, state.app
    authorization = {
        "enterprise_id": None,
        "team_id": team,
        "user_id": app.bot_user,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": app.verification_token,
        "team_id": team,
        "api_app_id": app.id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{event_ts.replace('.', '')}",
        "event_time": int(event_ts.partition(".")[0]),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
    }


def _common(state: SlackState, user: User, kind: str) -> Json:
    return {
        "type": kind,
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": state.workspace.team_id},
        "api_app_id": state.app.id,
        "token": state.app.verification_token,
        "trigger_id": state.passes.trigger(user.id),
        "team": {"id": state.workspace.team_id, "domain": state.workspace.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _channel(state: SlackState, channel_id: str) -> Json:
    channel = state.channel(channel_id)
    return {"id": channel.id, "name": channel.name_in_requests}
