from __future__ import annotations

from collections.abc import Iterator

import pytest

from infra.local.slack.faults import Outage
from infra.local.slack.server import SlackServer
from infra.local.slack.workspace import small_workspace
from tests.contract.slack.rigs import FakeRig, Rig, SimulatorRig


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(small_workspace("ada"), rate_limits=False) as running:
        yield running


@pytest.fixture(params=["fake", "http-error", "connection-closed"])
def rig(request: pytest.FixtureRequest) -> Iterator[Rig]:
    """The fake, and the adapter over a Slack that fails in one way or the other."""
    if request.param == "fake":
        yield FakeRig()
        return
    how = Outage.HTTP_ERROR if request.param == "http-error" else Outage.CONNECTION_CLOSED
    with SlackServer(small_workspace("ada"), rate_limits=False) as running:
        yield SimulatorRig(running, how)
