"""Which Block Kit elements exist, where each may stand, and its limits.

Source of every number: docs.slack.dev/reference/block-kit/block-elements and /composition-objects, compared with
slack_sdk.models.blocks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from infra.local.slack.findings import Findings, Json

ID_LENGTH = 255
PLACEHOLDER_LENGTH = 150
OPTION_TEXT_LENGTH = 75
OPTION_VALUE_LENGTH = 150
URL_LENGTH = 3000
ALT_TEXT_LENGTH = 2000
BUTTON_TEXT_LENGTH = 75
BUTTON_VALUE_LENGTH = 2000
CONFIRM_LENGTHS = {"title": 100, "text": 300, "confirm": 30, "deny": 30}
SELECT_OPTIONS = 100
GROUP_LABEL_LENGTH = 75
CHOICE_OPTIONS = 10
OVERFLOW_OPTIONS = 5
INPUT_LENGTH = 3000

COMMON = frozenset({"type", "action_id", "confirm", "focus_on_load", "placeholder"})
SELECTS = frozenset(
    f"{many}{source}_select"
    for many in ("", "multi_")
    for source in ("static", "external", "users", "conversations", "channels")
)
CHOICES = frozenset({"checkboxes", "radio_buttons"})
PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker"})
TEXT_INPUTS = frozenset({"plain_text_input", "number_input", "email_text_input", "url_text_input"})
IN_ACTIONS = SELECTS | CHOICES | PICKERS | {"button", "overflow"}
IN_SECTION = (IN_ACTIONS - {"datetimepicker"}) | {"image"}
IN_INPUT = SELECTS | CHOICES | PICKERS | TEXT_INPUTS


@dataclass(frozen=True, slots=True)
class Rule:
    """What one type of element needs, may have beside the common fields, and how its own fields are looked at."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    look: Callable[[Findings, Json, str], None] = lambda _findings, _element, _pointer: None


def check_element(findings: Findings, element: Any, pointer: str, allowed: frozenset[str]) -> None:
    """Look at one element that stands where only `allowed` types may stand."""
    kind = findings.kind(element, pointer, allowed)
    if kind is None:
        return
    rule = RULES[kind]
    findings.fields(element, pointer, ("type", *rule.required), (*COMMON, *rule.optional))
    findings.string(element.get("action_id"), f"{pointer}/action_id", ID_LENGTH)
    findings.text(element.get("placeholder"), f"{pointer}/placeholder", PLACEHOLDER_LENGTH, plain=True)
    check_confirm(findings, element.get("confirm"), f"{pointer}/confirm")
    rule.look(findings, element, pointer)


def check_confirm(findings: Findings, confirm: Any, pointer: str) -> None:
    """Look at a confirmation dialog (title 100, text 300, both buttons 30 characters)."""
    if confirm is None or not findings.is_object(confirm, pointer):
        return
    findings.fields(confirm, pointer, ("title", "text", "confirm", "deny"), ("style",))
    for name, most in CONFIRM_LENGTHS.items():
        findings.text(confirm.get(name), f"{pointer}/{name}", most, plain=name != "text")
    findings.one_of(confirm.get("style"), f"{pointer}/style", ("primary", "danger"))


def check_option(findings: Findings, option: Any, pointer: str, *, plain: bool, link: bool = False) -> None:
    """Look at one option; `link` where it may carry a URL (overflow menus only)."""
    if not findings.is_object(option, pointer):
        return
    findings.fields(option, pointer, ("text", "value"), ("description", "url") if link else ("description",))
    findings.text(option.get("text"), f"{pointer}/text", OPTION_TEXT_LENGTH, plain=plain)
    findings.text(option.get("description"), f"{pointer}/description", OPTION_TEXT_LENGTH, plain=plain)
    findings.string(option.get("value"), f"{pointer}/value", OPTION_VALUE_LENGTH)
    findings.string(option.get("url"), f"{pointer}/url", URL_LENGTH)


def _options(
    findings: Findings, owner: Json, pointer: str, most: int, *, plain: bool = True, link: bool = False
) -> None:
    for index, option in enumerate(findings.items(owner.get("options"), f"{pointer}/options", most)):
        check_option(findings, option, f"{pointer}/options/{index}", plain=plain, link=link)


def _initial(findings: Findings, element: Json, pointer: str) -> None:
    """What is chosen at first must be one of the options, letter for letter."""
    groups = element.get("option_groups") or [element]
    offered = [option for group in groups if isinstance(group, dict) for option in group.get("options") or []]
    single = [element["initial_option"]] if element.get("initial_option") is not None else []
    for chosen in [*single, *(element.get("initial_options") or [])]:
        if chosen not in offered:
            findings.add(f"{pointer}/initial_option", "must be one of the provided options")


def _look_at_button(findings: Findings, element: Json, pointer: str) -> None:
    findings.text(element.get("text"), f"{pointer}/text", BUTTON_TEXT_LENGTH, plain=True)
    findings.string(element.get("value"), f"{pointer}/value", BUTTON_VALUE_LENGTH)
    findings.string(element.get("url"), f"{pointer}/url", URL_LENGTH)
    findings.string(element.get("accessibility_label"), f"{pointer}/accessibility_label", BUTTON_TEXT_LENGTH)
    findings.one_of(element.get("style"), f"{pointer}/style", ("primary", "danger"))


def _look_at_static_select(findings: Findings, element: Json, pointer: str) -> None:
    if (element.get("options") is None) == (element.get("option_groups") is None):
        findings.add(pointer, "must define either `options` or `option_groups`")
    _options(findings, element, pointer, SELECT_OPTIONS)
    groups = findings.items(element.get("option_groups"), f"{pointer}/option_groups", SELECT_OPTIONS)
    for index, group in enumerate(groups):
        where = f"{pointer}/option_groups/{index}"
        if findings.is_object(group, where):
            findings.fields(group, where, ("label", "options"), ())
            findings.text(group.get("label"), f"{where}/label", GROUP_LABEL_LENGTH, plain=True)
            _options(findings, group, where, SELECT_OPTIONS)
    _initial(findings, element, pointer)


def _look_at_choices(findings: Findings, element: Json, pointer: str) -> None:
    _options(findings, element, pointer, CHOICE_OPTIONS, plain=False)
    _initial(findings, element, pointer)


def _look_at_overflow(findings: Findings, element: Json, pointer: str) -> None:
    _options(findings, element, pointer, OVERFLOW_OPTIONS, link=True)


def _look_at_text_input(findings: Findings, element: Json, pointer: str) -> None:
    findings.string(element.get("initial_value"), f"{pointer}/initial_value", INPUT_LENGTH, least=0)
    for name, least in (("min_length", 0), ("max_length", 1)):
        value = element.get(name)
        if value is not None and not (isinstance(value, int) and least <= value <= INPUT_LENGTH):
            findings.add(f"{pointer}/{name}", f"must be between {least} and {INPUT_LENGTH}")


def _look_at_image(findings: Findings, element: Json, pointer: str) -> None:
    check_image(findings, element, pointer)


def check_image(findings: Findings, image: Json, pointer: str) -> None:
    """Look at the fields that an image element and an image block share."""
    if (image.get("image_url") is None) == (image.get("slack_file") is None):
        findings.add(pointer, "must define either `image_url` or `slack_file`")
    findings.string(image.get("image_url"), f"{pointer}/image_url", URL_LENGTH)
    findings.string(image.get("alt_text"), f"{pointer}/alt_text", ALT_TEXT_LENGTH)


RULES: dict[str, Rule] = {
    "button": Rule(("text",), ("url", "value", "style", "accessibility_label"), _look_at_button),
    "static_select": Rule((), ("options", "option_groups", "initial_option"), _look_at_static_select),
    "multi_static_select": Rule(
        (), ("options", "option_groups", "initial_options", "max_selected_items"), _look_at_static_select
    ),
    "external_select": Rule((), ("initial_option", "min_query_length")),
    "multi_external_select": Rule((), ("initial_options", "min_query_length", "max_selected_items")),
    "users_select": Rule((), ("initial_user",)),
    "multi_users_select": Rule((), ("initial_users", "max_selected_items")),
    "conversations_select": Rule(
        (), ("initial_conversation", "default_to_current_conversation", "response_url_enabled", "filter")
    ),
    "multi_conversations_select": Rule(
        (), ("initial_conversations", "default_to_current_conversation", "max_selected_items", "filter")
    ),
    "channels_select": Rule((), ("initial_channel", "response_url_enabled")),
    "multi_channels_select": Rule((), ("initial_channels", "max_selected_items")),
    "overflow": Rule(("options",), (), _look_at_overflow),
    "checkboxes": Rule(("options",), ("initial_options",), _look_at_choices),
    "radio_buttons": Rule(("options",), ("initial_option",), _look_at_choices),
    "datepicker": Rule((), ("initial_date",)),
    "timepicker": Rule((), ("initial_time", "timezone")),
    "datetimepicker": Rule((), ("initial_date_time",)),
    "plain_text_input": Rule(
        (), ("initial_value", "multiline", "min_length", "max_length", "dispatch_action_config"), _look_at_text_input
    ),
    "number_input": Rule(
        ("is_decimal_allowed",), ("initial_value", "min_value", "max_value", "dispatch_action_config")
    ),
    "email_text_input": Rule((), ("initial_value", "dispatch_action_config")),
    "url_text_input": Rule((), ("initial_value", "dispatch_action_config")),
    "image": Rule(("alt_text",), ("image_url", "slack_file"), _look_at_image),
}
