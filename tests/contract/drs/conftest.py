from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws
from mypy_boto3_drs.client import DrsClient

from infra.local.clock import ManualClock
from infra.local.drs import check_replies, install, set_clock, wall_time
from tests.contract.drs.fleet import FLEET
from tests.contract.drs.worlds import ACCOUNT, REGION, FakeWorld, SimulatorWorld, World


@pytest.fixture(scope="session")
def client() -> DrsClient:
    """One client for all: reading botocore's models takes longer than a test."""
    install()
    return boto3.session.Session().client(
        "drs",
        region_name=REGION,
        aws_access_key_id=ACCOUNT,
        aws_secret_access_key="any",
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.fixture
def clock() -> Iterator[ManualClock]:
    """World time, for the simulator too."""
    clock = ManualClock()
    set_clock(clock.now)
    yield clock
    set_clock(wall_time)


@pytest.fixture
def simulated(clock: ManualClock) -> Iterator[ManualClock]:
    """The simulator in mock mode, with every reply checked against botocore's model."""
    install()
    check_replies(on=True)
    with mock_aws():
        yield clock
    check_replies(on=False)


@pytest.fixture
def simulator(simulated: ManualClock, client: DrsClient) -> SimulatorWorld:
    return SimulatorWorld(simulated, client)


@pytest.fixture(params=["fake", "adapter"])
def world(request: pytest.FixtureRequest, clock: ManualClock) -> World:
    """DRS twice: what holds for the one must hold for the other."""
    if request.param == "fake":
        return FakeWorld(clock)
    simulator: SimulatorWorld = request.getfixturevalue("simulator")
    return simulator


@pytest.fixture
def fleet(world: World) -> None:
    """The three servers of `fleet.py`, in each world."""
    world.add_servers(*FLEET)
