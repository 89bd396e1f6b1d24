"""Where a drill can be whose servers are chosen by their tags, as long as it is not started for good."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.events import PreflightCompleted, SelectionFailed, ServersSelected
from bot.domain.plan import Plan
from bot.domain.plan_servers import Selector
from tests.unit.builders import Story, server_id
from tests.unit.views.sizes import LONG_ERROR, LONG_NAME, NASTY, Size, the_plan

SECONDS = timedelta(seconds=20)


def by_tags(size: Size) -> Plan:
    """The plan of a size with one server more in its last wave for each that it names there: by tags."""
    plan = the_plan(size)
    values = tuple(f"{n} {NASTY}" for n in range(9)) if size is Size.LARGEST else ("web", "edge")
    last = plan.waves[-1].model_copy(update={"select": Selector(tags={"Tier": values})})
    if size is Size.SMALLEST:
        last = last.model_copy(update={"servers": ()})
    return plan.model_copy(update={"waves": (*plan.waves[:-1], last)})


def _name(size: Size, number: int) -> str:
    return f"{number} {LONG_NAME}"[:256] if size is Size.LARGEST else f"web-{number}"


def _chosen(story: Story, *numbers: int) -> tuple[tuple[str, ...], ...]:
    waves = [tuple(server.id for server in wave.servers) for wave in story.drill.plan.waves]
    return (*waves[:-1], (*waves[-1], *(server_id(number) for number in numbers)))


def choosing_by_tags(size: Size) -> Story:
    return Story(by_tags(size))


def chosen_by_tags(size: Size) -> Story:
    story = choosing_by_tags(size)
    chosen = _chosen(story, *range(901, 904))
    names = {server_id(n): _name(size, n) for n in range(901, 904)}
    return story.tell(PreflightCompleted(findings=(), names=names, servers=chosen), SECONDS)


def starting(size: Size) -> Story:
    return chosen_by_tags(size).started()


def other_servers(size: Size) -> Story:
    """One more of the three is there, or 97 more, and one of them no longer."""
    story = starting(size)
    others = range(902, 1_001 if size is Size.LARGEST else 905)
    names = {server_id(n): _name(size, n) for n in others}
    return story.tell(ServersSelected(servers=_chosen(story, *others), names=names), SECONDS)


def ready_once_more(size: Size) -> Story:
    story = other_servers(size)
    servers = tuple(tuple(server.id for server in wave.servers) for wave in story.drill.waves)
    names = {server.id: server.name for server in story.drill.servers}
    return story.tell(PreflightCompleted(findings=(), names=names, servers=servers), SECONDS)


def not_looked_up(size: Size) -> Story:
    error = LONG_ERROR if size is Size.LARGEST else "DescribeSourceServers: AccessDeniedException: no such right."
    return starting(size).tell(SelectionFailed(error=error), SECONDS)


SELECTING_STAGES = (choosing_by_tags, chosen_by_tags, starting, other_servers, ready_once_more, not_looked_up)
