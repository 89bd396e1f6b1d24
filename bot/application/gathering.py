"""What DRS tells of one server a call: gathered step by step, and kept in between, so that no number is too large.

A step reads as much as it has time for. What it has read is kept; the next step, perhaps in another invocation, goes on
from there. All other facts take a few calls and are read in the last step, so that they are the newest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

from bot.application.ports import Clock
from bot.application.ports.drs import Drs, DrsError, Refused
from bot.application.ports.gathered import GatheredFacts, GatheredStore
from bot.domain.drill import Drill
from bot.domain.facts import LaunchSettings, Unread
from bot.domain.launch_point import Fresh, NewestBefore, RecoverySnapshot

MOST_AGE = timedelta(minutes=10)
"""Facts that have been kept for longer are read anew. DRS takes a recovery snapshot every ten minutes (AWS: point in
time policy), so what is older than that is not what a launch would meet."""


@dataclass(frozen=True, slots=True)
class OfEachServer:
    """What is told of one server a call.

    Attributes:
        settings: server id to how DRS is set to launch it, or why that could not be read.
        snapshots: server id to what it is launched from; none where the launch takes a fresh snapshot.
        is_complete: whether it has been read of all servers. If not, it is to be gone on with.
    """

    settings: Mapping[str, LaunchSettings] | Unread
    snapshots: Mapping[str, RecoverySnapshot]
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Gathering:
    """Reads launch settings and recovery points.

    Attributes:
        kept: where it is kept between steps.
        wall: wall time, by which the age of what is kept is measured: it is about how long reading takes.
    """

    kept: GatheredStore
    wall: Clock

    def gather(self, drs: Drs, drill: Drill, server_ids: Sequence[str]) -> OfEachServer:
        """One step: what is known by now of these servers, which exist.

        Raises:
            DrsError: recovery points could not be read.
        """
        check, now = drill.times_checked + 1, self.wall()
        before = self.kept.gathered(drill.id, check, now - MOST_AGE)
        settings, points = self._read(drs, drill, server_ids, before)
        read = GatheredFacts(settings={} if isinstance(settings, Unread) else settings, snapshots=points)
        known = before.with_more(read)
        settled = isinstance(settings, Unread) or len(known.settings) == len(server_ids)
        pointed = isinstance(drill.launch_point, Fresh) or len(known.snapshots) == len(server_ids)
        if not (settled and pointed):
            self.kept.keep(drill.id, check, now, read)
        return OfEachServer(
            settings=settings if isinstance(settings, Unread) else known.settings,
            snapshots={server_id: snapshot for server_id, snapshot in known.snapshots.items() if snapshot},
            is_complete=settled and pointed,
        )

    def _read(
        self, drs: Drs, drill: Drill, server_ids: Sequence[str], before: GatheredFacts
    ) -> tuple[dict[str, LaunchSettings] | Unread, dict[str, RecoverySnapshot | None]]:
        """Both kinds side by side, each as far as its own pace brings it in a step."""
        with ThreadPoolExecutor(2, thread_name_prefix="gathering") as pool:
            settings = pool.submit(_settings, drs, [each for each in server_ids if each not in before.settings])
            points = pool.submit(_points, drs, drill, [each for each in server_ids if each not in before.snapshots])
            return _told(settings), points.result()


def _settings(drs: Drs, server_ids: Sequence[str]) -> dict[str, LaunchSettings]:
    return dict(drs.launch_settings(server_ids))


def _told(settings: Future[dict[str, LaunchSettings]]) -> dict[str, LaunchSettings] | Unread:
    try:
        return settings.result()
    except DrsError as error:
        return Unread(error=str(error), is_denied=error.kind is Refused.DENIED)


def _points(drs: Drs, drill: Drill, server_ids: Sequence[str]) -> dict[str, RecoverySnapshot | None]:
    point = drill.launch_point
    if isinstance(point, Fresh):
        return {}
    until = point.at if isinstance(point, NewestBefore) else None
    return dict(drs.newest_snapshots(server_ids, until))
