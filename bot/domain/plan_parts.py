"""What the parts of a plan are made with: people's ids, places, and how broken rules are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

UserId = Annotated[
    str,
    StringConstraints(pattern=r"^[UW][A-Z0-9]{2,20}$"),
    Field(title="Slack member id", examples=["U0ADA00001"]),
]
"""A Slack member id."""
Who = Annotated[
    str,
    StringConstraints(pattern=r"^[UWS][A-Z0-9]{2,20}$"),
    Field(title="Slack member or user group id", examples=["U0ADA00001"]),
]
"""A Slack member, or everybody in a Slack user group at the moment at which it matters."""


Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000, pattern=r"\S"),
    Field(title="text"),
]
Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\r\n]*\S[^\r\n]*$"),
    Field(title="single line of text", examples=["Payments platform"]),
]


def is_group(who: str) -> bool:
    """Whether an id is a user group's."""
    return who.startswith("S")


Place = tuple[str | int, ...]
"""Where in a plan something is: `("waves", 0, "name")`. List positions count from 0."""


def refuse(model: str, broken: Iterable[tuple[Place, str]]) -> None:
    """Refuse a model for all its broken rules at once, each at its own place, as pydantic does for single fields."""
    errors = [
        InitErrorDetails(type=PydanticCustomError("broken_rule", "{words}", {"words": words}), loc=place, input=None)
        for place, words in broken
    ]
    if errors:
        raise ValidationError.from_exception_data(model, errors)


def later(values: Iterable[tuple[Place, str]]) -> Iterator[tuple[Place, Place]]:
    """Each place whose value was seen before, with the place that had it first."""
    first: dict[str, Place] = {}
    for place, value in values:
        earlier = first.setdefault(value, place)
        if earlier is not place:
            yield place, earlier
