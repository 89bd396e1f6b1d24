"""A wave's attempt, while it runs and when it has ended. One message each, so that the thread reads as a log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.application.ports.slack import Message
from bot.domain.commands import Topic
from bot.domain.drill import Drill, WaveRun
from bot.domain.durations import spell
from bot.domain.launch import Launch, ServerRun
from bot.domain.states import LaunchState, ServerPhase
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.console import job_link
from bot.views.naming import server_name, topic_wave, wave_first
from bot.views.progress import launched, phase_counts
from bot.views.text import bullets, clock, count, escape, listed, moment

SERVERS_SHOWN = 10
FAILURES_SHOWN = 8
FAILURE_LENGTH = 240


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One attempt at a wave: its launches, and the servers they are about, as they are now."""

    wave: WaveRun
    number: int
    launches: tuple[Launch, ...]
    servers: tuple[ServerRun, ...]

    @property
    def is_newest(self) -> bool:
        return self.number == self.wave.attempt

    @property
    def launched_here(self) -> int:
        """How many servers this attempt has launched: a later one takes over only those that failed."""
        jobs = {launch.job_id for launch in self.launches}
        return launched(server for server in self.servers if server.job_id in jobs)

    @property
    def began_at(self) -> datetime:
        return min(launch.requested_at for launch in self.launches)

    @property
    def ended_at(self) -> datetime | None:
        """When its last job has ended; None while one is under way, or if there was none."""
        ends = [launch.completed_at for launch in self.launches if launch.completed_at]
        return max(ends) if ends and not any(launch.is_open for launch in self.launches) else None


def _attempt(drill: Drill, topic: Topic) -> _Attempt | None:
    wave = topic_wave(drill, topic)
    launches = tuple(each for each in wave.launches if each.key.attempt == topic.number) if wave else ()
    if wave is None or topic.number is None or not launches:
        return None
    concerned = {server_id for launch in launches for server_id in launch.server_ids}
    return _Attempt(wave, topic.number, launches, tuple(s for s in wave.servers if s.id in concerned))


def wave(drill: Drill, topic: Topic) -> Message | None:
    """The attempt as it goes: how many servers are in which phase, and the DRS jobs."""
    attempt = _attempt(drill, topic)
    if attempt is None:
        return None
    named = _named(drill, attempt)
    doing = f"{'launch of' if attempt.ended_at else 'launching'} {count(len(attempt.servers), 'server')}"
    told = _phases(attempt)
    shown = [
        blocks.section("wave", f"🚀 *{named}: {doing}*", told),
        blocks.context("jobs", _jobs(drill, attempt)),
    ]
    return blocks.message(drill, topic, f"{named}: {doing}. {told.replace(' ·', ',')}.", shown)


def _named(drill: Drill, attempt: _Attempt) -> str:
    again = f", attempt {attempt.number}" if attempt.number > 1 else ""
    return wave_first(drill, attempt.wave) + again


def _phases(attempt: _Attempt) -> str:
    if attempt.is_newest:
        return phase_counts(attempt.servers)
    left = len(attempt.servers) - attempt.launched_here
    return f"{attempt.launched_here} launched · {left} tried again in attempt {attempt.number + 1}"


def _jobs(drill: Drill, attempt: _Attempt) -> str:
    started = [job_link(drill.target, launch.job_id) for launch in attempt.launches if launch.job_id]
    asked = sum(launch.state is LaunchState.REQUESTED for launch in attempt.launches)
    jobs = f"DRS {'job' if len(started) == 1 else 'jobs'} {', '.join(started)}" if started else ""
    waiting = f"{count(asked, 'DRS job')} to be started" if asked else ""
    began, ended = clock(attempt.began_at), attempt.ended_at
    since = f"{began} to {clock(ended)}" if ended else f"since {began}"
    deadline = attempt.wave.deadline if attempt.is_newest else None
    until = f"to be done by {moment(deadline)}" if deadline and not ended else ""
    return " · ".join(filter(None, [jobs, waiting, since, until]))


def wave_result(drill: Drill, topic: Topic) -> Message | None:
    """How the attempt has ended, with what DRS said of each server that failed."""
    attempt = _attempt(drill, topic)
    if attempt is None:
        return None
    failed = [server for server in attempt.servers if server.phase is ServerPhase.FAILED] if attempt.is_newest else []
    icon = "✅" if attempt.launched_here == len(attempt.servers) else "⚠️"
    icon = "❌" if any(server.is_critical for server in failed) else icon
    took = f" in {spell(attempt.ended_at - attempt.began_at)}" if attempt.ended_at else ""
    verdict = f"{attempt.launched_here} of {count(len(attempt.servers), 'server')} launched{took}"
    named = _named(drill, attempt)
    shown = [
        blocks.section("result", f"{icon} *{named}: {verdict}*", _launched_names(attempt)),
        *_failures(failed),
    ]
    return blocks.message(drill, topic, f"{named}: {verdict}.", shown)


def _launched_names(attempt: _Attempt) -> str:
    names = [server_name(server) for server in attempt.servers if server.phase is ServerPhase.LAUNCHED]
    return listed(names, SERVERS_SHOWN)


def _failures(failed: list[ServerRun]) -> list[Block]:
    """The servers that failed, the critical ones first, with DRS's own words."""
    ordered = sorted(failed, key=lambda server: not server.is_critical)
    lines = [
        f"*{server_name(server)}*{'' if server.is_critical else ' (optional)'}: "
        f"`{escape(server.failure or 'no reason given', FAILURE_LENGTH)}`"
        for server in ordered
    ]
    return [blocks.section("failures", "Not launched:", bullets(lines, FAILURES_SHOWN))] if lines else []
