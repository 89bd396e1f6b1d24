"""The simulated Slack's records as JSON, in the shapes of the real Web API and interaction payloads.

Shapes compared with the samples that Slack's Java SDK records from the real service (json-logs/samples).
"""

from __future__ import annotations

from infra.local.slack.findings import Json
from infra.local.slack.records import Message, StoredFile, View
from infra.local.slack.state import SlackState
from infra.local.slack.workspace import SLACKBOT, Channel, User

UPDATED = 1_700_000_000
"""When people, channels and files were last changed: nothing depends on it."""


def message_object(state: SlackState, message: Message, *, with_metadata: bool = False) -> Json:
    """A message as conversations.* and chat.* return it; metadata only on request."""
    seen: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.content.text}
    seen["team"] = state.workspace.team_id
    if message.deleted:
        seen.update({"subtype": "tombstone", "hidden": True, "user": SLACKBOT})
    elif message.user == state.app.bot_user:
        seen.update(bot_fields(state))
    if message.content.blocks:
        seen["blocks"] = list(message.content.blocks)
    if message.edited_ts and not message.deleted:
        seen["edited"] = {"user": message.user, "ts": message.edited_ts}
    if message.files:
        seen["files"] = [file_object(state, state.files.get(file_id)) for file_id in message.files]
    if message.reactions:
        seen["reactions"] = _reactions(message)
    if with_metadata and message.content.metadata:
        seen["metadata"] = message.content.metadata
    seen.update(_thread_fields(state, message))
    return seen


def bot_fields(state: SlackState) -> Json:
    """What marks a message as our app's."""
    app = state.app
    profile = {
        "id": app.bot_id,
        "app_id": app.id,
        "user_id": app.bot_user,
        "name": app.name,
        "deleted": False,
        "updated": UPDATED,
        "team_id": state.workspace.team_id,
    }
    return {"bot_id": app.bot_id, "app_id": app.id, "bot_profile": profile}


def _reactions(message: Message) -> list[Json]:
    names = dict.fromkeys(name for name, _ in message.reactions)
    by_name = {name: [user for other, user in message.reactions if other == name] for name in names}
    return [{"name": name, "users": users, "count": len(users)} for name, users in by_name.items()]


def _thread_fields(state: SlackState, message: Message) -> Json:
    if message.thread_ts is not None:
        root = state.messages.root_of(message)
        parent = {"thread_ts": message.thread_ts, "parent_user_id": root.user if root else SLACKBOT}
        return {**parent, "subtype": "thread_broadcast"} if message.broadcast else parent
    replies = state.messages.replies(message.channel, message.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.user for reply in replies))
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users": users,
        "reply_users_count": len(users),
        "latest_reply": replies[-1].ts,
        "is_locked": False,
        "subscribed": state.app.bot_user in (message.user, *users),
    }


def channel_object(state: SlackState, channel: Channel) -> Json:
    """A conversation as conversations.info returns it."""
    return {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not (channel.is_private or channel.is_im),
        "is_group": channel.is_private,
        "is_im": channel.is_im,
        "is_mpim": False,
        "is_private": channel.is_private or channel.is_im,
        "is_archived": channel.is_archived,
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_member": state.app.bot_user in channel.members,
        "created": UPDATED,
        "updated": UPDATED * 1000,
        "context_team_id": state.workspace.team_id,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def user_object(state: SlackState, user: User) -> Json:
    """A member as users.info returns it."""
    return {
        "id": user.id,
        "team_id": state.workspace.team_id,
        "name": user.name,
        "real_name": user.real_name,
        "deleted": False,
        "tz": user.tz,
        "tz_offset": 0,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": UPDATED,
        "profile": {
            "real_name": user.real_name,
            "real_name_normalized": user.real_name,
            "display_name": user.name,
            "display_name_normalized": user.name,
            "team": state.workspace.team_id,
        },
    }


def view_object(state: SlackState, view: View, values: Json | None = None) -> Json:
    """A view as views.* return it and as interaction payloads carry it; `values` is what the person has filled in."""
    defaults: Json = {
        "title": None,
        "submit": None,
        "close": None,
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        "submit_disabled": False,
    }
    return {
        **defaults,
        **view.definition,
        "id": view.id,
        "team_id": state.workspace.team_id,
        "app_installed_team_id": state.workspace.team_id,
        "app_id": state.app.id,
        "bot_id": state.app.bot_id,
        "hash": view.hash,
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
        "state": {"values": values or {}},
    }


def file_object(state: SlackState, stored: StoredFile) -> Json:
    """A file as files.completeUploadExternal returns it and as a message carries it."""
    return {
        "id": stored.id,
        "name": stored.name,
        "title": stored.title,
        "size": stored.length,
        "mode": "hosted",
        "user": state.app.bot_user,
        "created": UPDATED,
        "timestamp": UPDATED,
        "is_external": False,
        "permalink": f"{state.workspace.url}files/{state.app.bot_user}/{stored.id}/{stored.name}",
        "channels": [channel for channel, _ in stored.shared_in],
    }
