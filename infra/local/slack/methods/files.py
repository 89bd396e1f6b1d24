"""files.getUploadURLExternal and files.completeUploadExternal: what slack_sdk's files_upload_v2 uses."""

from __future__ import annotations

from infra.local.slack.arguments import Arguments
from infra.local.slack.errors import SlackRefusal, missing
from infra.local.slack.findings import Json
from infra.local.slack.methods.chat import postable_channel
from infra.local.slack.normalise import escaped
from infra.local.slack.records import Content, StoredFile
from infra.local.slack.state import SlackState
from infra.local.slack.wire_format import file_object

UPLOAD_PATH = "/upload/v1/"


def get_upload_url(state: SlackState, call: Arguments) -> Json:
    """files.getUploadURLExternal. `upload_url` is a path: the server puts its own address before it."""
    length = call.required("length")
    if not length.isdigit() or int(length) == 0:
        raise missing("length")
    stored = state.files.announce(call.required("filename"), int(length))
    return {"file_id": stored.id, "upload_url": f"{UPLOAD_PATH}{stored.id}"}


def complete_upload(state: SlackState, call: Arguments) -> Json:
    """files.completeUploadExternal: gives files their titles and shares them, in one message per channel.

    The real Slack posts that message a moment later; here it is there when the call returns.
    """
    wanted = call.structure("files", "invalid_arguments")
    if not isinstance(wanted, list) or not wanted or not all(isinstance(each, dict) for each in wanted):
        raise missing("files")
    channels = [postable_channel(state, name) for name in _channels(call)]
    thread_ts = call.text("thread_ts") or None
    if thread_ts and len(channels) != 1:
        raise SlackRefusal("invalid_arguments", ["provide only one channel when using `thread_ts`"])
    files = [state.files.complete(str(each.get("id")), each.get("title")) for each in wanted]
    for channel in channels:
        files = _share(state, files, channel.id, thread_ts, call.text("initial_comment") or "")
    return {"files": [file_object(state, stored) for stored in files]}


def _channels(call: Arguments) -> list[str]:
    names = f"{call.text('channel_id') or ''},{call.text('channels') or ''}"
    return [name for name in names.split(",") if name]


def _share(
    state: SlackState, files: list[StoredFile], channel: str, thread_ts: str | None, comment: str
) -> list[StoredFile]:
    with state.feed.lock:
        ids = tuple(stored.id for stored in files)
        content = Content(escaped(comment))
        message = state.messages.post(channel, state.app.bot_user, content, thread_ts=thread_ts, files=ids)
        return [state.files.share(file_id, channel, message.ts) for file_id in ids]
