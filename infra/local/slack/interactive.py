"""Buttons, menus and inputs: finding one in blocks, and what Slack says of it when somebody uses it.

Field names: docs.slack.dev/reference/interaction-payloads/block_actions-payload and each element's page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from infra.local.slack.findings import Json

Filled: TypeAlias = Mapping[str, Any]
"""What a person has put in, by action_id: a string, a list of strings for multi-selects and checkboxes."""

CHOSEN: dict[str, tuple[str, str]] = {
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "radio_buttons": ("selected_option", "initial_option"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
}
"""For each type that holds a value: the field in which Slack tells it, and the field that sets it at first."""


SEVERAL = ("multi_", "checkboxes")
"""How the types begin that hold a list."""


class NotPossible(Exception):
    """A person cannot do this in Slack: there is no such button, no modal is open, a required field is empty."""


def elements_of(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Every (block, interactive element), in the order in which a person sees them."""
    for block in blocks:
        inside = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        for element in inside if block["type"] in ("actions", "section", "input") else []:
            if element and "action_id" in element:
                yield block, element


def find_element(blocks: Sequence[Json], action_id: str, value: str | None = None) -> tuple[Json, Json]:
    """The block and element with this action_id; for several buttons, the one with this value.

    Raises NotPossible, naming what there is instead.
    """
    for block, element in elements_of(blocks):
        is_it = element["type"] != "button" or value in (None, element.get("value"))
        if element["action_id"] == action_id and is_it:
            return block, element
    there = [f"{element['action_id']}={element.get('value')}" for _, element in elements_of(blocks)]
    raise NotPossible(f"nothing to use with action_id {action_id!r} and value {value!r}; there is {there}")


def action(block: Json, element: Json, value: Any, action_ts: str) -> Json:
    """The entry of `actions` in a block_actions payload."""
    told: Json = {"type": element["type"], "action_id": element["action_id"], "block_id": block["block_id"]}
    if element["type"] == "button":
        told.update({name: element[name] for name in ("text", "value", "style", "url", "confirm") if name in element})
    else:
        told.update(_told_value(element, value))
        told.update({name: element[name] for name in ("placeholder", "confirm") if name in element})
    return {**told, "action_ts": action_ts}


def values(blocks: Sequence[Json], filled: Filled) -> Json:
    """`state.values`: by block_id and action_id, what every input and menu holds."""
    state: Json = {}
    for block, element in elements_of(blocks):
        if element["type"] in CHOSEN and element["type"] != "overflow":
            held = {"type": element["type"], **_told_value(element, filled.get(element["action_id"]))}
            state.setdefault(block["block_id"], {})[element["action_id"]] = held
    return state


def check_filled(blocks: Sequence[Json], filled: Filled) -> None:
    """What Slack's own client checks before it submits a modal. Raises NotPossible."""
    there = {element["action_id"] for _, element in elements_of(blocks)}
    if unknown := set(filled) - there:
        raise NotPossible(f"no input {sorted(unknown)}; there is {sorted(there)}")
    for block in blocks:
        if block["type"] == "input":
            _check_input(block, filled)


def _check_input(block: Json, filled: Filled) -> None:
    element = block["element"]
    held = _told_value(element, filled.get(element["action_id"]))[CHOSEN[element["type"]][0]]
    if not held and not block.get("optional"):
        raise NotPossible(f"please fill in {element['action_id']!r}")
    if isinstance(held, str) and not element.get("min_length", 0) <= len(held) <= element.get("max_length", 3000):
        raise NotPossible(f"{element['action_id']!r} has {len(held)} characters")


def _told_value(element: Json, value: Any) -> Json:
    field, initial = CHOSEN[element["type"]]
    if value is None:
        return {field: element.get(initial, [] if field == "selected_options" else None)}
    if isinstance(value, list) is not element["type"].startswith(SEVERAL):
        raise NotPossible(f"{element['action_id']!r} does not take {value!r}")
    if field == "selected_option":
        return {field: _option(element, value)}
    if field == "selected_options":
        return {field: [_option(element, each) for each in value]}
    if field == "selected_date_time" and value:
        return {field: int(value)}
    return {field: None if value == "" else value}  # what was emptied is told as null


def _option(element: Json, value: str) -> Json:
    grouped = [option for group in element.get("option_groups", []) for option in group["options"]]
    options = [*element.get("options", []), *grouped]
    for option in options:
        if option["value"] == value:
            return {"text": option["text"], "value": value}
    if "external" in element["type"]:
        return {"text": {"type": "plain_text", "text": value, "emoji": True}, "value": value}
    raise NotPossible(f"no option {value!r}; there is {[option['value'] for option in options]}")
