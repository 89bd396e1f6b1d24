"""Rich text blocks as the plain text a person reads."""

from __future__ import annotations

from collections.abc import Callable

from infra.local.slack.findings import Json
from infra.local.slack.mrkdwn import readable
from infra.local.slack.state import SlackState

SPANS: dict[str, Callable[[Json], str]] = {
    "text": lambda span: str(span["text"]),
    "link": lambda span: str(span.get("text") or span["url"]),
    "broadcast": lambda span: f"@{span['range']}",
    "emoji": lambda span: f":{span['name']}:",
    "color": lambda span: str(span["value"]),
}
AS_MRKDWN: dict[str, Callable[[Json], str]] = {
    "user": lambda span: f"<@{span['user_id']}>",
    "channel": lambda span: f"<#{span['channel_id']}>",
    "usergroup": lambda span: f"<!subteam^{span['usergroup_id']}>",
    "date": lambda span: f"<!date^{span['timestamp']}^{span['format']}|{span.get('fallback', '')}>",
}


def rich_text_lines(state: SlackState, part: Json) -> list[str]:
    """The lines of a rich_text block, or of one part of it."""
    if part["type"] == "rich_text":
        return [line for inner in part["elements"] for line in rich_text_lines(state, inner)]
    if part["type"] == "rich_text_list":
        return [f"• {line}" for inner in part["elements"] for line in rich_text_lines(state, inner)]
    return "".join(_span(state, span) for span in part["elements"]).splitlines()


def _span(state: SlackState, span: Json) -> str:
    kind = span["type"]
    return SPANS[kind](span) if kind in SPANS else readable(state, AS_MRKDWN[kind](span))
