"""The card: the one live message of a drill in its channel. Its thread is the log.

In the order in which somebody who is woken asks: that it is a drill, where it stands and whose turn it is, how the time
is, which wave, which servers.
"""

from __future__ import annotations

from bot.application.ports.slack import Background, Message
from bot.domain.approval import Action, mention
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.offers import offers
from bot.domain.states import BEFORE_START, DrillState, Purpose, WaveState
from bot.domain.wave_run import WaveRun
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.buttons import row
from bot.views.console import job_link
from bot.views.findings import finding_blocks
from bot.views.folding import folded_wave_blocks
from bot.views.launch_point import launches_from
from bot.views.naming import drill_size, which_drill
from bot.views.outlook import outlook
from bot.views.progress import recovery
from bot.views.servers import short_list
from bot.views.standing import standing
from bot.views.sweeping import ONLY, leftovers
from bot.views.text import escape, listed
from bot.views.verification import check_lines
from bot.views.where import Standing

JOBS_SHOWN = 3
CHECKS_SHOWN = 12
FINDINGS_SHOWN = 3


def card(drill: Drill, topic: Topic, background: Background) -> Message:
    """The card as it should look now."""
    now = standing(drill)
    shown = [
        # A real event would have no test tube and no such line: nobody must take the one for the other.
        blocks.header("drill", which_drill(drill)),
        blocks.context("drill-only", _only(drill)),
        _now(now),
        *_body(drill, background),
        blocks.context("about", _about(drill)),
        *blocks.actions("actions", _buttons(drill)),
    ]
    return blocks.message(drill, topic, now.aloud, shown)


def _body(drill: Drill, background: Background) -> list[Block]:
    if drill.purpose is Purpose.SWEEP:
        return leftovers(drill) if drill.ended_at is None else []
    if drill.state in BEFORE_START:
        return outlook(drill, background.earlier)
    if drill.started_at is None:
        return []
    return [
        blocks.section("recovery", recovery(drill, background.now)),
        *(finding_blocks(drill, FINDINGS_SHOWN) if drill.ended_at else []),
        *folded_wave_blocks(drill, _details(drill)),
    ]


def _details(drill: Drill) -> dict[int, list[str]]:
    """The servers and DRS jobs of the waves that are being launched, or have failed and wait for a decision."""
    if drill.waves_ended_at:
        return {}
    shown = (wave for wave in drill.open_waves if wave.state in _TOLD_IN_FULL)
    return {wave.number: _of_wave(drill, wave) for wave in shown}


_TOLD_IN_FULL = {WaveState.PREPARING, WaveState.LAUNCHING, WaveState.VERIFYING, WaveState.FAILED}


def _of_wave(drill: Drill, wave: WaveRun) -> list[str]:
    """Its checks where they are what it is about now; else its servers and DRS jobs."""
    newest = wave.checking or wave.failed_checks
    if newest is None:
        return _servers_and_jobs(drill, wave)
    return [line.removeprefix("> ") for line in check_lines(wave, newest)][:CHECKS_SHOWN]


def _servers_and_jobs(drill: Drill, wave: WaveRun) -> list[str]:
    newest = [launch for launch in wave.launches if launch.key.attempt == wave.attempt]
    jobs = [job_link(drill.target, launch.job_id) for launch in newest if launch.job_id]
    told = [f"DRS {'job' if len(jobs) == 1 else 'jobs'} {listed(jobs, JOBS_SHOWN)}"] if jobs else []
    return [*short_list(drill.target, wave.servers), *told]


def _only(drill: Drill) -> str:
    if drill.purpose is Purpose.SWEEP:
        return ONLY
    if drill.purpose is Purpose.CHECK and drill.started_at is None:
        is_over = drill.state is DrillState.ENDED
        told = "nothing was launched" if is_over else "nothing is launched unless somebody clicks Start"
        return f"Only a check: {told}."
    return "Only a drill: production keeps running, and nothing fails over."


def _now(now: Standing) -> Block:
    return blocks.section("now", f"{now.icon} *{now.headline}*", now.detail)


def _about(drill: Drill) -> str:
    who = _people(mention(drill.requester.user_id), mention(drill.started_by.user_id) if drill.started_by else None)
    where = f"{drill.target.region}, account {drill.target.account_id}"
    if drill.purpose is Purpose.SWEEP:
        return f"{where} · {who} · {escape(drill.id, 80)}"
    return f"{drill_size(drill)} from {launches_from(drill)} · {where} · {who} · {escape(drill.id, 80)}"


def _people(requester: str, starter: str | None) -> str:
    if starter is None:
        return f"asked for by {requester}"
    return (
        f"asked for and started by {starter}"
        if starter == requester
        else f"asked for by {requester}, started by {starter}"
    )


def _buttons(drill: Drill) -> list[Block]:
    """All that can be done to it: what the moment calls for stands first, Abort last."""
    is_hindered = bool(drill.cleanup and drill.cleanup.problem)
    waits = drill.state is DrillState.OPERATING or is_hindered
    # As long as the cleanup goes on by itself, there is nothing to try again.
    offered = (each for each in offers(drill) if each.action is not Action.FIX_FINDING)  # its own message has them
    return row(drill, (each for each in offered if each.action is not Action.CLEAN_UP or waits))
