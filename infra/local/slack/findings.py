"""What is wrong with a Block Kit payload, said in Slack's own words and with Slack's own JSON pointers.

The wording follows the `errors` and `response_metadata.messages` that the real API returns ("must be less than
3001 characters [json-pointer:/blocks/0/text/text]"), so a message seen here can be searched for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeGuard

Json: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why Slack would refuse a payload.

    `pointer` is a JSON pointer into the request; `error` the Web API error string this reason leads to.
    """

    message: str
    pointer: str
    error: str = "invalid_blocks"

    def __str__(self) -> str:
        return f"{self.message} [json-pointer:{self.pointer}]"


@dataclass(slots=True)
class Findings:
    """Collects problems while a payload is walked; each check returns whether the value was fit to be looked into."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, pointer: str, message: str, error: str = "invalid_blocks") -> None:
        """Note one problem."""
        self.problems.append(Problem(message, pointer, error))

    def is_object(self, value: object, pointer: str) -> TypeGuard[Json]:
        """A JSON object, or a problem."""
        if not isinstance(value, dict):
            self.add(pointer, "must be a valid object")
        return isinstance(value, dict)

    def kind(self, value: object, pointer: str, allowed: Collection[str]) -> str | None:
        """The `type` of a JSON object, if it is one of `allowed`; otherwise None, and a problem."""
        if not self.is_object(value, pointer):
            return None
        kind = value.get("type")
        if isinstance(kind, str) and kind in allowed:
            return kind
        self.add(f"{pointer}/type", f"unsupported type: {kind}")
        return None

    def fields(
        self, value: Mapping[str, Any], pointer: str, required: Collection[str], optional: Collection[str]
    ) -> None:
        """Every required field is there and no field is unknown to Slack."""
        for name in required:
            if value.get(name) is None:
                self.add(pointer, f"missing required field: {name}")
        for name in value:
            if name not in required and name not in optional:
                self.add(pointer, f"invalid additional property: {name}")

    def string(self, value: object, pointer: str, most: int, least: int = 1) -> bool:
        """A string of `least` to `most` characters (None is left to `fields`)."""
        if value is None:
            return False
        if not isinstance(value, str):
            self.add(pointer, "must be a valid string")
            return False
        if len(value) > most:
            self.add(pointer, f"must be less than {most + 1} characters")
        if len(value) < least:
            self.add(pointer, f"must be more than {least - 1} characters")
        return True

    def one_of(self, value: object, pointer: str, allowed: Collection[str]) -> bool:
        """None, or one of a few words."""
        if value is not None and value not in allowed:
            self.add(pointer, f"must be a valid enum value: {value}")
        return value in allowed

    def items(self, value: object, pointer: str, most: int, least: int = 1) -> list[Any]:
        """A list of `least` to `most` items; an empty list when it is none (None is left to `fields`)."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.add(pointer, "must be a valid array")
            return []
        if len(value) > most:
            self.add(pointer, f"no more than {most} items allowed")
        if len(value) < least:
            self.add(pointer, f"must provide at least {least} items")
        return value

    def text(self, value: object, pointer: str, most: int, *, plain: bool = False) -> None:
        """A text object of at most `most` characters; `plain` where Slack takes no mrkdwn.

        Source: docs.slack.dev/reference/block-kit/composition-objects/text-object.
        """
        if value is None:
            return
        kind = self.kind(value, pointer, ("plain_text",) if plain else ("plain_text", "mrkdwn"))
        if kind is None or not isinstance(value, dict):
            return
        self.fields(value, pointer, ("type", "text"), ("emoji",) if kind == "plain_text" else ("verbatim",))
        self.string(value.get("text"), f"{pointer}/text", most)

    def unique(self, name: str, values: Collection[tuple[str, object]]) -> None:
        """Among (pointer, value) pairs no value comes twice."""
        seen: set[object] = set()
        for pointer, value in values:
            if value in seen:
                self.add(pointer, f"`{name}` {value} already exists")
            seen.add(value)
