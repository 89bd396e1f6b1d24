"""The JSON Schema of a plan: what editors check while a plan is written, and where error texts find their examples."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from bot.domain.durations import spell
from bot.domain.plan import Plan
from bot.domain.plan_parts import Place

DIALECT = "http://json-schema.org/draft-07/schema#"
"""yaml-language-server, behind most editors, knows JSON Schema up to draft 7 (its README)."""

Schema = dict[str, Any]
THE_KEY = "[key]"
"""Ends a place of pydantic's that means the key there, not its value."""


class _ForAuthors(GenerateJsonSchema):
    """Pydantic's generator, without what only a program would want to know."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        """A key that may be left out is left out: an empty one is a slip, and the reader refuses it."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Leave out the default None, which no author can write."""
        found = super().default_schema(schema)
        return {key: value for key, value in found.items() if key != "default" or value is not None}

    def encode_default(self, dft: Any) -> Any:
        """Write spans as a plan does, not as ISO 8601, and leave out what no author can write."""
        if isinstance(dft, timedelta):
            return spell(dft)
        encoded = super().encode_default(dft)
        return (
            {key: value for key, value in encoded.items() if value is not None}
            if isinstance(encoded, dict)
            else encoded
        )

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        """A title made of the key's own name tells nobody anything."""
        return False


@cache
def plan_schema() -> Schema:
    """The schema of a whole plan file, without a single `$ref`: draft 7 ignores what stands beside one."""
    schema = Plan.model_json_schema(schema_generator=_ForAuthors)
    definitions = schema.pop("$defs")
    return {"$schema": DIALECT, **_inlined(schema, definitions)}


def _inlined(node: Any, definitions: Mapping[str, Schema]) -> Any:
    if isinstance(node, list):
        return [_inlined(item, definitions) for item in node]
    if not isinstance(node, dict):
        return node
    own = {key: _inlined(value, definitions) for key, value in node.items() if key != "$ref"}
    if "$ref" not in node:
        return own
    target = _inlined(definitions[node["$ref"].rpartition("/")[2]], definitions)
    return {key: value for key, value in target.items() if key != "title"} | own


def schema_at(place: Place) -> Schema:
    """The part of the schema that describes what stands at `place`; empty if the schema knows no such place."""
    found = plan_schema()
    if place[-1:] == (THE_KEY,):
        keys: Schema = schema_at(place[:-2])["propertyNames"]
        return keys
    for step in place:
        found = found.get("items", {}) if isinstance(step, int) else _below(found, step)
    return found


def _below(group: Schema, key: str) -> Schema:
    """What stands at a key: one that is known, or any, where an author chooses the keys."""
    found: Schema = group.get("properties", {}).get(key) or group.get("additionalProperties") or {}
    return found
