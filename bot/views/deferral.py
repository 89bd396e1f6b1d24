"""A launch that DRS would not start just now: why, since when, when the bot tries again, and how it went on."""

from __future__ import annotations

from bot.application.ports.slack import Message
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.durations import spell
from bot.domain.launch import Deferral, Launch
from bot.domain.states import DeferralReason, LaunchState
from bot.domain.wave_run import WaveRun
from bot.views import blocks
from bot.views.naming import topic_wave, wave_first
from bot.views.text import clock, count, raw

ERROR_LENGTH = 500

_REASONS = {
    DeferralReason.THROTTLED: "DRS gets too many requests in this account and Region just now.",
    DeferralReason.CONFLICT: "Another DRS job is working on one of the servers; DRS takes one job per server.",
    DeferralReason.OVER_QUOTA: "This account has reached a DRS quota, such as the number of jobs at a time.",
}


def deferral(drill: Drill, topic: Topic) -> Message | None:
    """The wait as it stands now; `topic.number` counts the wave's launches from 1."""
    wave = topic_wave(drill, topic)
    launch = _launch(wave, topic.number)
    if wave is None or launch is None or launch.deferral is None:
        return None
    named = wave_first(drill, wave)
    if launch.state is LaunchState.REQUESTED:
        return _waiting(drill, topic, named, launch, launch.deferral)
    return _over(drill, topic, named, launch, launch.deferral)


def _launch(wave: WaveRun | None, ordinal: int | None) -> Launch | None:
    known = wave.launches if wave else ()
    return known[ordinal - 1] if ordinal and 1 <= ordinal <= len(known) else None


def _waiting(drill: Drill, topic: Topic, named: str, launch: Launch, wait: Deferral) -> Message:
    what = f"DRS will not launch {count(len(launch.server_ids), 'server')} just now"
    tried = f"tried {count(wait.times, 'time')} since {clock(wait.since)}"
    shown = [
        blocks.section(
            "wait",
            f"⏳ *{named}: {what}*",
            _REASONS[wait.reason],
            f"The bot tries again by itself at {clock(wait.retry_at)}; {tried}.",
            raw(wait.error, ERROR_LENGTH),
        )
    ]
    return blocks.message(drill, topic, f"{named}: {what}. {_REASONS[wait.reason]} The bot tries again.", shown)


def _over(drill: Drill, topic: Topic, named: str, launch: Launch, wait: Deferral) -> Message:
    if launch.started_at is None:
        told, icon = f"no longer waiting for DRS, asked for at {clock(wait.since)}", "✖️"
    else:
        told, icon = f"DRS started the job after a wait of {spell(launch.started_at - wait.since)}", "✅"
    shown = [blocks.section("wait", f"{icon} *{named}:* {told}. DRS had answered:", raw(wait.error, ERROR_LENGTH))]
    return blocks.message(drill, topic, f"{named}: the wait for DRS is over.", shown)
