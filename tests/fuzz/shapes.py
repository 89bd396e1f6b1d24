"""Shapes that nobody has foreseen, made of those that are documented."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=40)
    | st.just("<!channel>"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)
FUZZ = settings(
    max_examples=250, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a payload."""
    if path:
        yield path
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(each, (*path, key))


def changed(payload: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    """The payload with one to three places replaced or left out."""
    made = copy.deepcopy(payload)
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(places(made)) or [("type",)]))
        at: Any = made
        for step in path[:-1]:
            at = at[step]
        if data.draw(st.booleans()) and isinstance(at, dict):
            at.pop(path[-1], None)
        else:
            at[path[-1]] = data.draw(ANYTHING)
    return made
