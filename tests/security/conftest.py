from __future__ import annotations

from tests.handlers.slack.conftest import bot, waiting

__all__ = ["bot", "waiting"]
