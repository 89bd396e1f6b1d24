"""The simulated Slack's records as the page gets them (`protocol.ts`)."""

from __future__ import annotations

import mimetypes
from urllib.parse import quote

from infra.local.slack.findings import Json
from infra.local.slack.records import Ephemeral, Message, Notice, StoredFile, View
from infra.local.slack.state import SlackState
from infra.local.slack.workspace import Channel


def message(state: SlackState, record: Message, *, is_deleted: bool = False) -> Json:
    """A message as it is now."""
    names = dict.fromkeys(name for name, _ in record.reactions)
    return {
        "channel": record.channel,
        "ts": record.ts,
        "user": record.user,
        "text": record.content.text,
        "blocks": list(record.content.blocks),
        "threadTs": record.thread_ts,
        "isBroadcast": record.broadcast,
        "editedTs": record.edited_ts,
        "isDeleted": is_deleted or record.deleted,
        "revision": len(record.revisions) - 1,
        "files": [file_info(state.files.get(file_id)) for file_id in record.files],
        "reactions": [
            {"name": name, "users": [user for other, user in record.reactions if other == name]} for name in names
        ],
    }


def file_info(record: StoredFile) -> Json:
    """An uploaded file, and where it is downloaded."""
    return {
        "id": record.id,
        "name": record.name,
        "title": record.title,
        "size": record.length,
        "mimeType": mime_type(record.name),
        "url": f"/files/{record.id}/{quote(record.name, safe='')}",
    }


def mime_type(name: str) -> str:
    """A file's type, by its name."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def ephemeral(record: Ephemeral) -> Json:
    """A message that one person alone sees."""
    return {
        "channel": record.channel,
        "ts": record.ts,
        "text": record.content.text,
        "blocks": list(record.content.blocks),
        "threadTs": record.thread_ts,
        "byApp": record.by_app,
    }


def notice(record: Notice) -> Json:
    """What Slack itself tells a person."""
    return {"text": record.text, "about": record.about, "channel": record.channel}


def view(record: View) -> Json:
    """A modal or an App Home."""
    return {"id": record.id, "kind": record.kind, "definition": record.definition, "errors": record.errors}


def channel(record: Channel) -> Json:
    """A conversation."""
    return {
        "id": record.id,
        "name": record.name,
        "isDirect": record.is_im,
        "members": sorted(record.members),
    }


def raw(record: Message, as_slack_shows_it: Json) -> Json:
    """A message as the Web API returns it, and each of its revisions."""
    return {
        "message": as_slack_shows_it,
        "revisions": [
            {
                "ts": revision.ts,
                "text": revision.content.text,
                "blocks": list(revision.content.blocks),
                "metadata": revision.content.metadata,
            }
            for revision in record.revisions
        ],
    }
