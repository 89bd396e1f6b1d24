from __future__ import annotations

from collections.abc import Callable, Iterator

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws
from mypy_boto3_drs.client import DrsClient

from infra.local.clock import ManualClock
from infra.local.drs import check_replies, healthy_fleet, install, seed, set_clock, source_server_id, wall_time

ACCOUNT, REGION = "111122223333", "eu-west-1"
ONE_ATTEMPT = Config(retries={"total_max_attempts": 1})


@pytest.fixture
def clock() -> Iterator[ManualClock]:
    clock = ManualClock()
    set_clock(clock.now)
    yield clock
    set_clock(wall_time)


@pytest.fixture
def mocked(clock: ManualClock) -> Iterator[ManualClock]:
    install()
    check_replies(on=True)
    with mock_aws():
        yield clock
    check_replies(on=False)


@pytest.fixture(scope="session")
def sdk() -> boto3.session.Session:
    """One SDK session for all: reading botocore's models takes longer than a test."""
    install()
    return boto3.session.Session()


@pytest.fixture
def client_of(mocked: ManualClock, sdk: boto3.session.Session) -> Callable[[str, str], DrsClient]:  # noqa: ARG001  # clients are for mock mode
    def client(account: str, region: str) -> DrsClient:
        return sdk.client(
            "drs",
            region_name=region,
            aws_access_key_id=account,
            aws_secret_access_key="any",
            config=ONE_ATTEMPT,
        )

    return client


@pytest.fixture
def drs(client_of: Callable[[str, str], DrsClient]) -> DrsClient:
    return client_of(ACCOUNT, REGION)


@pytest.fixture
def servers(mocked: ManualClock) -> list[str]:  # noqa: ARG001  # what is seeded lasts as long as the mock
    """Three healthy source servers."""
    ids = [source_server_id(name) for name in ("db-1", "db-2", "db-3")]
    seed(ACCOUNT, REGION, healthy_fleet(ids))
    return ids
