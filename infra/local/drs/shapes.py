"""Requests and replies checked against botocore's own model of DRS.

boto3 itself checks types and required members only: it sends ids of the wrong form, lists that are too long and enum
values that do not exist, and it passes on whatever a server answers. This checks all that the model states.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import NamedTuple, cast

import botocore.session
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StringShape, StructureShape

OPEN_IN_REPLIES = frozenset({"ISO8601DatetimeString", "JobLogEvent"})
"""Shapes whose pattern or enum DRS's own replies do not keep: it writes `+00:00` for `Z`, and the event LAUNCH_END."""


class Violation(NamedTuple):
    """A member, by its path, and what is wrong with it."""

    member: str
    message: str


class ReplyOffModelError(AssertionError):
    """The simulator is about to answer something that botocore's model of DRS does not allow."""


@cache
def service() -> ServiceModel:
    """Give botocore's model of DRS."""
    return botocore.session.Session().get_service_model("drs")


def operation(name: str) -> OperationModel:
    """The model of one operation."""
    return service().operation_model(name)


def can_fail_with(name: str, error: str) -> bool:
    """Whether the model lists this error for operation `name`."""
    return any(shape.name == error for shape in operation(name).error_shapes)


def request_violations(name: str, params: object) -> list[Violation]:
    """What is wrong with a request for operation `name`."""
    shape = operation(name).input_shape
    return list(_violations(shape, params, "", frozenset())) if shape else []


def shape_violations(name: str, value: object) -> list[Violation]:
    """What is wrong with part of a reply, where `name` is the model's name of its shape."""
    return list(_violations(service().shape_for(name), value, "", OPEN_IN_REPLIES))


def check_reply(name: str, reply: Mapping[str, object]) -> None:
    """Check a reply to operation `name`.

    Raises:
        ReplyOffModelError: the model does not allow it.
    """
    shape = operation(name).output_shape
    wrong = list(_violations(shape, reply, "", OPEN_IN_REPLIES)) if shape else [Violation("", "no reply")] * bool(reply)
    if wrong:
        raise ReplyOffModelError(f"{name}: {wrong}")


def _violations(shape: Shape, value: object, at: str, free: frozenset[str]) -> Iterator[Violation]:
    kind, check = _CHECKS[shape.type_name]
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        yield Violation(at, f"must be a {shape.type_name}")
        return
    yield from check(shape, value, at, free)


def _structure(shape: Shape, value: object, at: str, free: frozenset[str]) -> Iterator[Violation]:
    members = cast("StructureShape", shape).members
    given = cast("Mapping[str, object]", value)
    for name in cast("StructureShape", shape).required_members:
        if name not in given:
            yield Violation(_path(at, name), "must not be missing")
    for name, member in given.items():
        if name in members:
            yield from _violations(members[name], member, _path(at, name), free)
        else:
            yield Violation(_path(at, name), "is not in the model")


def _map(shape: Shape, value: object, at: str, free: frozenset[str]) -> Iterator[Violation]:
    for key, member in cast("Mapping[object, object]", value).items():
        yield from _violations(cast("MapShape", shape).key, key, f"{at}.key", free)
        yield from _violations(cast("MapShape", shape).value, member, _path(at, str(key)), free)


def _list(shape: Shape, value: object, at: str, free: frozenset[str]) -> Iterator[Violation]:
    members = cast("list[object]", value)
    yield from _bounds(shape, len(members), at, "length")
    for index, member in enumerate(members):
        yield from _violations(cast("ListShape", shape).member, member, f"{at}[{index}]", free)


def _string(shape: Shape, value: object, at: str, free: frozenset[str]) -> Iterator[Violation]:
    text = cast("str", value)
    yield from _bounds(shape, len(text), at, "length")
    if shape.name in free:
        return
    pattern, enum = shape.metadata.get("pattern"), cast("StringShape", shape).enum
    if pattern and not re.fullmatch(pattern, text):
        yield Violation(at, f"must satisfy the pattern {pattern}")
    if enum and text not in enum:
        yield Violation(at, f"must be one of {', '.join(enum)}")


def _number(shape: Shape, value: object, at: str, _: frozenset[str]) -> Iterator[Violation]:
    yield from _bounds(shape, cast("int", value), at, "value")


def _boolean(_shape: Shape, _value: object, _at: str, _free: frozenset[str]) -> Iterator[Violation]:
    return iter(())


def _bounds(shape: Shape, size: int, at: str, what: str) -> Iterator[Violation]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield Violation(at, f"must have a {what} of at least {least}")
    if most is not None and size > most:
        yield Violation(at, f"must have a {what} of at most {most}")


def _path(at: str, name: str) -> str:
    return f"{at}.{name}" if at else name


_Check = Callable[[Shape, object, str, frozenset[str]], Iterator[Violation]]
_CHECKS: Mapping[str, tuple[type, _Check]] = {
    "structure": (Mapping, _structure),
    "map": (Mapping, _map),
    "list": (list, _list),
    "string": (str, _string),
    "integer": (int, _number),
    "long": (int, _number),
    "boolean": (bool, _boolean),
}
