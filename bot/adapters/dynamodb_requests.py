"""DynamoDB's requests as data: attribute values, and Put, Update and Delete with their conditions.

A condition names attributes as `#name` and values as `:name`; the names are filled in from the text itself, so that no
attribute ever meets DynamoDB's list of reserved words. The same request serves alone and within a transaction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

Value: TypeAlias = dict[str, Any]
Item: TypeAlias = dict[str, Value]
Request: TypeAlias = dict[str, Any]

THERE = "attribute_exists(#pk)"
NOT_THERE = "attribute_not_exists(#pk)"


def text(value: str) -> Value:
    """A string."""
    return {"S": value}


def number(value: int) -> Value:
    """A whole number."""
    return {"N": str(value)}


def moment(value: datetime) -> Value:
    """A moment, in UTC and of fixed width, so that it sorts as text."""
    return text(stamp(value))


def stamp(value: datetime) -> str:
    """`2026-03-02T09:00:00.000000Z`."""
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_moment(value: Value) -> datetime:
    """The reverse of `moment`.

    Raises:
        ValueError: it is no moment, or says not of which time zone: whoever compares it would fail.
    """
    read = datetime.fromisoformat(value["S"])
    if read.tzinfo is None:
        raise ValueError(f"{value['S']} has no time zone")
    return read


def key(pk: str, sk: str) -> Item:
    """An item's key."""
    return {"pk": text(pk), "sk": text(sk)}


def put(item: Item, condition: str | None = None, **values: Value) -> Request:
    """Write an item whole."""
    return {"Item": item, **_expressions(condition, values)}


def delete(key: Item, condition: str | None = None, **values: Value) -> Request:
    """Remove an item."""
    return {"Key": key, **_expressions(condition, values)}


def update(
    key: Item, assign: Mapping[str, Value], condition: str | None = None, *, remove: Iterable[str] = (), **values: Value
) -> Request:
    """Change some attributes of an item and leave the others; an item that is not there is made."""
    assigned = {f"set{n}": name for n, name in enumerate(assign)}
    removed = {f"remove{n}": name for n, name in enumerate(remove)}
    expression = "SET " + ", ".join(f"#{place} = :{place}" for place in assigned)
    if removed:
        expression += " REMOVE " + ", ".join(f"#{place}" for place in removed)
    bound = {**values, **dict(zip(assigned, assign.values(), strict=True))}
    return {
        "Key": key,
        "UpdateExpression": expression,
        **_expressions(condition, bound, {**assigned, **removed}),
    }


def _expressions(condition: str | None, values: Mapping[str, Value], names: Mapping[str, str] | None = None) -> Request:
    conditioned = {name: name for name in re.findall(r"#(\w+)", condition or "")}
    parameters = {
        "ConditionExpression": condition,
        "ExpressionAttributeNames": {f"#{place}": name for place, name in {**conditioned, **(names or {})}.items()},
        "ExpressionAttributeValues": {f":{place}": value for place, value in values.items()},
    }
    return {name: parameter for name, parameter in parameters.items() if parameter}
