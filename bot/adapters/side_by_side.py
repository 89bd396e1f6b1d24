"""The same call for many things, side by side: started at an even pace, and broken off when it takes too long."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class OutOfTimeError(Exception):
    """Not a single call has ended in time."""


@dataclass(frozen=True, slots=True)
class SideBySide:
    """How many calls, how fast, and for how long.

    Attributes:
        per_second: calls started in a second, at most.
        at_once: calls under way at any moment, at most.
        budget: seconds for all of them.
        clock: counts seconds.
        sleep: waits for that many seconds.
    """

    per_second: float
    at_once: int
    budget: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def each(self, call: Callable[[T], R], things: Sequence[T]) -> list[R]:
        """What `call` gives for the things, in their order: for as many of the first ones as the budget allows.

        Whatever the first call that fails raises ends it: nothing more is started, and what is under way is not waited
        for. So `call` must only read.

        Raises:
            OutOfTimeError: the budget is used up, and not even the first thing is done.
        """
        pool = ThreadPoolExecutor(self.at_once, thread_name_prefix="side-by-side")
        try:
            return self._each(pool, call, things)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _each(self, pool: ThreadPoolExecutor, call: Callable[[T], R], things: Sequence[T]) -> list[R]:
        began, calls = self.clock(), list[Future[R]]()
        for number, thing in enumerate(things):
            self._wait(began + number / self.per_second)
            _raise_failure(calls)
            if self.clock() - began >= self.budget:
                break
            calls.append(pool.submit(call, thing))
        return self._results(calls, began) if things else []

    def _wait(self, until: float) -> None:
        left = until - self.clock()
        if left > 0:
            self.sleep(left)

    def _results(self, calls: Sequence[Future[R]], began: float) -> list[R]:
        results: list[R] = []
        for call in calls:
            try:
                results.append(call.result(max(began + self.budget - self.clock(), 0)))
            except TimeoutError:
                break
        if not results:
            raise OutOfTimeError(f"none was read within {self.budget:g} s")
        return results


def _raise_failure(calls: Sequence[Future[R]]) -> None:
    for call in calls:
        if call.done():
            call.result()
