from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.handlers.slack.bot import Bot, running_bot


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running_bot() as running:
        yield running
