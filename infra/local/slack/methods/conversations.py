"""conversations.* and reactions.add: reading channels and threads."""

from __future__ import annotations

import base64
import binascii

from infra.local.slack.arguments import Arguments
from infra.local.slack.errors import SlackRefusal
from infra.local.slack.findings import Json
from infra.local.slack.message_book import ts_key
from infra.local.slack.records import Message
from infra.local.slack.state import SlackState
from infra.local.slack.wire_format import channel_object, message_object
from infra.local.slack.workspace import Channel

HISTORY_DEFAULT = 100
REPLIES_DEFAULT = 1000
PAGE_MOST = 1000


def history(state: SlackState, call: Arguments) -> Json:
    """conversations.history: roots and broadcast replies, newest first."""
    channel = _readable_channel(state, call)
    found = [
        message
        for message in reversed(state.messages.in_channel(channel.id))
        if (message.thread_ts is None or message.broadcast) and _in_window(call, message)
    ]
    start = _start(found, call.text("cursor"), newest_first=True)
    return {**_page(state, call, found[start:], HISTORY_DEFAULT), "pin_count": 0}


def replies(state: SlackState, call: Arguments) -> Json:
    """conversations.replies: the root, then its replies, oldest first. A later page does not repeat the root."""
    channel = _readable_channel(state, call)
    ts = call.required("ts")
    thread = state.messages.thread(channel.id, ts)
    if not thread:
        thread = [message for message in state.messages.in_channel(channel.id) if message.ts == ts]
    if not thread:
        raise SlackRefusal("thread_not_found")
    found = thread[:1] + [message for message in thread[1:] if _in_window(call, message)]
    start = _start(found, call.text("cursor"), newest_first=False)
    return _page(state, call, found[start:], REPLIES_DEFAULT)


def info(state: SlackState, call: Arguments) -> Json:
    """conversations.info."""
    channel = state.channel_for_app(call.required("channel"))
    shown = channel_object(state, channel)
    if call.flag("include_num_members"):
        shown["num_members"] = len(channel.members)
    return {"channel": shown}


def join(state: SlackState, call: Arguments) -> Json:
    """conversations.join: the bot goes into a public channel."""
    channel = state.channel_for_app(call.required("channel"))
    if channel.is_archived:
        raise SlackRefusal("is_archived")
    if channel.is_private or channel.is_im:
        raise SlackRefusal("method_not_supported_for_channel_type")
    return {"channel": channel_object(state, state.join(channel, state.app.bot_user))}


def add_reaction(state: SlackState, call: Arguments) -> Json:
    """reactions.add."""
    channel = state.channel_for_app(call.required("channel"))
    emoji = call.required("name").strip(":")
    state.messages.react(channel.id, call.required("timestamp"), state.app.bot_user, emoji)
    return {}


def _readable_channel(state: SlackState, call: Arguments) -> Channel:
    channel = state.channel_for_app(call.required("channel"))
    if state.app.bot_user not in channel.members:
        raise SlackRefusal("not_in_channel")
    return channel


def _in_window(call: Arguments, message: Message) -> bool:
    oldest, latest = call.text("oldest"), call.text("latest")
    if call.flag("inclusive") and message.ts in (oldest, latest):
        return True
    after = not oldest or ts_key(message.ts) > ts_key(oldest)
    before = not latest or ts_key(message.ts) < ts_key(latest)
    return after and before


def _page(state: SlackState, call: Arguments, found: list[Message], default: int) -> Json:
    limit = call.number("limit", default, PAGE_MOST)
    page, rest = found[:limit], found[limit:]
    with_metadata = call.flag("include_all_metadata")
    shown = [message_object(state, message, with_metadata=with_metadata) for message in page]
    answer: Json = {"messages": shown, "has_more": bool(rest)}
    if rest:
        answer["response_metadata"] = {"next_cursor": base64.b64encode(f"next_ts:{rest[0].ts}".encode()).decode()}
    return answer


def _start(found: list[Message], cursor: str | None, *, newest_first: bool) -> int:
    """Where a page begins: at the message the cursor names, or the next one if that has been deleted meanwhile."""
    if not cursor:
        return 0
    try:
        word, _, ts = base64.b64decode(cursor, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as cause:
        raise SlackRefusal("invalid_cursor") from cause
    if word != "next_ts":
        raise SlackRefusal("invalid_cursor")
    before = [
        message
        for message in found
        if (ts_key(message.ts) > ts_key(ts) if newest_first else ts_key(message.ts) < ts_key(ts))
    ]
    return len(before)
