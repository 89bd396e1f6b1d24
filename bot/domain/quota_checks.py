"""Whether the plan fits into the account's quotas, beside the jobs of everybody that are under way.

What never fits blocks: DRS would refuse it however long the bot waited. What only does not fit beside the jobs of this
moment warns: those end, and until then the launch waits for them, up to the wave's time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.domain.facts import ActiveJob, Quotas, Unread
from bot.domain.findings import Check, Finding, Rule, Severity
from bot.domain.launch import MAX_SERVERS_PER_JOB
from bot.domain.plan_order import Needs, most_at_once

_RAISE = "Make the waves smaller. AWS does not raise this quota."
_WAIT = "The launch waits until jobs have ended, up to the wave's time. Look in the DRS console at what runs there."
NOT_READ = Rule(
    check=Check.QUOTAS_KNOWN,
    severity=Severity.WARN,
    when="Service Quotas cannot be read: AWS's documented quotas are used instead",
    remedy="Let the bot read Service Quotas where the servers are, or look at the quotas of DRS there yourself.",
)
TOO_MANY_JOBS = Rule(
    check=Check.JOB_QUOTA,
    severity=Severity.BLOCK,
    when="a wave alone needs more jobs at once than DRS runs in the account and Region",
    limit="quota L-D88FAC3A, 20 jobs at once",
    remedy=_RAISE,
)
JOBS_BUSY = Rule(
    check=Check.JOB_QUOTA,
    severity=Severity.WARN,
    when="a wave, or those that run side by side, need more jobs at once than are free beside those that run now, "
    "whoever started them",
    limit="quota L-D88FAC3A, 20 jobs at once",
    remedy=_WAIT,
)
TOO_MANY_SERVERS = Rule(
    check=Check.SERVER_QUOTA,
    severity=Severity.BLOCK,
    when="a wave alone has more servers than all jobs of the account and Region may have",
    limit="quota L-05AFA8C6, 500 servers in all jobs",
    remedy=_RAISE,
)
SERVERS_BUSY = Rule(
    check=Check.SERVER_QUOTA,
    severity=Severity.WARN,
    when="a wave, or those that run side by side, have more servers than the jobs that run now leave room for, "
    "whoever started them",
    limit="quota L-05AFA8C6, 500 servers in all jobs",
    remedy=_WAIT,
)
JOB_TOO_LARGE = Rule(
    check=Check.JOB_SIZE,
    severity=Severity.BLOCK,
    when="a job of a wave has more servers than one job may have",
    limit="quota L-B827C881, 100 servers in a job",
    remedy="Make the waves smaller: the bot puts up to 100 servers of a wave into each job.",
)
RULES = (NOT_READ, TOO_MANY_JOBS, JOBS_BUSY, TOO_MANY_SERVERS, SERVERS_BUSY, JOB_TOO_LARGE)


def examine_quotas(
    wave_sizes: Sequence[int], needs: Needs, jobs: Sequence[ActiveJob], quotas: Quotas | Unread
) -> tuple[Finding, ...]:
    """What of the plan does not fit. It does if each of its waves does; waves side by side can wait for each other.

    Args:
        wave_sizes: the number of servers of each wave, in their order.
        needs: which waves run after which.
        jobs: those that have not ended, of any type, whoever started them.
        quotas: as Service Quotas says; if it does not, the documented ones count.
    """
    known = Quotas() if isinstance(quotas, Unread) else quotas
    largest, number = max((size, -number) for number, size in enumerate(wave_sizes, start=1))
    wave = f"Wave {-number}"
    return (
        *_unread(quotas),
        *_too_large(wave, largest, known),
        *_jobs(wave, [_jobs_for(size) for size in wave_sizes], needs, len(jobs), known.concurrent_jobs),
        *_servers(wave, wave_sizes, needs, _occupied(jobs), known.servers_in_all_jobs),
    )


def _together(sizes: Sequence[int], needs: Needs) -> tuple[str, int, bool]:
    """The waves that need most at once, how much that is, and whether they are several."""
    waves = most_at_once(sizes, needs)
    total = sum(sizes[number - 1] for number in waves)
    if len(waves) == 1:
        return f"Wave {waves[0]}", total, False
    return f"Waves {', '.join(map(str, waves[:-1]))} and {waves[-1]} side by side", total, True


def _unread(quotas: Quotas | Unread) -> Iterator[Finding]:
    if isinstance(quotas, Unread):
        used = Quotas()
        documented = (
            f"{used.concurrent_jobs} jobs at once, {used.servers_per_job} servers in a job, "
            f"{used.servers_in_all_jobs} in all jobs"
        )
        told = f"AWS's documented quotas are used ({documented}): the account's own could not be read: {quotas.error}"
        yield NOT_READ.finding(told)


def _too_large(wave: str, servers: int, quotas: Quotas) -> Iterator[Finding]:
    most = min(servers, MAX_SERVERS_PER_JOB)
    if most > quotas.servers_per_job:
        told = f"{wave} would have {most} servers in a job; DRS takes {quotas.servers_per_job}."
        yield JOB_TOO_LARGE.finding(told, limit=f"{quotas.servers_per_job} servers in a job")


def _jobs(wave: str, jobs: Sequence[int], needs: Needs, running: int, quota: int) -> Iterator[Finding]:
    limit = f"{quota} jobs at once"
    waves, needed, are_several = _together(jobs, needs)
    if max(jobs) > quota:
        yield TOO_MANY_JOBS.finding(f"{wave} needs {max(jobs)} jobs at once; DRS runs {quota}.", limit=limit)
    elif needed + running > quota:
        need = "need" if are_several else "needs"
        told = f"{waves} {need} {needed} of DRS's {quota} jobs at once, and {running} are running now."
        yield JOBS_BUSY.finding(told, limit=limit)


def _servers(wave: str, sizes: Sequence[int], needs: Needs, occupied: int, quota: int) -> Iterator[Finding]:
    limit = f"{quota} servers in all jobs"
    waves, needed, are_several = _together(sizes, needs)
    if max(sizes) > quota:
        yield TOO_MANY_SERVERS.finding(f"{wave} has {max(sizes)} servers; DRS takes {quota} in all jobs.", limit=limit)
    elif needed + occupied > quota:
        have = "have" if are_several else "has"
        taken = f"{occupied} of the {quota} that DRS takes in all jobs are in jobs now"
        yield SERVERS_BUSY.finding(f"{waves} {have} {needed} servers, and {taken}.", limit=limit)


def _jobs_for(servers: int) -> int:
    return -(-servers // MAX_SERVERS_PER_JOB)


def _occupied(jobs: Iterable[ActiveJob]) -> int:
    return sum(len(job.server_ids) for job in jobs)
