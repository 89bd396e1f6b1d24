"""The same call for many things, side by side: started at an even pace, and given up when it takes too long."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class OutOfTimeError(Exception):
    """Not every call was made in time. The text says how many were."""


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
        """What `call` gives for each of the things, in their order.

        Whatever the first call that fails raises ends it: nothing more is started, and what is under way is not waited
        for. So `call` must only read.

        Raises:
            OutOfTimeError: the budget is used up.
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
        return self._results(calls, len(things), began)

    def _wait(self, until: float) -> None:
        left = until - self.clock()
        if left > 0:
            self.sleep(left)

    def _results(self, calls: Sequence[Future[R]], wanted: int, began: float) -> list[R]:
        try:
            results = [call.result(max(began + self.budget - self.clock(), 0)) for call in calls]
        except TimeoutError as late:
            raise self._late(calls, wanted) from late
        if len(results) < wanted:
            raise self._late(calls, wanted)
        return results

    def _late(self, calls: Sequence[Future[R]], wanted: int) -> OutOfTimeError:
        return OutOfTimeError(f"{sum(call.done() for call in calls)} of {wanted} were read within {self.budget:g} s")


def _raise_failure(calls: Sequence[Future[R]]) -> None:
    for call in calls:
        if call.done():
            call.result()
