from __future__ import annotations

import logging
import os
from collections.abc import Iterator

import pytest

from infra.local.aws.ministack import Ministack

# Nobody's own AWS account, files or machine role must ever be met by a test.
os.environ.update(
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    AWS_EC2_METADATA_DISABLED="true",
)
for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
    os.environ.pop(name, None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write tests/golden anew from what is shown now")


@pytest.fixture(scope="session")
def ministack() -> Iterator[Ministack]:
    """The local AWS, as a process of its own. Each user makes their own table and queues in it."""
    with Ministack() as process:
        yield process


@pytest.fixture(autouse=True)
def log_reaches_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """The entrypoints, once imported, keep the bot's log to themselves; a test that looks at it must see it too."""
    monkeypatch.setattr(logging.getLogger("bot"), "propagate", True)
