"""Blocks as Slack keeps them: ids where the app gave none, and the defaults of text objects written out."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from infra.local.slack.blockkit_elements import IN_ACTIONS, IN_INPUT
from infra.local.slack.findings import Json


def normalised_blocks(blocks: Sequence[Json]) -> tuple[Json, ...]:
    """The same blocks; a `block_id`, and an `action_id` for each interactive element, made up where absent."""
    return tuple({"block_id": _made_up_id(), **_normalised(block)} for block in blocks)


def normalised_view(view: Json) -> Json:
    """A view as Slack keeps it."""
    return {**view, "blocks": list(normalised_blocks(view.get("blocks", [])))}


def escaped(text: str) -> str:
    """Text in which a lone `&` is written out, as Slack does with what it is given (docs: formatting message text)."""
    known = ("&amp;", "&lt;", "&gt;")
    parts = text.split("&")
    return parts[0] + "".join(("&" if f"&{part}".startswith(known) else "&amp;") + part for part in parts[1:])


def _normalised(value: Any) -> Any:
    if isinstance(value, list):
        return [_normalised(item) for item in value]
    if not isinstance(value, dict):
        return value
    inside = {name: _normalised(item) for name, item in value.items()}
    return {**_defaults(str(value.get("type"))), **inside}


def _defaults(kind: str) -> Json:
    if kind == "plain_text":
        return {"emoji": True}
    if kind == "mrkdwn":
        return {"verbatim": False}
    return {"action_id": _made_up_id()} if kind in IN_ACTIONS | IN_INPUT else {}


def _made_up_id() -> str:
    return secrets.token_hex(4)
