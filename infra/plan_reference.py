"""The table of plan fields in `plans/README.md`, made from the plan's JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

BEGIN, END = "<!-- fields: made by python -m infra.generate -->", "<!-- end of fields -->"
_HEAD = "| key | default | example | what it is |\n|---|---|---|---|\n"


def with_reference(readme: str, schema: Mapping[str, Any]) -> str:
    """The README with a fresh table between its two markers.

    Raises:
        ValueError: the markers are not there.
    """
    before, begin, rest = readme.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"plans/README.md has lost its markers {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{reference(schema)}{END}{after}"


def reference(schema: Mapping[str, Any]) -> str:
    """A Markdown table with a row for every key of a plan, in the order of the model."""
    return _HEAD + "".join(f"| {' | '.join(row)} |\n" for row in _rows(schema, ""))


def _rows(group: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str, str, str]]:
    for key, field in group["properties"].items():
        default = "**required**" if key in group.get("required", ()) else _default(field)
        yield f"`{prefix}{key}`", default, _example(field), f"{field['description']}{_limits(field)}"
        inner, below = (field["items"], "[].") if field.get("type") == "array" else (field, ".")
        if "properties" in inner:
            yield from _rows(inner, f"{prefix}{key}{below}")


def _default(field: Mapping[str, Any]) -> str:
    default = field.get("default")
    if isinstance(default, dict):
        return ", ".join(f"`{key}: {_yaml(value)}`" for key, value in default.items())
    return f"`{_yaml(default)}`" if default not in (None, []) else "none"


def _example(field: Mapping[str, Any]) -> str:
    match field:
        case {"properties": _} | {"items": {"properties": _}}:
            return "see the rows below"
        case {"items": item}:
            return f"`[{_yaml(item['examples'][0])}]`"
        case {"const": only}:
            return f"`{_yaml(only)}`"
        case {"enum": values}:
            return " or ".join(f"`{value}`" for value in values)
        case _:
            return f"`{_yaml(field['examples'][0])}`"


def _yaml(value: object) -> str:
    """A value as an author writes it in one line; a text of digits in quotes."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_yaml(each)}' for key, each in value.items())}}}"
    return (
        str(value).lower()
        if isinstance(value, bool)
        else f'"{value}"'
        if str(value).isdecimal() and isinstance(value, str)
        else str(value)
    )


def _limits(field: Mapping[str, Any]) -> str:
    for low, high, what in (
        ("minItems", "maxItems", " items"),
        ("minLength", "maxLength", " characters"),
        ("minimum", "maximum", ""),
    ):
        if high in field:
            return f" {field[low]} to {field[high]}{what}." if low in field else f" At most {field[high]}{what}."
    return ""
