"""Following DRS jobs: what DRS shows now against what the drills know. Nothing changed means no write."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.application.deciding import Decider
from bot.application.ports.drs import DrsClients, DrsError
from bot.application.ports.storage import StoreUnavailable
from bot.application.ports.work import DueKind
from bot.domain import waves
from bot.domain.drill import Drill
from bot.domain.events import JobsObserved
from bot.domain.facts import JobObservation
from bot.domain.plan import Target

SETTLED = timedelta(minutes=5)
"""A job younger than this that DRS does not show is not taken for lost: DRS's lists may lag behind its answers."""

log = logging.getLogger(__name__)


def moved(drill: Drill, seen: Iterable[JobObservation], now: datetime) -> JobsObserved | None:
    """What of `seen` is news to the drill; None if nothing is."""
    jobs = tuple(job for job in seen if _is_news(drill, job, now))
    return JobsObserved(jobs=jobs) if jobs else None


def _is_news(drill: Drill, job: JobObservation, now: datetime) -> bool:
    for launch in drill.followed_jobs:
        if launch.job_id == job.job_id:
            fresh = launch.started_at is None or now - launch.started_at < SETTLED
            wave = drill.wave(launch.key.wave)
            return not (job.status is None and fresh) and waves.observe(wave, [job], now) != wave
    return False


@dataclass(frozen=True, slots=True)
class Poller:
    """One DescribeJobs for each account, Region and role, however many drills run there."""

    decider: Decider
    drs: DrsClients

    def poll(self, drill_ids: Sequence[str]) -> None:
        """Look at the jobs of these drills. One broken drill or account never holds up another."""
        by_target: dict[Target, list[Drill]] = defaultdict(list)
        for drill_id in dict.fromkeys(drill_ids):
            with _apart("a drill cannot be read", drill_id=drill_id):
                drill = self.decider.store.load(drill_id).drill
                if drill.followed_jobs:
                    by_target[drill.target].append(drill)
        for target, drills in by_target.items():
            with _apart("jobs cannot be read", account=target.account_id, region=target.region):
                self._poll_target(target, drills)

    def poll_place(self, account_id: str, region: str) -> None:
        """Look at the jobs of every drill in an account and Region: DRS has said that something happened there."""
        self.poll(
            [
                due.drill_id
                for due in self.decider.store.unfinished()
                if due.kind is DueKind.DRILL and (due.account_id, due.region) == (account_id, region)
            ]
        )

    def _poll_target(self, target: Target, drills: Sequence[Drill]) -> None:
        job_ids = [launch.job_id for drill in drills for launch in drill.followed_jobs if launch.job_id]
        try:
            seen = self.drs.at(target).observe(job_ids)
        except DrsError as error:  # one failed look is no failed drill
            where = {"account": target.account_id, "region": target.region, "drill_ids": [d.id for d in drills]}
            log.warning("jobs cannot be read: %s", error, extra=where)
            return
        for drill in drills:
            with _apart("what was seen could not be saved", drill_id=drill.id):
                self._tell(drill, seen)

    def _tell(self, drill: Drill, seen: Sequence[JobObservation]) -> None:
        if moved(drill, seen, self.decider.clock()):
            self.decider.apply(drill.id, lambda now_read: moved(now_read, seen, self.decider.clock()))


@contextmanager
def _apart(trouble: str, **where: str) -> Iterator[None]:
    """Keep the trouble of one drill or account from the others. Without the table there is nothing to keep apart."""
    try:
        yield
    except StoreUnavailable:
        raise
    except Exception:  # whatever it is, it is this one's: the others must go on, and the log has the traceback
        log.exception(trouble, extra=where)
