"""Whether a plan fits into the account's quotas: at each limit, over it for now, over it for ever, and unknown."""

from __future__ import annotations

import pytest

from bot.domain.facts import ActiveJob, Quotas, Unread
from bot.domain.findings import Check, Severity
from bot.domain.quota_checks import examine_quotas

SMALL = Quotas(concurrent_jobs=3, servers_per_job=100, servers_in_all_jobs=300)
ORDER = [(), *((number,) for number in range(1, 20))]
"""One wave after the other."""


def running(*sizes: int) -> list[ActiveJob]:
    return [
        ActiveJob(job_id=f"drsjob-{number}", server_ids=tuple(f"s-{n}" for n in range(size)))
        for number, size in enumerate(sizes)
    ]


@pytest.mark.parametrize(
    ("waves", "jobs", "quotas", "expected"),
    [
        ([1], [], SMALL, []),
        ([300], [], SMALL, []),
        ([200], [100], SMALL, []),
        ([1], [1, 1], SMALL, []),
        ([200], [1, 1], SMALL, [(Check.JOB_QUOTA, Severity.WARN)]),
        ([200, 1], [101], SMALL, [(Check.SERVER_QUOTA, Severity.WARN)]),
        ([100], [], Quotas(servers_per_job=100), []),
        ([100], [], Quotas(servers_per_job=99), [(Check.JOB_SIZE, Severity.BLOCK)]),
        ([301], [], Quotas(concurrent_jobs=3), [(Check.JOB_QUOTA, Severity.BLOCK)]),
        ([1, 301], [], Quotas(servers_in_all_jobs=300), [(Check.SERVER_QUOTA, Severity.BLOCK)]),
        ([500] * 20, [], Quotas(), []),
    ],
    ids=[
        "small",
        "a wave that is as large as may be",
        "servers at the limit beside others",
        "jobs at the limit beside others",
        "no job free for now",
        "no room for servers for now",
        "a job at the limit",
        "a job over it",
        "more jobs than there may be",
        "more servers than there may be",
        "the largest plan under AWS's own quotas",
    ],
)
def test_what_does_not_fit_warns_for_now_and_blocks_for_ever(
    waves: list[int], jobs: list[int], quotas: Quotas, expected: list[tuple[Check, Severity]]
) -> None:
    found = examine_quotas(waves, ORDER[: len(waves)], running(*jobs), quotas)
    assert [(finding.check, finding.severity) for finding in found] == expected
    assert all(finding.server_id is None and finding.limit for finding in found)


def test_everybodys_jobs_are_counted_and_told() -> None:
    jobs, servers = examine_quotas([1, 200], ORDER[:2], running(1, 150), SMALL)
    assert jobs.fact == "Wave 2 needs 2 of DRS's 3 jobs at once, and 2 are running now."
    assert jobs.limit == "3 jobs at once"
    assert servers.fact == "Wave 2 has 200 servers, and 151 of the 300 that DRS takes in all jobs are in jobs now."
    assert servers.limit == "300 servers in all jobs"


def test_waves_side_by_side_are_counted_together_and_can_wait_for_each_other() -> None:
    diamond = [(), (1,), (1,), (2, 3)]
    (jobs, servers) = examine_quotas([200, 200, 101, 200], diamond, [], SMALL)
    assert jobs.fact == "Waves 2 and 3 side by side need 4 of DRS's 3 jobs at once, and 0 are running now."
    told = "Waves 2 and 3 side by side have 301 servers, and 0 of the 300 that DRS takes in all jobs are in jobs now."
    assert (servers.fact, servers.severity) == (told, Severity.WARN)
    assert examine_quotas([200, 200, 101, 200], ORDER[:4], [], SMALL) == ()


def test_of_waves_of_one_size_the_first_is_named() -> None:
    (found,) = examine_quotas([2, 2], ORDER[:2], [], Quotas(servers_in_all_jobs=1))
    assert found.fact == "Wave 1 has 2 servers; DRS takes 1 in all jobs."


def test_unread_quotas_are_a_warning_and_the_documented_ones_count() -> None:
    unread, never = examine_quotas([501], ORDER[:1], [], Unread(error="AccessDenied"))
    assert (unread.check, unread.severity) == (Check.QUOTAS_KNOWN, Severity.WARN)
    assert unread.fact == (
        "AWS's documented quotas are used (20 jobs at once, 100 servers in a job, 500 in all jobs): "
        "the account's own could not be read: AccessDenied"
    )
    assert never.fact == "Wave 1 has 501 servers; DRS takes 500 in all jobs."
