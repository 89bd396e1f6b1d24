"""The limits of a whole message: number of blocks, ids, total text, fallback text."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.slack.blockkit import CONTAINER_COST, TEXT_BUDGET, TEXT_LIMIT, check_message, text_length


def section(text: str = "hello", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def said_of_blocks(*blocks: Any) -> list[str]:
    return [str(problem) for problem in check_message({"text": "fallback", "blocks": list(blocks)})]


def test_a_message_has_at_most_50_blocks() -> None:
    assert said_of_blocks(*[{"type": "divider"}] * 50) == []
    assert said_of_blocks(*[{"type": "divider"}] * 51) == ["no more than 50 items allowed [json-pointer:/blocks]"]


def test_block_ids_are_unique_in_a_message() -> None:
    said = said_of_blocks(section(block_id="same"), section(block_id="same"))
    assert said == ["`block_id` same already exists [json-pointer:/blocks/1/block_id]"]


def test_legal_blocks_that_are_too_long_together_are_refused() -> None:
    fits = [section("x" * (3000 - CONTAINER_COST))] * 4
    assert TEXT_BUDGET < text_length(fits) + 4 * CONTAINER_COST == TEXT_LIMIT
    assert check_message({"text": "fallback", "blocks": fits}) == []
    too_long = check_message({"text": "fallback", "blocks": [*fits, {"type": "divider"}]})
    assert [problem.error for problem in too_long] == ["msg_blocks_too_long"]


@pytest.mark.parametrize(("characters", "blocks", "answer"), [(9_597, 50, "taken"), (11_341, 45, "refused")])
def test_the_total_limit_agrees_with_what_was_measured_of_the_real_slack(
    characters: int, blocks: int, answer: str
) -> None:
    each, rest = divmod(characters, blocks)
    parts = [section("x" * (each + (rest if index == 0 else 0))) for index in range(blocks)]
    assert text_length(parts) == characters
    assert ("refused" if check_message({"text": "fallback", "blocks": parts}) else "taken") == answer


def test_blocks_without_fallback_text_are_refused() -> None:
    assert [problem.error for problem in check_message({"blocks": [section()]})] == ["no_text"]


def test_blocks_that_are_no_list_are_refused() -> None:
    assert [problem.error for problem in check_message({"text": "a", "blocks": {}})] == ["invalid_blocks_format"]
