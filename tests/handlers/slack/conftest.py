from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.handlers.slack.bot import Bot, running_bot
from tests.handlers.slack.forms import REQUEST


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running_bot() as running:
        yield running


@pytest.fixture
def waiting(bot: Bot) -> Bot:
    """A drill that waits for the approval of wave 2."""
    bot.started()
    bot.launched()
    bot.message(REQUEST)
    return bot
