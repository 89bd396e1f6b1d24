"""Each check that blocks refuses a drill in Slack, with what was found and what to do; and the next one is not refused.

`REFUSALS` is the whole table of what blocks: a rule that is in no story, and not known to be shown elsewhere, fails.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.domain import (
    place_checks,
    point_checks,
    preflight,
    quota_checks,
    replication_checks,
    rights_checks,
    selection,
    settings_checks,
    time_checks,
)
from bot.domain.battery import RULES
from bot.domain.findings import Rule
from bot.domain.windows import DAYS
from infra.local import drs
from infra.local.world import World
from tests.scenarios.pace import QUICK
from tests.scenarios.story import Story

Begin = Callable[..., Story]
SHOWN_ELSEWHERE = {
    place_checks.NO_ENTRY.when: "tests/contract/drs/test_drs_roles.py: the local account has no role to be assumed",
    place_checks.NO_REGION.when: "tests/contract/drs/test_drs_roles.py: every Region of the simulator answers",
    point_checks.NONE_BY_THEN.when: "tests/scenarios/test_launch_points.py",
    rights_checks.FORBIDDEN.when: "tests/contract/accounts/test_rights.py: the local caller is root",
    selection.TOO_MANY.when: "tests/unit/domain/test_selection.py: 501 servers take long",
}


@dataclass(frozen=True)
class Refusal:
    """What is wrong with a drill, and what Slack must say of it: for each rule a part of the fact that was found."""

    begins: Callable[[Begin, World], Story]
    says: dict[Rule, str] = field(default_factory=dict, hash=False)


def with_bad_servers(story: Begin, world: World) -> Story:
    """One server is not there, one fails back, one is stalled, one runs in recovery, one is in a drill that runs."""
    other = story(waves=[["critical"]])
    (taken,) = other.plan.server_ids
    world.seed_server(taken, tags={"Name": "taken", "Shared": other.plan.name})
    world.faults.stick_server(taken, lasts=timedelta(minutes=10), times=1)
    other.start("linus")
    other.until(lambda drill: bool(drill.job_ids))
    wave = {"select": {"tags": {"Shared": other.plan.name}}}
    drill = story(waves=[["critical"] * 4], wave=wave)
    absent, back, stalled, recovered = drill.plan.server_ids
    drs.forget_server(world.account, world.region, absent)
    world.seed_server(taken, tags={"Name": "taken", "Shared": other.plan.name})
    world.seed_server(back, replication_direction="FAILBACK")
    world.seed_server(stalled, replication_state="STALLED")
    world.seed_server(recovered, recovery_instance=drs.RecoveryInstanceSpec(is_drill=False))
    return drill


def with_bad_tags(story: Begin, world: World) -> Story:
    drill = story(waves=[["critical"]])
    (named,) = drill.plan.server_ids
    nobody = {"name": "Nobody", "select": {"tags": {"Twice": "nobody"}}}
    again = {"name": "Again", "select": {"tags": {"Twice": drill.plan.name}}}
    first = {"name": "First", "servers": [{"id": named}]}
    refused = story(fields={"waves": [first, again, nobody]})
    world.seed_server(named, tags={"Name": "named", "Twice": drill.plan.name})
    drs.forget_server(world.account, world.region, drs.source_server_id("nobody"))
    return refused


def with_quotas(story: Begin, world: World) -> Story:
    quotas = drs.Quotas(concurrent_jobs=0, servers_in_one_job=1, servers_in_all_jobs=1)
    drs.configure(world.account, world.region, drs.Settings(pace=QUICK, quotas=quotas))
    return story(waves=[["critical", "critical"]])


def that_answers(operation: str, error: str) -> Callable[[Begin, World], Story]:
    """DRS answers one operation with an error, whenever it is called."""

    def begins(story: Begin, world: World) -> Story:
        world.faults.fail_call(operation, error=error, times=None)
        return story()

    return begins


def without_points(story: Begin, world: World) -> Story:
    drill = story(fields={"launch_point": "newest"})
    world.seed_server(drill.plan.server_ids[0], added_ago=timedelta(0), lag=timedelta(seconds=1))
    return drill


def out_of_hours(story: Begin, world: World) -> Story:
    day = DAYS[(world.now().weekday() + 3) % 7]
    return story(fields={"allowed": [f"{day} 00:00-24:00 UTC"]})


REFUSALS = {
    "servers": Refusal(
        with_bad_servers,
        {
            replication_checks.ABSENT: "is not a source server of this account",
            replication_checks.FAILING_BACK: "FAILBACK",
            replication_checks.NOT_REPLICATING: "does not replicate (STALLED",
            preflight.REAL_RECOVERY: "which is not a drill. A new drill would delete it.",
            preflight.BUSY: "is being processed by DRS job drsjob-",
            preflight.LOCKED: "which has not ended",
        },
    ),
    "tags": Refusal(
        with_bad_tags,
        {
            selection.NONE_CHOSEN: "No source server is chosen for wave 3 (Nobody) by Twice = nobody.",
            selection.TWICE: "is in wave 1 (First) and in wave 2 (Again).",
        },
    ),
    "quotas": Refusal(
        with_quotas,
        {
            quota_checks.TOO_MANY_JOBS: "Wave 1 needs",
            quota_checks.TOO_MANY_SERVERS: "Wave 1 has 2 servers; DRS takes 1 in all jobs.",
            quota_checks.JOB_TOO_LARGE: "Wave 1 would have 2 servers in a job; DRS takes 1.",
        },
    ),
    "account": Refusal(
        that_answers("DescribeSourceServers", "UninitializedAccountException"),
        {place_checks.UNINITIALIZED: "DRS is not initialised in account"},
    ),
    "denied": Refusal(
        that_answers("DescribeRecoveryInstances", "AccessDeniedException"),
        {preflight.UNREADABLE: "DRS could not be read: DescribeRecoveryInstances: AccessDeniedException"},
    ),
    "throttled": Refusal(
        that_answers("DescribeJobs", "ThrottlingException"),
        {preflight.UNREADABLE_NOW: "DRS could not be read: DescribeJobs: ThrottlingException"},
    ),
    "settings": Refusal(
        that_answers("GetLaunchConfiguration", "AccessDeniedException"),
        {settings_checks.SETTINGS_DENIED: "GetLaunchConfiguration: AccessDeniedException"},
    ),
    "recovery points": Refusal(without_points, {point_checks.NONE: "has no recovery point"}),
    "hours": Refusal(out_of_hours, {time_checks.CLOSED: "may be drilled only"}),
}


@pytest.fixture(autouse=True)
def _mended(world: World) -> Iterator[None]:
    yield
    drs.configure(world.account, world.region, drs.Settings(pace=QUICK))


def told(drill: Story) -> str:
    """All that Slack has of the checks: the thread's message, and the file behind it."""
    files = [file for file in drill.world.slack.state.files.all() if drill.id in file.name and file.shared_in]
    rows = [row for file in files for row in csv.reader((file.body or b"").decode("utf-8-sig").splitlines())]
    return "\n".join([drill.lines("preflight"), *(" ".join(row) for row in rows)])


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_what_blocks_refuses_the_drill_with_the_fact_and_the_remedy(
    story: Begin, world: World, refusal: Refusal
) -> None:
    drill = refusal.begins(story, world)
    drill.propose("ada")
    assert drill.until_ended().outcome == "refused"
    drill.until(lambda now: bool(now.preflight) and world.is_finished(drill.id))
    said = told(drill)
    for rule, fact in refusal.says.items():
        assert fact in said
        assert rule.remedy in said
    found = {finding.check for finding in drill.drill.preflight.blocking} if drill.drill.preflight else set()
    assert found == {rule.check for rule in refusal.says}
    assert "Not safe to start" in drill.lines("card")
    assert drill.drill.job_ids == frozenset()
    assert drill.id not in world.store.locks(drill.drill.target).values()


def test_every_rule_that_blocks_has_its_story() -> None:
    stories = {rule.when for refusal in REFUSALS.values() for rule in refusal.says}
    blocking = {rule.when for rule in RULES if rule.severity == "block"}
    assert blocking == stories | set(SHOWN_ELSEWHERE)
    assert not stories & set(SHOWN_ELSEWHERE)
