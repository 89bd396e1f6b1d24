"""Which Block Kit blocks exist on which surface, and their limits.

Source of every number: docs.slack.dev/reference/block-kit/blocks. The list is of the blocks that the local stack
can show; `data_table` and other blocks that renderers drop silently are refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infra.local.slack.blockkit_elements import ID_LENGTH, IN_ACTIONS, IN_INPUT, IN_SECTION, check_element, check_image
from infra.local.slack.findings import Findings, Json

SECTION_TEXT_LENGTH = 3000
SECTION_FIELDS = 10
FIELD_LENGTH = 2000
HEADER_LENGTH = 150
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
LABEL_LENGTH = 2000
MARKDOWN_LENGTH = 12_000
RICH_TEXT_ELEMENTS = 1000
"""No number is documented; the total text is what stops a message first."""
TABLE_ROWS = 100
TABLE_COLUMNS = 20

ANYWHERE = frozenset({"section", "divider", "header", "context", "actions", "input", "image", "rich_text"})
IN_MESSAGE = ANYWHERE | {"markdown", "table"}

RICH_TEXT_PARTS = frozenset({"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"})
RICH_TEXT_SPANS = {
    "text": ("text",),
    "link": ("url",),
    "emoji": ("name",),
    "user": ("user_id",),
    "usergroup": ("usergroup_id",),
    "channel": ("channel_id",),
    "date": ("timestamp", "format"),
    "broadcast": ("range",),
    "color": ("value",),
}
"""What each span of rich text must say."""
TABLE_CELLS = frozenset({"raw_text", "raw_number", "rich_text"})


@dataclass(frozen=True, slots=True)
class Rule:
    """What one type of block needs, may have, and how its own fields are looked at."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    look: Callable[[Findings, Json, str], None]


def check_block(findings: Findings, block: Any, pointer: str, allowed: frozenset[str]) -> None:
    """Look at one block on a surface where only `allowed` types may stand."""
    kind = findings.kind(block, pointer, allowed)
    if kind is None:
        return
    rule = RULES[kind]
    findings.fields(block, pointer, ("type", *rule.required), ("block_id", *rule.optional))
    findings.string(block.get("block_id"), f"{pointer}/block_id", ID_LENGTH)
    rule.look(findings, block, pointer)


def _look_at_section(findings: Findings, block: Json, pointer: str) -> None:
    if block.get("text") is None and block.get("fields") is None:
        findings.add(f"{pointer}/type", "must define either `text` or `fields`")
    findings.text(block.get("text"), f"{pointer}/text", SECTION_TEXT_LENGTH)
    for index, text in enumerate(findings.items(block.get("fields"), f"{pointer}/fields", SECTION_FIELDS)):
        findings.text(text, f"{pointer}/fields/{index}", FIELD_LENGTH)
    if block.get("accessory") is not None:
        check_element(findings, block["accessory"], f"{pointer}/accessory", IN_SECTION)


def _look_at_header(findings: Findings, block: Json, pointer: str) -> None:
    findings.text(block.get("text"), f"{pointer}/text", HEADER_LENGTH, plain=True)


def _look_at_context(findings: Findings, block: Json, pointer: str) -> None:
    for index, element in enumerate(findings.items(block.get("elements"), f"{pointer}/elements", CONTEXT_ELEMENTS)):
        where = f"{pointer}/elements/{index}"
        if isinstance(element, dict) and element.get("type") == "image":
            check_element(findings, element, where, frozenset({"image"}))
        else:
            findings.text(element, where, SECTION_TEXT_LENGTH)


def _look_at_actions(findings: Findings, block: Json, pointer: str) -> None:
    elements = findings.items(block.get("elements"), f"{pointer}/elements", ACTIONS_ELEMENTS)
    for index, element in enumerate(elements):
        check_element(findings, element, f"{pointer}/elements/{index}", IN_ACTIONS)
    ids = [
        (f"{pointer}/elements/{index}/action_id", element["action_id"])
        for index, element in enumerate(elements)
        if isinstance(element, dict) and isinstance(element.get("action_id"), str)
    ]
    findings.unique("action_id", ids)


def _look_at_input(findings: Findings, block: Json, pointer: str) -> None:
    findings.text(block.get("label"), f"{pointer}/label", LABEL_LENGTH, plain=True)
    findings.text(block.get("hint"), f"{pointer}/hint", LABEL_LENGTH, plain=True)
    if block.get("element") is not None:
        check_element(findings, block["element"], f"{pointer}/element", IN_INPUT)


def _look_at_image(findings: Findings, block: Json, pointer: str) -> None:
    check_image(findings, block, pointer)
    findings.text(block.get("title"), f"{pointer}/title", LABEL_LENGTH, plain=True)


def _look_at_markdown(findings: Findings, block: Json, pointer: str) -> None:
    findings.string(block.get("text"), f"{pointer}/text", MARKDOWN_LENGTH)


def _look_at_rich_text(findings: Findings, block: Json, pointer: str) -> None:
    for index, part in enumerate(findings.items(block.get("elements"), f"{pointer}/elements", RICH_TEXT_ELEMENTS)):
        _look_at_part(findings, part, f"{pointer}/elements/{index}", RICH_TEXT_PARTS)


def _look_at_part(findings: Findings, part: Any, pointer: str, allowed: frozenset[str]) -> None:
    kind = findings.kind(part, pointer, allowed)
    if kind is None:
        return
    inside = findings.items(part.get("elements"), f"{pointer}/elements", RICH_TEXT_ELEMENTS, least=0)
    if part.get("elements") is None:
        findings.add(pointer, "missing required field: elements")
    for index, child in enumerate(inside):
        where = f"{pointer}/elements/{index}"
        if kind == "rich_text_list":
            _look_at_part(findings, child, where, frozenset({"rich_text_section"}))
        else:
            _look_at_span(findings, child, where)


def _look_at_span(findings: Findings, span: Any, pointer: str) -> None:
    kind = findings.kind(span, pointer, RICH_TEXT_SPANS)
    for name in RICH_TEXT_SPANS[kind] if kind else ():
        if span.get(name) is None:
            findings.add(pointer, f"missing required field: {name}")


def _look_at_table(findings: Findings, block: Json, pointer: str) -> None:
    findings.items(block.get("column_settings"), f"{pointer}/column_settings", TABLE_COLUMNS)
    for index, row in enumerate(findings.items(block.get("rows"), f"{pointer}/rows", TABLE_ROWS)):
        for column, cell in enumerate(findings.items(row, f"{pointer}/rows/{index}", TABLE_COLUMNS)):
            where = f"{pointer}/rows/{index}/{column}"
            if findings.kind(cell, where, TABLE_CELLS) == "rich_text":
                _look_at_rich_text(findings, cell, where)


def _nothing_inside(_findings: Findings, _block: Json, _pointer: str) -> None:
    """A divider has no fields of its own."""


RULES: dict[str, Rule] = {
    "section": Rule((), ("text", "fields", "accessory", "expand"), _look_at_section),
    "divider": Rule((), (), _nothing_inside),
    "header": Rule(("text",), (), _look_at_header),
    "context": Rule(("elements",), (), _look_at_context),
    "actions": Rule(("elements",), (), _look_at_actions),
    "input": Rule(("label", "element"), ("hint", "optional", "dispatch_action"), _look_at_input),
    "image": Rule(("alt_text",), ("image_url", "slack_file", "title"), _look_at_image),
    "rich_text": Rule(("elements",), (), _look_at_rich_text),
    "markdown": Rule(("text",), (), _look_at_markdown),
    "table": Rule(("rows",), ("column_settings",), _look_at_table),
}
