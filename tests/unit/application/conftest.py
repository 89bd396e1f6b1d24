from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def only_warnings_unless_told(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """`caplog` hears the bot, whether or not the entrypoints, which take its lines away from the root, are imported."""
    bot = logging.getLogger("bot")
    before = bot.propagate, bot.level, bot.handlers
    bot.propagate, bot.handlers = False, [caplog.handler]
    bot.setLevel(logging.WARNING)
    yield
    bot.propagate, bot.handlers = before[0], before[2]
    bot.setLevel(before[1])
