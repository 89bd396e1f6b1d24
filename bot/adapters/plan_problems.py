"""Turns pydantic's findings into what an author can act on: where it is, what is wrong, what would be right."""

from __future__ import annotations

from collections.abc import Iterator, Sized
from difflib import get_close_matches

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.adapters.plan_places import Problem, Written
from bot.adapters.plan_schema import THE_KEY, Schema, schema_at
from bot.adapters.plan_yaml import meaning
from bot.domain.plan_parts import Place

_SHOWN = 60
"""How many characters of a wrong value are repeated to its author."""


def explain(error: ValidationError, written: Written) -> Iterator[Problem]:
    """Every finding of pydantic, at its place in the file."""
    for found in error.errors(include_url=False):
        place, wanted = found["loc"], schema_at(found["loc"])
        if found["type"] == "extra_forbidden":
            yield Problem(written.key_position(place), place, _unknown_key(place))
        elif place[-1:] == (THE_KEY,):
            yield Problem(written.key_position(place[:-1]), place[:-2], f"a key of it {_words(found, wanted, None)}")
        elif not _is_echo(found, wanted):
            yield Problem(written.value_position(place), place, _words(found, wanted, written.scalars.get(place)))


def _is_echo(found: ErrorDetails, wanted: Schema) -> bool:
    """Pydantic counts only valid items: a list with nothing but bad ones is, to it, also too short."""
    return found["type"] == "too_short" and len(found["input"]) >= wanted.get("minItems", 1)


def _unknown_key(place: Place) -> str:
    known = list(schema_at(place[:-1])["properties"])
    nearest = get_close_matches(str(place[-1]), known, n=1)
    return f"unknown key; did you mean {nearest[0]}?" if nearest else f"unknown key; the keys here: {', '.join(known)}"


def _words(found: ErrorDetails, wanted: Schema, scalar: str | None) -> str:
    value, shown = found["input"], _shown(found["input"], scalar)
    match found["type"]:
        case "missing":
            words = f"is missing; write {_form(wanted)}"
        case "enum" | "literal_error":
            words = f"{shown} is not known; write {_form(wanted)}"
        case "string_pattern_mismatch":
            words = f"{shown} is not a valid {wanted['title']}; write {_form(wanted)}"
        case "string_type" | "tuple_type" if scalar is not None and _takes_text(wanted) and not isinstance(value, str):
            words = f'{scalar} is {_kind(value)}; write it in quotes: "{scalar}"'
        case "string_type" | "int_type" | "bool_type" | "tuple_type" | "model_type" | "dict_type":
            words = f"{shown} is {_kind(value)}; write {_form(wanted)}"
        case "string_too_short" | "string_too_long" | "too_short" | "too_long":
            words = _size(value, wanted)
        case "greater_than_equal" | "less_than_equal":
            words = f"{scalar} is out of range; write {_form(wanted)}"
        case _:  # the words of the model's own rules
            words = found["msg"].removeprefix("Value error, ")
    return words


def _takes_text(wanted: Schema) -> bool:
    return "string" in (wanted["type"] if isinstance(wanted["type"], list) else [wanted["type"]])


def _shown(value: object, scalar: str | None) -> str:
    """The wrong value as its author knows it; nothing for a list or a group of keys, which may be long."""
    if scalar is None:
        return "this"
    text = repr(scalar) if isinstance(value, str) else scalar
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _kind(value: object) -> str:
    kinds = {bool: "true or false", str: "a text", list: "a list", dict: "a group of keys"}
    return kinds.get(type(value), "a number")


def _size(value: Sized, wanted: Schema) -> str:
    if isinstance(value, dict):
        return f"has {len(value)} keys; write {_range(wanted, 'Properties')}"
    if not isinstance(value, str):
        return f"has {len(value)} items; write {_range(wanted, 'Items')}"
    limits = f"write {_range(wanted, 'Length')} characters"
    return f"has {len(value)} characters; {limits}" if len(value) > wanted["maxLength"] else f"is too short; {limits}"


def _range(wanted: Schema, what: str) -> str:
    low, high = wanted.get(f"min{what}", 0), wanted.get(f"max{what}")
    return f"{low} to {high}" if high else f"{low} or more"


def _form(wanted: Schema) -> str:
    """What would be right, to be read after `write`."""
    match wanted:
        case {"const": value}:
            form = str(value)
        case {"enum": values}:
            form = " or ".join(values)
        case {"type": "boolean"}:
            form = "true or false, without quotes"
        case {"type": "integer", "minimum": low, "maximum": high}:
            form = f"a whole number from {low} to {high}, without quotes"
        case {"type": "array"}:
            form = "a list, each item after a dash"
        case {"type": "object", "properties": keys}:
            form = f"its keys beneath it: {', '.join(wanted.get('required') or keys)}"
        case {"type": "object", "examples": [pattern, *_]}:
            form = f"its keys beneath it, like {', '.join(f'{key}: {value}' for key, value in pattern.items())}"
        case _:
            example = wanted["examples"][0]
            form = f"it like {example}" if meaning(example) == example else f'it in quotes, like "{example}"'
    return form
