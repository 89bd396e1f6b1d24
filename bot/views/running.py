"""Where a drill stands while its waves are launched: one wave, or several side by side."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from bot.domain.approval import Action
from bot.domain.checks import CheckRound
from bot.domain.drill import Drill
from bot.domain.durations import spell
from bot.domain.duties import can_operate
from bot.domain.states import LaunchState, WaveState
from bot.domain.wave_run import WaveRun
from bot.views.check_words import checks_so_far
from bot.views.naming import approvers, possible_approvers, the_wave, wave_name
from bot.views.phases import so_far
from bot.views.text import anyone_of, clock, escape, moment, runs
from bot.views.where import NOTHING_TO_DO, Standing

TITLE_LENGTH = 150


def running(drill: Drill) -> Standing:
    """Where the drill stands: the wave whose turn it is, or those side by side, the most urgent first."""
    waves = sorted(drill.open_waves, key=lambda wave: _URGENCY.index(wave.state))
    if not waves:
        return Standing("🚀", "Following the last DRS jobs to their end", NOTHING_TO_DO, NOTHING_TO_DO)
    first, *others = (_wave(drill, wave) for wave in waves)
    if not others:
        return first
    more = f", and {len(others) - 1} more" if others[1:] else ""
    headline = f"{first.headline}, {_lower(others[0].headline)}{more}"
    return Standing(first.icon, headline, "\n".join(map(_beside_others, (first, *others))), first.turn)


def _beside_others(wave: Standing) -> str:
    """What is told of one of several waves. That nobody has to do anything is not said of each."""
    detail = wave.detail.replace(f" {NOTHING_TO_DO}", "").removesuffix(NOTHING_TO_DO)
    return f"{wave.icon} {wave.headline}: {detail.strip()}"


_URGENCY = (
    WaveState.AWAITING_APPROVAL,
    WaveState.VERIFYING,
    WaveState.LAUNCHING,
    WaveState.PREPARING,
    WaveState.PENDING,
)
"""Of waves side by side, in the order in which people want to know of them."""


def _lower(headline: str) -> str:
    return headline[0].lower() + headline[1:]


def _wave(drill: Drill, wave: WaveRun) -> Standing:
    """Where one of the waves stands whose turn it is."""
    if wave.state is WaveState.PENDING and wave.opens_at:
        until = f"The plan waits after {_awaited(drill, wave)}, until {moment(wave.opens_at)}. {NOTHING_TO_DO}"
        return Standing("⏲️", f"Waiting before {the_wave(drill, wave)}", until, NOTHING_TO_DO)
    if wave.state is WaveState.AWAITING_APPROVAL and wave.round:
        given = f"{len(wave.round.given)} of {wave.round.needed} so far"
        turn = f"{approvers(drill, wave.round)} can approve until {moment(wave.round.expires_at)}: {given}."
        aloud = f"It is the approvers' turn: {len(wave.round.given)} of {wave.round.needed} approvals so far."
        return Standing("✋", f"Waiting for approval of {the_wave(drill, wave)}", turn, aloud)
    if wave.state is WaveState.PREPARING:
        told = f"What the plan wants to be run before it is under way. {NOTHING_TO_DO}"
        return Standing("⚙️", f"Preparing {the_wave(drill, wave)}", told, NOTHING_TO_DO)
    if wave.state is WaveState.VERIFYING and wave.checking:
        return _verifying(drill, wave, wave.checking)
    return _launching(drill, wave)


def _verifying(drill: Drill, wave: WaveRun, checking: CheckRound) -> Standing:
    done = checks_so_far(checking)
    if not checking.asked_runs:
        told = f"{done}. {NOTHING_TO_DO} {_next(drill, wave)}".strip()
        return Standing("🩺", f"Verifying {the_wave(drill, wave)}", told, f"{done}. {NOTHING_TO_DO}")
    asked = checking.check(checking.asked_runs[0]).title
    who, until = anyone_of(can_operate(drill, Action.CONFIRM)), moment(checking.wakes_at or checking.since)
    turn = f"{escape(asked, TITLE_LENGTH)}? {who} can confirm it until {until}."
    aloud = "It is the operators' or approvers' turn to confirm it."
    return Standing("✋", f"Waiting for a confirmation of {the_wave(drill, wave)}", f"{done}. {turn}", aloud)


def _launching(drill: Drill, wave: WaveRun) -> Standing:
    waiting = [launch.deferral for launch in wave.launches if launch.deferral and launch.state is LaunchState.REQUESTED]
    if waiting:
        again = min(deferral.retry_at for deferral in waiting)
        told = f"DRS will not start it just now. The bot tries again at {clock(again)}. {NOTHING_TO_DO}"
        return Standing("⏳", f"Waiting for DRS to take {the_wave(drill, wave)}", told, NOTHING_TO_DO)
    told = f"{so_far(wave.servers)}. {NOTHING_TO_DO} {_next(drill, wave)}".strip()
    return Standing("🚀", f"Launching {the_wave(drill, wave)}", told, f"{so_far(wave.servers)}. {NOTHING_TO_DO}")


def _next(drill: Drill, wave: WaveRun) -> str:
    """What comes after the wave, and whose turn it is then."""
    others = {each.number for each in drill.waves if not each.is_settled and each is not wave}
    if not others:
        return "Next: the cleanup."
    wait = drill.plan.wave(wave.number).wait_after
    return " ".join(_then(drill, number, wait, others) for number in drill.plan.after(wave.number))


def _then(drill: Drill, number: int, wait: timedelta | None, others: set[int]) -> str:
    """What comes of a wave that waits for one that runs. `others`: the waves that are not over beside that one."""
    after = f"wave {number} ({wave_name(drill.wave(number))})"
    if awaited := others.intersection(drill.plan.needs[number - 1]):
        return f"Next: {after}, once {_waves(awaited)} {'are' if len(awaited) > 1 else 'is'} over too."
    then, when = (f"After {spell(wait)}", f"after {spell(wait)}") if wait else ("Next", "at once")
    if not drill.plan.needs_approval(number):
        return f"Next: {after}, {when}."
    return f"{then}: {possible_approvers(drill)} can approve {after}."


def _waves(numbers: Iterable[int]) -> str:
    known = sorted(numbers)
    return f"wave{'s' if len(known) > 1 else ''} {runs(known)}"


def _awaited(drill: Drill, wave: WaveRun) -> str:
    """The waves after which the plan waits before this one."""
    needs = drill.plan.needs[wave.number - 1]
    return _waves(number for number in needs if drill.plan.wave(number).wait_after)
