"""A wave's attempt: one message, which tells how it goes and becomes its result.

The next thing that happens (a request for approval, a hold, the next wave, the cleanup) is a message of its own anyway,
so that the thread needs no second one about the same attempt.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.application.ports.slack import Message
from bot.domain.checks import RoundPurpose
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.durations import spell
from bot.domain.launch import Launch, ServerRun
from bot.domain.states import LaunchState, ServerPhase, WaveState
from bot.domain.wave_run import WaveRun
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.console import job_link
from bot.views.naming import topic_wave, wave_first
from bot.views.phases import launched, phase_counts
from bot.views.servers import ON_THE_CARD, whole_list
from bot.views.text import clock, count, moment
from bot.views.verification import check_blocks


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
    def is_over(self) -> bool:
        """Whether nothing more comes of it: no job runs, and the wave wants none."""
        is_wanted = self.is_newest and self.wave.state is WaveState.LAUNCHING
        return not is_wanted and not any(launch.is_open for launch in self.launches)

    @property
    def launched_here(self) -> int:
        """How many servers this attempt has launched: a later one takes over only those that failed."""
        jobs = {launch.job_id for launch in self.launches}
        return launched(server for server in self.servers if server.job_id in jobs)

    @property
    def left_out_here(self) -> int:
        """How many servers failed in this attempt, and were then left out."""
        jobs = {launch.job_id for launch in self.launches}
        return sum(server.is_left_out and server.job_id in jobs for server in self.servers)

    @property
    def began_at(self) -> datetime:
        return min(launch.requested_at for launch in self.launches)

    @property
    def ended_at(self) -> datetime | None:
        """When its last job has ended; None before it is over, or if there was none."""
        ends = [launch.completed_at for launch in self.launches if launch.completed_at]
        return max(ends) if ends and self.is_over else None


def _attempt(drill: Drill, topic: Topic) -> _Attempt | None:
    wave = topic_wave(drill, topic)
    launches = tuple(each for each in wave.launches if each.key.attempt == topic.number) if wave else ()
    if wave is None or topic.number is None or not launches:
        return None
    concerned = {server_id for launch in launches for server_id in launch.server_ids}
    return _Attempt(wave, topic.number, launches, tuple(s for s in wave.servers if s.id in concerned))


def wave(drill: Drill, topic: Topic) -> Message | None:
    """The attempt as it stands: how many servers are in which phase, each by name, and the DRS jobs."""
    attempt = _attempt(drill, topic)
    if attempt is None:
        return None
    named = _named(drill, attempt)
    icon, told = _verdict(attempt) if attempt.is_over else ("🚀", f"launching {count(len(attempt.servers), 'server')}")
    how = _phases(attempt)
    shown = [
        blocks.section("wave", f"{icon} *{named}: {told}*", how if _is_counted(attempt) else ""),
        *_servers(drill, attempt),
        *(check_blocks(attempt.wave, RoundPurpose.AFTER) if attempt.is_newest else []),
        blocks.context("jobs", _jobs(drill, attempt)),
    ]
    aloud = f"{named}: {told}. {how.replace(' ·', ',')}".strip(" .")
    return blocks.message(drill, topic, f"{aloud}.", shown)


def _is_counted(attempt: _Attempt) -> bool:
    """Where each of a few servers has its line, a count of them tells nothing more."""
    return not attempt.is_newest or len(attempt.servers) > ON_THE_CARD


def _named(drill: Drill, attempt: _Attempt) -> str:
    again = f", attempt {attempt.number}" if attempt.number > 1 else ""
    return wave_first(drill, attempt.wave) + again


def _verdict(attempt: _Attempt) -> tuple[str, str]:
    """How the attempt has ended, behind its icon."""
    took = f" in {spell(attempt.ended_at - attempt.began_at)}" if attempt.ended_at else ""
    told = f"{attempt.launched_here} of {count(len(attempt.servers), 'server')} launched{took}"
    if attempt.launched_here == len(attempt.servers):
        return "✅", told
    missing = (server for server in attempt.servers if server.phase is not ServerPhase.LAUNCHED)
    lost_critical = not attempt.is_newest or any(server.is_critical for server in missing)
    return "❌" if lost_critical else "⚠️", told


def _phases(attempt: _Attempt) -> str:
    if not attempt.is_newest:
        left = len(attempt.servers) - attempt.launched_here - attempt.left_out_here
        out = f", {attempt.left_out_here} left out" if attempt.left_out_here else ""
        return f"{count(left, 'server')} tried again in attempt {attempt.number + 1}{out}"
    return "" if attempt.is_over else phase_counts(attempt.servers)


def _servers(drill: Drill, attempt: _Attempt) -> list[Block]:
    """What became of a server in an earlier attempt is told by the newest."""
    return whole_list("servers", drill.target, attempt.servers, is_over=attempt.is_over) if attempt.is_newest else []


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
