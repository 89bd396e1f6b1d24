"""Why a drill is on hold and what each choice would do, in plain words."""

from __future__ import annotations

from bot.domain.approval import mention
from bot.domain.drill import Drill, Hold, WaveRun
from bot.domain.durations import spell
from bot.domain.states import HoldDecision, HoldReason, ServerPhase
from bot.views.naming import the_wave, wave_first
from bot.views.text import count, quoted, raw

DETAIL_LENGTH = 1_500
WORDS_LENGTH = 700
"""With room for what escaping adds to the longest words that are taken."""

DECISIONS = {
    HoldDecision.RETRIED: "try again",
    HoldDecision.SKIPPED: "skip the wave",
    HoldDecision.RESUMED: "go on",
    HoldDecision.ABORTED: "abort the drill",
}
"""What a person decided: somebody decided to …"""


def reason(drill: Drill, hold: Hold) -> str:
    """What happened, in a sentence."""
    wave = drill.wave(hold.wave)
    named = the_wave(drill, wave)
    if hold.reason is HoldReason.SERVERS_FAILED:
        return f"{_failed(wave)} of {named} did not launch."
    return {
        HoldReason.LAUNCH_REFUSED: f"DRS refused to launch {named}.",
        HoldReason.LAUNCH_UNKNOWN: f"It is not known whether DRS has started to launch {named}: its answer was lost.",
        HoldReason.UNSAFE: f"It has become unsafe to launch {named}.",
        HoldReason.LAUNCH_TIMEOUT: f"The launch of {named} takes longer than {spell(wave.launch_timeout)}.",
        HoldReason.JOB_LOST: f"DRS does not know a job of {named} any more.",
        HoldReason.APPROVAL_EXPIRED: f"Not enough people approved {named} within {_patience(drill)}.",
        HoldReason.APPROVAL_REJECTED: f"{wave_first(drill, wave)} was rejected.",
        HoldReason.REQUESTED: "Somebody asked to launch nothing more for now.",
    }[hold.reason]


def _patience(drill: Drill) -> str:
    return spell(drill.plan.access.approval_timeout)


_SAYS_IT_ALL = {HoldReason.LAUNCH_TIMEOUT, HoldReason.APPROVAL_EXPIRED}


def in_other_words(hold: Hold) -> str:
    """What DRS, the check before a launch, or a person said; nothing where `reason` says it all."""
    if hold.by:
        words = quoted(hold.detail, WORDS_LENGTH)
        return f"{mention(hold.by.user_id)}: {words}" if words else ""
    return "" if hold.reason in _SAYS_IT_ALL else raw(hold.detail, DETAIL_LENGTH)


def _failed(wave: WaveRun) -> str:
    failed = len(wave.failed(critical=True))
    return count(failed, "critical server") if failed else "Critical servers"


def retry_means(hold: Hold, wave: WaveRun) -> str:
    """What a retry would do."""
    return {
        HoldReason.SERVERS_FAILED: "launches once more the servers that failed",
        HoldReason.LAUNCH_REFUSED: "asks DRS again",
        HoldReason.LAUNCH_UNKNOWN: "looks for the job again, and starts one only if there is none",
        HoldReason.UNSAFE: "checks again, and launches if it is safe by then",
        HoldReason.LAUNCH_TIMEOUT: f"waits {spell(wave.launch_timeout)} more",
        HoldReason.JOB_LOST: "looks for the job again",
        HoldReason.APPROVAL_EXPIRED: "asks for approval again",
        HoldReason.APPROVAL_REJECTED: "asks for approval again",
    }[hold.reason]


def skip_means(wave: WaveRun) -> str:
    """What skipping would do."""
    behind = [s for s in wave.servers if s.phase is not ServerPhase.LAUNCHED]
    if not behind:
        return "goes on"
    fails = (
        "; the drill then fails unless they are launched after all"
        if any(server.is_critical for server in behind)
        else ""
    )
    return f"goes on without {count(len(behind), 'server')}{fails}"
