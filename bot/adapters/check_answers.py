"""What a look at a check has shown, made from what AWS says."""

from __future__ import annotations

from collections.abc import Iterable

from bot.adapters.drs_errors import shortened
from bot.domain.checks import MOST_OUTPUT, Answer, Ask, CheckResult

UNKNOWN_INSTANCE = "DRS has not told which EC2 instance it launched."


def passed(ask: Ask, said: str, output: str = "") -> Answer:
    """It is as it should be."""
    return Answer(key=ask.key, result=CheckResult.PASSED, said=shortened(said), output=cut(output))


def failed(ask: Ask, said: str, output: str = "") -> Answer:
    """It is not, or cannot be found out."""
    return Answer(key=ask.key, result=CheckResult.FAILED, said=shortened(said), output=cut(output))


def running(ask: Ask, ref: str, said: str) -> Answer:
    """It was begun, and is to be looked at again."""
    return Answer(key=ask.key, result=CheckResult.RUNNING, said=shortened(said), ref=ref)


def all_failed(asks: Iterable[Ask], said: str) -> list[Answer]:
    """The same is wrong with all of them."""
    return [failed(ask, said) for ask in asks]


def cut(output: str) -> str:
    """The beginning and the end of an output that is too long to be kept."""
    text = output.strip()
    if len(text) <= MOST_OUTPUT:
        return text
    half = (MOST_OUTPUT - 3) // 2
    return f"{text[:half]}\n…\n{text[-half:]}"
