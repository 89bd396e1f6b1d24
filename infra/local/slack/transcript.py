"""What a person reads in a channel or thread, as lines of plain text.

Buttons stand in [brackets], a menu as [text ▾] or [⋯], context lines in (parentheses), files as 📎 name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from infra.local.slack.findings import Json
from infra.local.slack.message_book import ts_key
from infra.local.slack.mrkdwn import readable, unescaped
from infra.local.slack.records import Ephemeral, Message
from infra.local.slack.rich_text import rich_text_lines
from infra.local.slack.state import SlackState

INDENT = "  "


def transcript(
    state: SlackState, channel: str, thread_ts: str | None = None, *, viewer: str | None = None
) -> list[str]:
    """The lines of a channel (roots and broadcast replies), or of one thread from its root on; oldest first.

    With `viewer` (name or id) also the ephemeral messages that this person sees there. Refuses channel_not_found.
    """
    place = state.channel(channel)
    shown: list[Message | Ephemeral] = []
    if thread_ts is None:
        in_channel = state.messages.in_channel(place.id)
        shown += [message for message in in_channel if message.thread_ts is None or message.broadcast]
    else:
        shown += state.messages.thread(place.id, thread_ts)
    if viewer is not None:
        private = state.private.ephemerals(state.user(viewer).id, place.id)
        shown += [message for message in private if message.thread_ts == thread_ts]
    shown.sort(key=lambda message: ts_key(message.ts))
    return [line for message in shown for line in message_lines(state, message)]


def message_lines(state: SlackState, message: Message | Ephemeral) -> list[str]:
    """One message: who said it and its first line, then its other lines, indented."""
    if isinstance(message, Ephemeral):
        who = f"{state.app.name} (only {state.user_by_id(message.viewer).name} sees this)"
    else:
        who = state.user_by_id(message.user).real_name
    lines = content_lines(state, message.content.text, message.content.blocks)
    if isinstance(message, Message):
        lines += [f"📎 {state.files.get(file_id).title}" for file_id in message.files]
    return [f"{who}: {lines[0] if lines else ''}", *(INDENT + line for line in lines[1:])]


def content_lines(state: SlackState, text: str, blocks: Sequence[Json]) -> list[str]:
    """The blocks of a message or view, or the text when there are none."""
    if not blocks:
        return readable(state, text).splitlines() if text else []
    return [line for block in blocks for line in block_lines(state, block)]


def block_lines(state: SlackState, block: Json) -> list[str]:
    """One block."""
    return LINES[block["type"]](state, block)


def _section(state: SlackState, block: Json) -> list[str]:
    lines = _text(state, block["text"]).splitlines() if block.get("text") else []
    lines += [" ".join(_text(state, field).splitlines()) for field in block.get("fields", [])]
    accessory = block.get("accessory")
    if accessory and lines:
        lines[0] += " " + _element(state, accessory)
    return lines


def _text(state: SlackState, text: Json) -> str:
    return readable(state, text["text"]) if text["type"] == "mrkdwn" else unescaped(text["text"])


def _context(state: SlackState, element: Json) -> str:
    return f"🖼 {element['alt_text']}" if element["type"] == "image" else " ".join(_text(state, element).splitlines())


def _element(state: SlackState, element: Json) -> str:
    if element["type"] == "button":
        return f"[{_text(state, element['text'])}]"
    if element["type"] == "image":
        return f"🖼 {element['alt_text']}"
    if element["type"] == "overflow":
        return "[⋯]"
    placeholder = element.get("placeholder")
    return f"[{_text(state, placeholder) if placeholder else element['type']} ▾]"


def _cell(state: SlackState, cell: Json) -> str:
    if cell["type"] == "rich_text":
        return " ".join(rich_text_lines(state, cell))
    return str(cell.get("text", cell.get("value", "")))


LINES: dict[str, Callable[[SlackState, Json], list[str]]] = {
    "section": _section,
    "header": lambda state, block: [_text(state, block["text"])],
    "divider": lambda _state, _block: ["———"],
    "context": lambda state, block: [f"({'  '.join(_context(state, each) for each in block['elements'])})"],
    "actions": lambda state, block: [" ".join(_element(state, each) for each in block["elements"])],
    "input": lambda state, block: [f"{_text(state, block['label'])}: {_element(state, block['element'])}"],
    "image": lambda _state, block: [f"🖼 {block['alt_text']}"],
    "markdown": lambda _state, block: str(block["text"]).splitlines(),
    "table": lambda state, block: [" | ".join(_cell(state, cell) for cell in row) for row in block["rows"]],
    "rich_text": rich_text_lines,
}
