"""Where a drill can be whose waves run side by side."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.plan import Plan
from bot.domain.plan_waves import Approval
from tests.unit.builders import Story
from tests.unit.views.sizes import Size, names, the_plan


def _plan(size: Size, wait: timedelta | None = None) -> Plan:
    """After the first wave all others but the last come at once; the last comes after them.

    `wait`: how long the plan waits after the first wave, for those that need no approval.
    """
    size = Size.USUAL if size is Size.SMALLEST else size  # of one wave nothing can run beside another
    plan = the_plan(size)
    first, *others = plan.waves
    changed = [
        wave.model_copy(
            update={
                "depends_on": (first.name,) if n < len(others) or n == 1 else tuple(each.name for each in others[:-1]),
                "approval": Approval.NONE if n % 2 else Approval.REQUIRED,
            }
        )
        for n, wave in enumerate(others, start=1)
    ]
    if size is Size.USUAL:
        changed[1] = changed[1].model_copy(update={"depends_on": (first.name,)})
    if others:
        first = first.model_copy(update={"wait_after": wait})
    return plan.model_copy(update={"waves": (first, *changed)})


def side_ready(size: Size) -> Story:
    plan = _plan(size)
    return Story(plan).checked(names=names(plan))


def side_by_side(size: Size) -> Story:
    return side_ready(size).started().jobs_started().launched().jobs_started()


def side_held(size: Size) -> Story:
    """A wave fails while another waits for approval."""
    story = side_by_side(size)
    failing = {server.name: "InsufficientInstanceCapacity" for server in story.drill.servers if not server.launched_at}
    return story.launched(failing=failing) if story.drill.followed_jobs else story


def side_waiting(size: Size) -> Story:
    plan = _plan(size, timedelta(minutes=10))
    return Story(plan).checked(names=names(plan)).started().jobs_started().launched()


def left_out(size: Size) -> Story:
    """Of two servers or more that have failed one is left out, then all others."""
    story = side_held(size)
    for _ in range(2):
        assert story.drill.hold
        failed = story.drill.wave(story.drill.hold.wave).failed(critical=True)
        story.skipped(servers=tuple(server.id for server in (failed[:1] if len(story.drill.holds) == 1 else failed)))
    return story


SIDE_STAGES = (side_ready, side_by_side, side_held, side_waiting, left_out)
