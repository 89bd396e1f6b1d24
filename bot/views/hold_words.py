"""Why a drill is on hold and what each choice would do, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.approval import mention
from bot.domain.drill import Drill
from bot.domain.drill_parts import Hold
from bot.domain.durations import spell
from bot.domain.launch import Launch, ServerRun
from bot.domain.states import HoldDecision, HoldReason, LaunchState, ServerPhase
from bot.domain.wave_run import WaveRun
from bot.views.naming import the_wave, wave_first
from bot.views.text import count, quoted, raw

DETAIL_LENGTH = 1_500
WORDS_LENGTH = 700
"""With room for what escaping adds to the longest words that are taken."""

_DECISIONS = {
    HoldDecision.RETRIED: "try again",
    HoldDecision.SKIPPED: "skip the wave",
    HoldDecision.RESUMED: "go on",
    HoldDecision.ABORTED: "abort the drill",
    HoldDecision.OVERTAKEN: "go on by itself",
}


def decision(held: Hold) -> str:
    """What a person decided: somebody decided to …; nothing while nobody has."""
    if held.left_out:
        return f"go on without {count(len(held.left_out), 'server')}"
    return _DECISIONS[held.decision] if held.decision else ""


def reason(drill: Drill, hold: Hold) -> str:
    """What happened, in a sentence."""
    wave = drill.wave(hold.wave)
    named = the_wave(drill, wave)
    if hold.reason is HoldReason.CHECKS_FAILED:
        return f"{wave_first(drill, wave)} was launched, but checks of it have not passed."
    if hold.reason is HoldReason.SERVERS_FAILED:
        return f"{_failed(hold, wave)} of {named} did not launch."
    return {
        HoldReason.LAUNCH_REFUSED: f"DRS refused to launch {named}.",
        HoldReason.LAUNCH_UNKNOWN: f"It is not known whether DRS has started to launch {named}: its answer was lost.",
        HoldReason.PREPARATION_FAILED: f"What is to be run before {named} has failed: nothing of it is launched.",
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


def _failed(hold: Hold, wave: WaveRun) -> str:
    failed = hold.failed or len(wave.failed(critical=True))
    return count(failed, "critical server") if failed else "Critical servers"


def retry_means(hold: Hold, wave: WaveRun) -> str:
    """What a retry would do."""
    return {
        HoldReason.SERVERS_FAILED: "launches once more the servers that failed",
        HoldReason.LAUNCH_REFUSED: "asks DRS again",
        HoldReason.LAUNCH_UNKNOWN: "looks for the job again, and starts one only if there is none",
        HoldReason.CHECKS_FAILED: "makes the checks again that have not passed",
        HoldReason.PREPARATION_FAILED: "runs it again",
        HoldReason.UNSAFE: "checks again, and launches if it is safe by then",
        HoldReason.LAUNCH_TIMEOUT: f"waits {spell(wave.launch_timeout)} more",
        HoldReason.JOB_LOST: "looks for the job again",
        HoldReason.APPROVAL_EXPIRED: "asks for approval again",
        HoldReason.APPROVAL_REJECTED: "asks for approval again",
    }[hold.reason]


def skip_means(wave: WaveRun) -> str:
    """What skipping would do, and whether the drill can still pass after it."""
    behind = [s for s in wave.servers if s.phase is not ServerPhase.LAUNCHED and not s.is_left_out]
    critical = [server for server in behind if server.is_critical]
    if not behind:
        unproven = "; the drill then fails, because critical checks have not passed" if wave.failed_checks else ""
        return f"goes on{unproven}"
    told = f"goes on without {count(len(behind), 'server')}"
    if not critical:
        return told
    coming = {server_id for launch in wave.launches if _may_launch(launch) for server_id in launch.server_ids}
    if all(server.id in coming and server.phase is not ServerPhase.FAILED for server in critical):
        ones = "the critical one" if len(critical) == 1 else f"the {len(critical)} critical ones"
        return f"{told}; the drill then fails unless {_are(critical, behind, ones)} launched after all"
    return f"{told}; the drill then fails, because {_are(critical, behind, f'{len(critical)} of them')} critical"


def _may_launch(launch: Launch) -> bool:
    """Whether its job is followed on after a skip, or looked for if nobody knows whether DRS has started it."""
    is_unknown = launch.state is LaunchState.UNKNOWN and launch.job_id is None
    return launch.state is LaunchState.STARTED or is_unknown


def _are(some: Sequence[ServerRun], all_of_them: Sequence[ServerRun], which: str) -> str:
    """`it is`, `they are`, or `which` of them are."""
    verb = "is" if len(some) == 1 else "are"
    if len(some) == len(all_of_them):
        return f"{'it' if len(some) == 1 else 'they'} {verb}"
    return f"{which} {verb}"
