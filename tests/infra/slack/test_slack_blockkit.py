"""What Slack would refuse, the check names; what Slack takes, it lets pass."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.slack.blockkit import check_message, check_view


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "hello", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": "go", "text": plain("Go"), **more}


def actions(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


def options(count: int, length: int = 5) -> list[dict[str, Any]]:
    return [{"text": plain("x" * length), "value": str(index)} for index in range(count)]


def confirm(**changed: Any) -> dict[str, Any]:
    return {
        "title": plain("Sure?"),
        "text": mrkdwn("*Really?*"),
        "confirm": plain("Yes"),
        "deny": plain("No"),
        **changed,
    }


def text_input(**more: Any) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": "why", **more}
    return {"type": "input", "label": plain("Why?"), "element": element}


def groups(count: int) -> list[dict[str, Any]]:
    return [{"label": plain("Waves"), "options": options(1)}] * count


def select(count: int, **more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "pick", "options": options(count), **more}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "modal", "title": plain("Hold"), "submit": plain("Go"), "blocks": list(blocks), **more}


def said_of_blocks(*blocks: Any) -> list[str]:
    return [str(problem) for problem in check_message({"text": "fallback", "blocks": list(blocks)})]


GOOD_BLOCKS: list[dict[str, Any]] = [
    section("x" * 3000),
    {"type": "section", "fields": [mrkdwn("x" * 100)] * 10},
    section(accessory=button(style="danger", confirm=confirm())),
    section(accessory={"type": "image", "image_url": "https://x.y/z.png", "alt_text": "a chart"}),
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    {"type": "context", "elements": [mrkdwn("a"), {"type": "image", "image_url": "https://x.y", "alt_text": "b"}]},
    actions(*[button(action_id=str(index)) for index in range(25)]),
    actions(button(value="v" * 2000), select(100), {"type": "overflow", "action_id": "o", "options": options(5)}),
    actions({"type": "static_select", "action_id": "g", "option_groups": groups(100)}),
    actions({"type": "radio_buttons", "action_id": "r", "options": [{"text": mrkdwn("*a*"), "value": "a"}]}),
    text_input(multiline=True, max_length=3000),
    {"type": "image", "image_url": "https://x.y/z.png", "alt_text": "a chart", "title": plain("Timeline")},
    {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "a"}]}],
    },
    {"type": "markdown", "text": "# hello"},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * 20] * 100},
]


@pytest.mark.parametrize("block", GOOD_BLOCKS, ids=lambda block: str(block["type"]))
def test_a_block_at_its_limits_is_fine(block: dict[str, Any]) -> None:
    assert said_of_blocks(block) == []


BAD_BLOCKS: list[tuple[Any, str]] = [
    (section("x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ({"type": "section"}, "must define either `text` or `fields` [json-pointer:/blocks/0/type]"),
    ({"type": "section", "fields": [plain("x")] * 11}, "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
    (
        {"type": "section", "fields": [plain("x" * 2001)]},
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    (
        {"type": "header", "text": plain("x" * 151)},
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    ({"type": "header", "text": mrkdwn("*x*")}, "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"),
    (
        {"type": "context", "elements": [plain("x")] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    ({"type": "context", "elements": []}, "must provide at least 1 items [json-pointer:/blocks/0/elements]"),
    (
        {"type": "context", "elements": [button()]},
        "unsupported type: button [json-pointer:/blocks/0/elements/0/type]",
    ),
    (
        actions(*[button(action_id=str(index)) for index in range(26)]),
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        actions(button(), button()),
        "`action_id` go already exists [json-pointer:/blocks/0/elements/1/action_id]",
    ),
    (
        actions(button(text=plain("x" * 76))),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    (
        actions(button(text=mrkdwn("x"))),
        "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]",
    ),
    (
        actions(button(value="v" * 2001)),
        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    (
        actions(button(action_id="a" * 256)),
        "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
    ),
    (
        actions(button(style="red")),
        "must be a valid enum value: red [json-pointer:/blocks/0/elements/0/style]",
    ),
    (actions(button(), block_id="b" * 256), "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
    (
        actions(button(confirm=confirm(title=plain("x" * 101)))),
        "must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]",
    ),
    (
        actions(button(confirm=confirm(text=plain("x" * 301)))),
        "must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]",
    ),
    (
        actions(button(confirm=confirm(deny=None))),
        "missing required field: deny [json-pointer:/blocks/0/elements/0/confirm]",
    ),
    (actions(select(101)), "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]"),
    (
        actions(select(1, placeholder=plain("x" * 151))),
        "must be less than 151 characters [json-pointer:/blocks/0/elements/0/placeholder/text]",
    ),
    (
        actions({"type": "static_select", "options": options(1, length=76)}),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
    ),
    (
        actions({"type": "static_select"}),
        "must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0]",
    ),
    (
        actions({"type": "overflow", "options": options(6)}),
        "no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        actions({"type": "checkboxes", "options": options(11)}),
        "no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]",
    ),
    (
        actions({"type": "static_select", "option_groups": groups(101)}),
        "no more than 100 items allowed [json-pointer:/blocks/0/elements/0/option_groups]",
    ),
    (
        actions({"type": "static_select", "option_groups": [{"label": plain("x" * 76), "options": options(1)}]}),
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/option_groups/0/label/text]",
    ),
    (
        actions(select(2, initial_option={"text": plain("another"), "value": "1"})),
        "must be one of the provided options [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    (
        actions({"type": "radio_buttons", "options": options(1), "initial_option": options(2, length=3)[1]}),
        "must be one of the provided options [json-pointer:/blocks/0/elements/0/initial_option]",
    ),
    (actions(button(value=7)), "must be a valid string [json-pointer:/blocks/0/elements/0/value]"),
    ({"type": "actions", "elements": button()}, "must be a valid array [json-pointer:/blocks/0/elements]"),
    (actions(button(confirm="sure")), "must be a valid object [json-pointer:/blocks/0/elements/0/confirm]"),
    (
        {"type": "table", "rows": [[{"type": "rich_text", "elements": [{"type": "rich_text_section"}]}]]},
        "missing required field: elements [json-pointer:/blocks/0/rows/0/0/elements/0]",
    ),
    (actions(text_input()), "unsupported type: input [json-pointer:/blocks/0/elements/0/type]"),
    (actions({"type": "buton"}), "unsupported type: buton [json-pointer:/blocks/0/elements/0/type]"),
    ({"type": "data_table", "rows": []}, "unsupported type: data_table [json-pointer:/blocks/0/type]"),
    ({"type": ["section"]}, "unsupported type: ['section'] [json-pointer:/blocks/0/type]"),
    ("section", "must be a valid object [json-pointer:/blocks/0]"),
    (
        {"type": "image", "imageUrl": "https://x.y", "alt_text": "a"},
        "invalid additional property: imageUrl [json-pointer:/blocks/0]",
    ),
    (
        {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]] * 101},
        "no more than 100 items allowed [json-pointer:/blocks/0/rows]",
    ),
    (
        {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}] * 21]},
        "no more than 20 items allowed [json-pointer:/blocks/0/rows/0]",
    ),
    (
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text"}]}]},
        "missing required field: text [json-pointer:/blocks/0/elements/0/elements/0]",
    ),
    (text_input(max_length=3001), "must be between 1 and 3000 [json-pointer:/blocks/0/element/max_length]"),
]


@pytest.mark.parametrize(("block", "problem"), BAD_BLOCKS, ids=[problem for _, problem in BAD_BLOCKS])
def test_a_block_beyond_a_limit_is_named_in_slacks_words(block: Any, problem: str) -> None:
    assert problem in said_of_blocks(block)


def test_a_limit_that_only_the_sdk_knows_is_named_too() -> None:
    date = {"type": "datepicker", "action_id": "when", "initial_date": "tomorrow"}
    assert said_of_blocks(actions(date)) == [
        "initial_date attribute must be in format 'YYYY-MM-DD' [json-pointer:/blocks/0]"
    ]


def test_a_message_holds_one_table_and_a_modal_none() -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}
    assert said_of_blocks(table, table) == ["only one table is allowed in a message [json-pointer:/blocks/1/type]"]
    assert [str(each) for each in check_view(modal(table))] == [
        "unsupported type: table [json-pointer:/view/blocks/0/type]"
    ]


BAD_VIEWS: list[tuple[dict[str, Any], str]] = [
    (modal(section(), title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
    (modal(section(), submit=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/submit/text]"),
    (modal(section(), close=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/close/text]"),
    (modal(section(), title=None), "missing required field: title [json-pointer:/view]"),
    (modal(section(), titel="x"), "invalid additional property: titel [json-pointer:/view]"),
    (
        modal(section(), private_metadata="x" * 3001),
        "must be less than 3001 characters [json-pointer:/view/private_metadata]",
    ),
    (modal(section(), callback_id="x" * 256), "must be less than 256 characters [json-pointer:/view/callback_id]"),
    (
        modal(text_input(), submit=None),
        "must define `submit` to use an `input` block in modals [json-pointer:/view/blocks/0/input]",
    ),
    (modal(*[section()] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
    (modal(), "must provide at least 1 items [json-pointer:/view/blocks]"),
    ({"type": "home", "blocks": [section()] * 101}, "no more than 100 items allowed [json-pointer:/view/blocks]"),
    (
        {"type": "home", "blocks": [section()], "title": plain("x")},
        "invalid additional property: title [json-pointer:/view]",
    ),
    ({"type": "workflow_step", "blocks": [section()]}, "unsupported type: workflow_step [json-pointer:/view/type]"),
]


@pytest.mark.parametrize(("view", "problem"), BAD_VIEWS, ids=[problem for _, problem in BAD_VIEWS])
def test_a_view_beyond_a_limit_is_named_in_slacks_words(view: dict[str, Any], problem: str) -> None:
    assert problem in [str(each) for each in check_view(view)]


def test_a_view_at_its_limits_is_fine() -> None:
    full = modal(*[section()] * 99, text_input(), title=plain("x" * 24), private_metadata="x" * 3000)
    assert check_view(full) == []
    assert check_view({"type": "home", "blocks": [section()] * 100}) == []


def test_a_view_of_more_than_250_kb_is_too_large() -> None:
    heavy = modal(*[section("x" * 3000)] * 90)
    assert [problem.error for problem in check_view(heavy)] == ["view_too_large"]
