"""Where a sweep can be."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.cleanup_events import LeftoversFound
from bot.domain.facts import RecoveryInstance
from bot.domain.launch import LaunchKey
from bot.domain.leftovers import Leftover
from bot.domain.states import Purpose
from tests.unit.builders import Story
from tests.unit.drs_story import job_id
from tests.unit.views.sizes import LONG_ERROR, Size, names, the_plan


def sweeping(size: Size) -> Story:
    return Story(the_plan(size), purpose=Purpose.SWEEP)


def left_over(size: Size) -> Story:
    plan = the_plan(size)
    found = tuple(
        Leftover(
            instance=RecoveryInstance(
                id=f"i-{number:017x}",
                server_id=server_id,
                is_drill=True,
                job_id=job_id(LaunchKey(wave=1, attempt=1, batch=number % 7 + 1)),
                ec2_instance_id=f"i-{number:017x}",
            ),
            name=name,
            drill_id="payments-20260228-1000",
            is_known=False,
        )
        for number, (server_id, name) in enumerate(names(plan).items(), start=1)
    )
    return sweeping(size).tell(LeftoversFound(leftovers=found))


def nothing_left_over(size: Size) -> Story:
    return sweeping(size).tell(LeftoversFound())


def not_looked(size: Size) -> Story:
    said = LONG_ERROR if size is Size.LARGEST else "DescribeRecoveryInstances: AccessDeniedException: no"
    return sweeping(size).tell(LeftoversFound(error=f"DRS could not be read: {said}"))


def left_as_it_was(size: Size) -> Story:
    return left_over(size).withdrawn()


def sweeping_up(size: Size) -> Story:
    return left_over(size).started()


def swept(size: Size) -> Story:
    return sweeping_up(size).gone(after=timedelta(minutes=4))


SWEEP_STAGES = (sweeping, left_over, nothing_left_over, not_looked, left_as_it_was, sweeping_up, swept)
