"""How long a drill is likely to take, and how long its instances will be up: as the plan's last good drills have shown.

Each figure is the median of what was measured, or nothing: no figure is made up for a plan that was never drilled. Of
an even number of figures it is the larger of the middle two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median_high

from bot.domain.results import DrillResult

SAMPLE = 5
"""So many drills that have passed, the newest, are looked at: servers grow, and older ones tell of smaller ones."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a drill of a plan is likely to take.

    Attributes:
        drills: from how many drills that have passed this is known.
        whole: from Start to the last terminated instance, without waiting for people.
        recovery: the recovery time, net of waiting for people.
        instance_time: how long the instances will be up, added up over the servers that would be launched now.
        waves: how long each wave takes, by its name; only of those that are known.
    """

    drills: int
    whole: timedelta
    recovery: timedelta | None
    instance_time: timedelta | None
    waves: Mapping[str, timedelta]


def estimate(servers: int, results: Iterable[DrillResult]) -> Estimate | None:
    """What to expect of a drill of a plan, by its results, the newest first; None when none of them has passed.

    `servers`: how many it would launch.
    """
    passed = [result for result in results if result.has_passed][:SAMPLE]
    whole = [result.ended_at - result.started_at - result.waited for result in passed if result.started_at]
    if not whole:
        return None
    each_server = _median([up for up in map(_up_each, passed) if up is not None])
    return Estimate(
        drills=len(whole),
        whole=median_high(whole),
        recovery=_median([result.recovery.net for result in passed if result.recovery]),
        instance_time=each_server * servers if each_server is not None else None,
        waves=_waves(passed),
    )


def _up_each(result: DrillResult) -> timedelta | None:
    launched = sum(wave.launched for wave in result.waves)
    return result.instance_time / launched if result.instance_time is not None and launched else None


def _waves(results: Iterable[DrillResult]) -> dict[str, timedelta]:
    taken: dict[str, list[timedelta]] = {}
    for result in results:
        for wave in result.waves:
            if wave.took is not None:
                taken.setdefault(wave.name, []).append(wave.took)
    return {name: median_high(times) for name, times in taken.items()}


def _median(times: Sequence[timedelta]) -> timedelta | None:
    return median_high(times) if times else None
