"""A fake that notes the calls of its port and fails those that a test has chosen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple


class Call(NamedTuple):
    """A call of the port."""

    method: str
    arguments: tuple[object, ...]


class _Failure(NamedTuple):
    method: str
    error: Exception
    after_effect: bool


class FailingCalls:
    """`calls` is every call of the port with its arguments, failed ones too. Each method runs within `_call`."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._failures: list[_Failure] = []

    def fail_next(self, method: str, error: Exception, *, after_effect: bool = False, times: int = 1) -> None:
        """Fail the next `times` calls of a method, before they do anything or after they did it all.

        Raises:
            AttributeError: the port has no such method.
        """
        getattr(self, method)
        self._failures += [_Failure(method, error, after_effect)] * times

    def called(self, method: str) -> list[tuple[object, ...]]:
        """The arguments of each call of a method, in order."""
        return [call.arguments for call in self.calls if call.method == method]

    @contextmanager
    def _call(self, method: str, *arguments: object) -> Iterator[None]:
        self.calls.append(Call(method, arguments))
        failure = next((each for each in self._failures if each.method == method), None)
        if failure:
            self._failures.remove(failure)
        if failure and not failure.after_effect:
            raise failure.error
        yield
        if failure:
            raise failure.error
