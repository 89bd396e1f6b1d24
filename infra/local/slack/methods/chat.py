"""chat.*: posting, changing and deleting messages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from infra.local.slack.arguments import Arguments
from infra.local.slack.blockkit import check_message
from infra.local.slack.errors import SlackRefusal
from infra.local.slack.findings import Json
from infra.local.slack.normalise import escaped, normalised_blocks
from infra.local.slack.records import Content, Message
from infra.local.slack.state import SlackState
from infra.local.slack.wire_format import message_object
from infra.local.slack.workspace import Channel

POST_TEXT_LENGTH = 40_000
"""Slack cuts longer `text` off (docs: chat.postMessage, truncating content); a bot that sends it has a bug."""
UPDATE_TEXT_LENGTH = 4_000
"""docs.slack.dev/reference/methods/chat.update, msg_too_long."""
METADATA_BYTES = 16_000
"""Slack documents metadata_too_large without a number; 16 kB is a guess on the safe side."""


def post_message(state: SlackState, call: Arguments) -> Json:
    """chat.postMessage."""
    channel = postable_channel(state, call.required("channel"))
    content = content_of(call.values, structures(call), POST_TEXT_LENGTH)
    thread_ts = call.text("thread_ts") or None
    broadcast = thread_ts is not None and call.flag("reply_broadcast")
    message = state.messages.post(channel.id, state.app.bot_user, content, thread_ts=thread_ts, broadcast=broadcast)
    shown = message_object(state, message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def update(state: SlackState, call: Arguments) -> Json:
    """chat.update. Blocks and metadata that are not given stay as they were; empty ones take them away."""
    channel = state.channel_for_app(call.required("channel"))
    with state.feed.lock:
        before = own_message(state, channel, call.required("ts"), "cant_update_message")
        given = structures(call)
        content = content_of(call.values, given, UPDATE_TEXT_LENGTH)
        if given["blocks"] is None:
            content = replace(content, blocks=before.content.blocks)
        if given["metadata"] is None:
            content = replace(content, metadata=before.content.metadata)
        message = state.messages.update(channel.id, before.ts, content)
    shown = message_object(state, message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.content.text, "message": shown}


def delete(state: SlackState, call: Arguments) -> Json:
    """chat.delete."""
    channel = state.channel_for_app(call.required("channel"))
    message = own_message(state, channel, call.required("ts"), "cant_delete_message")
    state.messages.delete(channel.id, message.ts)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(state: SlackState, call: Arguments) -> Json:
    """chat.postEphemeral."""
    channel = postable_channel(state, call.required("channel"))
    viewer = call.required("user")
    if viewer not in channel.members:
        raise SlackRefusal("user_not_in_channel")
    content = replace(content_of(call.values, structures(call), POST_TEXT_LENGTH), metadata=None)
    shown = state.private.show(channel.id, viewer, content, thread_ts=call.text("thread_ts") or None)
    return {"message_ts": shown.ts}


def get_permalink(state: SlackState, call: Arguments) -> Json:
    """chat.getPermalink."""
    channel = state.channel_for_app(call.required("channel"))
    message = state.messages.get(channel.id, call.required("message_ts"))
    link = f"{state.workspace.url}archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def postable_channel(state: SlackState, name_or_id: str) -> Channel:
    """A channel that the bot may write to. Refuses channel_not_found, is_archived, not_in_channel."""
    channel = state.channel_for_app(name_or_id)
    if channel.is_archived:
        raise SlackRefusal("is_archived")
    if state.app.bot_user not in channel.members:
        raise SlackRefusal("not_in_channel")
    return channel


def own_message(state: SlackState, channel: Channel, ts: str, error: str) -> Message:
    """A message that the bot wrote. Refuses message_not_found, or `error` when somebody else wrote it."""
    message = state.messages.get(channel.id, ts)
    if message.user != state.app.bot_user:
        raise SlackRefusal(error)
    return message


def structures(call: Arguments) -> dict[str, Any]:
    """`blocks`, `metadata` and `attachments` of a call, parsed."""
    if call.values.get("attachments") not in (None, "", [], "[]"):
        raise SlackRefusal("invalid_attachments", ["the local stack shows blocks only"])
    return {
        "blocks": call.structure("blocks", "invalid_blocks_format"),
        "metadata": call.structure("metadata", "invalid_metadata_format"),
    }


def content_of(values: Mapping[str, Any], given: Mapping[str, Any], most_text: int) -> Content:
    """The content a call asks for, checked.

    Refuses with no_text, msg_too_long, invalid_blocks, invalid_blocks_format, msg_blocks_too_long or a metadata error.
    """
    text = str(values.get("text") or "")
    blocks = given["blocks"]
    if not text and not blocks:
        raise SlackRefusal("no_text")
    if len(text) > most_text:
        raise SlackRefusal("msg_too_long")
    problems = check_message({"text": text, "blocks": blocks})
    if problems:
        raise SlackRefusal(problems[0].error, problems)
    return Content(escaped(text), normalised_blocks(blocks or ()), _metadata(given["metadata"]))


def _metadata(metadata: Any) -> Json | None:
    if not metadata:
        return None
    fields = {"event_type": str, "event_payload": dict}
    if not isinstance(metadata, dict):
        raise SlackRefusal("invalid_metadata_format")
    if any(not isinstance(metadata.get(name), kind) for name, kind in fields.items()):
        raise SlackRefusal("invalid_metadata_schema")
    if len(json.dumps(metadata).encode()) > METADATA_BYTES:
        raise SlackRefusal("metadata_too_large")
    return metadata
