"""Slack's mrkdwn as the plain text a person reads.

Source: docs.slack.dev/messaging/formatting-message-text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from infra.local.slack.errors import SlackRefusal
from infra.local.slack.state import SlackState

CONTROL = re.compile(r"<([^<>]+)>")
CODE = re.compile(r"(```.+?```|`[^`\n]+`)", re.DOTALL)
EMPHASIS = [re.compile(rf"(?<![\w{mark}]){mark}(\S(?:[^\n]*?\S)?){mark}(?![\w{mark}])") for mark in (r"\*", "_", "~")]

DATE_TOKENS: dict[str, Callable[[datetime], str]] = {
    "{date_num}": lambda at: f"{at:%Y-%m-%d}",
    "{date}": lambda at: f"{at:%B} {at.day}, {at:%Y}",
    "{date_short}": lambda at: f"{at:%b} {at.day}, {at:%Y}",
    "{date_long}": lambda at: f"{at:%A}, {at:%B} {at.day}, {at:%Y}",
    "{date_pretty}": lambda at: f"{at:%B} {at.day}, {at:%Y}",
    "{date_short_pretty}": lambda at: f"{at:%b} {at.day}, {at:%Y}",
    "{date_long_pretty}": lambda at: f"{at:%A}, {at:%B} {at.day}, {at:%Y}",
    "{time}": lambda at: f"{at:%H:%M}",
    "{time_secs}": lambda at: f"{at:%H:%M:%S}",
    "{ago}": lambda at: f"at {at:%H:%M}",
}
"""In UTC and on a 24-hour clock; "today" and "3 minutes ago" would make transcripts differ from run to run."""


def readable(state: SlackState, text: str) -> str:
    """The text with names for mentions, dates in UTC, labels for links, emphasis marks gone and escapes undone."""
    parts = CODE.split(text)
    plain = [part if index % 2 else _without_emphasis(part) for index, part in enumerate(parts)]
    spoken = CONTROL.sub(lambda match: _control(state, match[1]), "".join(_without_ticks(part) for part in plain))
    return unescaped(spoken)


def unescaped(text: str) -> str:
    """`&lt;`, `&gt;` and `&amp;` as the characters they stand for."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _without_emphasis(text: str) -> str:
    for mark in EMPHASIS:
        text = mark.sub(r"\1", text)
    return text


def _without_ticks(part: str) -> str:
    return part.strip("`").strip("\n") if CODE.fullmatch(part) else part


def _control(state: SlackState, inside: str) -> str:
    """One `<…>` sequence."""
    target, _, label = inside.partition("|")
    match target[0]:
        case "@":
            return "@" + _name(lambda: state.user_by_id(target[1:]).name, label or target[1:])
        case "#":
            return "#" + _name(lambda: state.channel(target[1:]).name, label or target[1:])
        case "!":
            return _special(state, target[1:], label)
        case _:
            return label or target.removeprefix("mailto:")


def _special(state: SlackState, target: str, label: str) -> str:
    kind, _, rest = target.partition("^")
    if kind == "date":
        return _date(rest, label)
    if kind == "subteam":
        return "@" + _name(lambda: state.group(rest).handle, label or rest)
    return f"@{kind}"


def _date(rest: str, fallback: str) -> str:
    stamp, _, tokens = rest.partition("^")
    text = tokens.partition("^")[0]
    if not stamp.isdigit() or not text:
        return fallback
    at = datetime.fromtimestamp(int(stamp), UTC)
    for token, write in DATE_TOKENS.items():
        text = text.replace(token, write(at))
    return text


def _name(known: Callable[[], str], otherwise: str) -> str:
    try:
        return known()
    except SlackRefusal:
        return otherwise.removeprefix("@")
