"""One world for the stories of a file: the real functions, a real local AWS, the DRS and Slack simulators.

Each story has its own plan and its own servers, so that none disturbs another. The tests of other packages reset moto,
in which the DRS simulator lives, so the world does not outlast its file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.local import drs
from infra.local.aws.ministack import Ministack
from infra.local.world import World
from tests.scenarios.pace import QUICK
from tests.scenarios.story import Story
from tests.scenarios.written_plans import CHANNEL_ONLY, write_plan

SPEED = 120


@pytest.fixture(scope="module")
def plan_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plans")
    write_plan(folder, "first", CHANNEL_ONLY)
    return folder


@pytest.fixture(scope="module")
def shared_world(plan_folder: Path, ministack: Ministack) -> Iterator[World]:
    with World(speed=SPEED, plans=plan_folder, ministack=ministack) as world:
        drs.configure(world.account, world.region, drs.Settings(pace=QUICK))
        yield world


@pytest.fixture
def world(shared_world: World) -> Iterator[World]:
    """The shared world, with nothing going wrong at first; what a story broke is mended after it."""
    yield shared_world
    shared_world.faults.clear()
    shared_world.slack.faults.clear()
    only_drills_were_asked_for(shared_world)
    assert shared_world.stack.denied_calls() == [], "the template's roles do not allow what the functions do"


def only_drills_were_asked_for(world: World) -> None:
    """Whatever a story was about: DRS was sent no recovery but drills, and nothing else that changes anything."""
    calls = drs.recorded_calls(world.account, world.region)
    recoveries = [call.parameters for call in calls if call.operation == "StartRecovery"]
    assert [sent for sent in recoveries if sent.get("isDrill") is not True] == []
    changing = {call.operation for call in calls if not call.operation.startswith(("Describe", "Get", "List"))}
    assert changing <= {"StartRecovery", "TagResource", "TerminateRecoveryInstances"}


@pytest.fixture
def story(world: World, plan_folder: Path, request: pytest.FixtureRequest) -> Callable[..., Story]:
    """A drill's story by a plan of its own: `story(waves=[...], access={...})`."""

    def begin(**written: object) -> Story:
        name = f"{request.node.name[5:35].replace('_', '-').strip('-')}-{len(list(plan_folder.iterdir()))}"
        plan = write_plan(plan_folder, name, written)
        world.seed(plan)
        return Story(world, plan)

    return begin
