"""Calls side by side: how fast they are started, how many run at once, and when all of it is given up."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace

import pytest

from bot.adapters.side_by_side import OutOfTimeError, SideBySide

WAIT = 20
"""Seconds of wall time that no test here needs: whoever waits so long for another call waits in vain."""


@dataclass(slots=True)
class Seconds:
    """A clock that goes only while somebody sleeps by it."""

    now: float = 100.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, span: float) -> None:
        self.slept.append(span)
        self.now += span


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def calls(seconds: Seconds) -> SideBySide:
    return SideBySide(per_second=10, at_once=4, budget=2, clock=seconds, sleep=seconds.sleep)


def test_each_thing_is_called_once_and_the_results_are_in_its_order(calls: SideBySide) -> None:
    assert calls.each(lambda number: number * 2, range(15)) == [number * 2 for number in range(15)]
    assert calls.each(str, []) == []


def test_calls_are_started_no_faster_than_asked_for(calls: SideBySide, seconds: Seconds) -> None:
    began: list[float] = []
    calls.each(lambda _: began.append(seconds.now), range(4))
    assert seconds.slept == pytest.approx([0.1, 0.1, 0.1])


def test_time_that_has_gone_by_is_not_waited_for_again(calls: SideBySide, seconds: Seconds) -> None:
    def hurry() -> float:
        seconds.now += 0.1
        return seconds.now

    calls = replace(calls, clock=hurry)
    assert calls.each(str, range(3)) == ["0", "1", "2"]
    assert seconds.slept == []


def test_that_many_run_at_once(calls: SideBySide) -> None:
    together = threading.Barrier(4, timeout=WAIT)
    assert calls.each(lambda _: together.wait() >= 0, range(8)) == [True] * 8


def test_no_more_than_that_run_at_once(calls: SideBySide) -> None:
    running, most, lock = 0, 0, threading.Lock()
    others = threading.Barrier(4, timeout=WAIT)

    def call(_: int) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        others.wait()
        with lock:
            running -= 1

    calls.each(call, range(12))
    assert most == 4


def test_a_call_that_fails_ends_it_with_what_it_raised(calls: SideBySide) -> None:
    done: list[int] = []

    def call(number: int) -> None:
        if number == 1:
            raise LookupError("the second")
        done.append(number)

    with pytest.raises(LookupError, match="the second"):
        replace(calls, at_once=1).each(call, range(15))


def test_nothing_more_is_started_after_a_failure(calls: SideBySide, seconds: Seconds) -> None:
    second_began = threading.Event()

    def call(number: int) -> None:
        if number == 0:
            raise LookupError("the first")
        second_began.set()  # by the only thread: so the first call has ended

    def sleep(span: float) -> None:
        assert not seconds.slept or second_began.wait(WAIT)
        seconds.sleep(span)

    with pytest.raises(LookupError):
        replace(calls, at_once=1, sleep=sleep).each(call, range(15))
    assert len(seconds.slept) <= 2


def test_of_what_cannot_all_be_started_in_time_there_is_the_beginning(calls: SideBySide, seconds: Seconds) -> None:
    ended = threading.Semaphore(0)

    def call(number: int) -> int:
        ended.release()
        return number

    def sleep(span: float) -> None:
        assert ended.acquire(timeout=WAIT)  # the call before
        seconds.sleep(span)

    assert replace(calls, sleep=sleep).each(call, range(50)) == list(range(20))


def test_if_not_even_the_first_is_done_in_time_it_fails(calls: SideBySide) -> None:
    with pytest.raises(OutOfTimeError, match=r"none was read within 0 s"):
        replace(calls, budget=0).each(str, range(50))


def test_a_call_that_does_not_come_back_in_time_is_not_waited_for(calls: SideBySide, seconds: Seconds) -> None:
    released = threading.Event()

    def hang(number: int) -> bool:
        if number == 2:
            seconds.now += 2
            return released.wait(WAIT)
        return True

    one_thread = replace(calls, at_once=1)  # so that the first two have ended before the third makes it late
    try:
        assert one_thread.each(hang, range(3)) == [True, True]
    finally:
        released.set()
