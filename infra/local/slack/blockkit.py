"""The Block Kit check: would Slack take this message, this modal, this App Home?

`check_message` and `check_view` return the problems found (empty means fine). The Slack simulator calls them on
every message and view it is given. slack_sdk's models are asked as well, after our own look: they know element
details that the tables here leave out, but miss field length, duplicate action_ids, the 50-block cap, the total
text and unknown types.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from infra.local.slack.blockkit_blocks import ANYWHERE, IN_MESSAGE, check_block
from infra.local.slack.blockkit_elements import ID_LENGTH
from infra.local.slack.findings import Findings, Problem

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
TEXT_BUDGET = 10_000
"""Characters of text in all blocks of a message that are always safe: write no more than this."""
TEXT_LIMIT = 12_000
"""Characters of text, containers included, from which Slack answers `msg_blocks_too_long`."""
CONTAINER_COST = 15
"""Characters that each block costs beside its text. Slack says "12,000 text characters with a buffer for block
containers" and gives no number; 15 is the least that explains a refusal measured in production (11,341 characters
in 45 blocks; slackapi/bolt-js issue 2867)."""
TITLE_LENGTH = 24
PRIVATE_METADATA_LENGTH = 3000
VIEW_BYTES = 250_000

VIEW_FIELDS = ("callback_id", "external_id", "private_metadata")
MODAL_FIELDS = (*VIEW_FIELDS, "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled")


def check_message(payload: Mapping[str, Any]) -> list[Problem]:
    """The problems of a message with `text` and `blocks`, as given to chat.postMessage.

    Stricter than Slack in one thing: blocks without `text` are refused (`no_text`), because notifications and screen
    readers would get nothing.
    """
    findings = Findings()
    blocks = payload.get("blocks")
    if not payload.get("text"):
        findings.add("/text", "missing required field: text", "no_text")
    if blocks is not None and not isinstance(blocks, list):
        findings.add("/blocks", "must be a valid array", "invalid_blocks_format")
    elif blocks:
        findings.items(blocks, "/blocks", MESSAGE_BLOCKS)
        _check_blocks(findings, blocks, "/blocks", IN_MESSAGE)
        _check_tables(findings, blocks)
        _check_total(findings, blocks)
    return findings.problems


def check_view(view: Mapping[str, Any]) -> list[Problem]:
    """The problems of a modal or an App Home, as given to views.open, push, update or publish."""
    findings = Findings()
    if view.get("type") == "modal":
        _check_modal(findings, view)
    elif view.get("type") == "home":
        findings.fields(view, "/view", ("type", "blocks"), VIEW_FIELDS)
    else:
        findings.add("/view/type", f"unsupported type: {view.get('type')}")
    for name, most in (("callback_id", ID_LENGTH), ("external_id", ID_LENGTH)):
        findings.string(view.get(name), f"/view/{name}", most, least=0)
    findings.string(view.get("private_metadata"), "/view/private_metadata", PRIVATE_METADATA_LENGTH, least=0)
    blocks = findings.items(view.get("blocks"), "/view/blocks", VIEW_BLOCKS)
    _check_blocks(findings, blocks, "/view/blocks", ANYWHERE)
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        findings.add("/view", f"must be less than {VIEW_BYTES + 1} bytes", "view_too_large")
    return findings.problems


def text_length(blocks: list[Any]) -> int:
    """Characters in every `text` of the blocks, at any depth: what Slack's total limit counts."""
    return sum(len(text) for text in _texts(blocks))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name == "text" and isinstance(item, str):
                yield item
            else:
                yield from _texts(item)


def _check_blocks(findings: Findings, blocks: list[Any], pointer: str, allowed: frozenset[str]) -> None:
    for index, block in enumerate(blocks):
        before = len(findings.problems)
        check_block(findings, block, f"{pointer}/{index}", allowed)
        if len(findings.problems) == before:
            _ask_the_sdk(findings, block, f"{pointer}/{index}")
    ids = [
        (f"{pointer}/{index}/block_id", block["block_id"])
        for index, block in enumerate(blocks)
        if isinstance(block, dict) and isinstance(block.get("block_id"), str)
    ]
    findings.unique("block_id", ids)


def _ask_the_sdk(findings: Findings, block: dict[str, Any], pointer: str) -> None:
    try:
        parsed = Block.parse(copy.deepcopy(block))
        if parsed is not None:
            parsed.to_dict()
    except SlackObjectFormationError as objection:
        findings.add(pointer, str(objection))


def _check_tables(findings: Findings, blocks: list[Any]) -> None:
    tables = [index for index, block in enumerate(blocks) if isinstance(block, dict) and block.get("type") == "table"]
    for index in tables[1:]:
        findings.add(f"/blocks/{index}/type", "only one table is allowed in a message")


def _check_total(findings: Findings, blocks: list[Any]) -> None:
    total = text_length(blocks) + CONTAINER_COST * len(blocks)
    if total > TEXT_LIMIT:
        findings.add("/blocks", f"{total} characters of text and containers", "msg_blocks_too_long")


def _check_modal(findings: Findings, view: Mapping[str, Any]) -> None:
    findings.fields(view, "/view", ("type", "title", "blocks"), MODAL_FIELDS)
    for name in ("title", "submit", "close"):
        findings.text(view.get(name), f"/view/{name}", TITLE_LENGTH, plain=True)
    blocks = view.get("blocks")
    for index, block in enumerate(blocks if isinstance(blocks, list) else []):
        if isinstance(block, dict) and block.get("type") == "input" and view.get("submit") is None:
            findings.add(f"/view/blocks/{index}/input", "must define `submit` to use an `input` block in modals")
