"""What it takes to start: no call of Slack, and nothing heavy that a click has no use for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.handlers.slack.bot import Bot

ROOT = Path(__file__).parents[3]
HEAVY = ("boto3", "botocore", "yaml", "aiohttp", "infra", "tests", "bot.adapters")


def test_building_the_app_calls_nobody(bot: Bot) -> None:
    bot.build_app(bot.store)
    assert bot.slack.calls() == []


@pytest.mark.parametrize("module", ["bot.slack.app", "bot.views"])
def test_nothing_heavy_is_imported(module: str) -> None:
    program = f"import sys, {module}; print(sorted(name for name in {HEAVY} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    assert done.stdout.strip() == "[]"
