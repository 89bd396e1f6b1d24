"""How drills, waves, servers and people are called in what is shown. Names come from outside: each is escaped here."""

from __future__ import annotations

from bot.domain.approval import Action
from bot.domain.approval_round import ApprovalRound
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.duties import can_operate
from bot.domain.findings import Finding
from bot.domain.launch import ServerRun
from bot.domain.plan import Plan
from bot.domain.rounds import can_answer, could_approve
from bot.domain.states import Purpose
from bot.domain.wave_run import WaveRun
from bot.views.text import anyone_of, count, escape

BARRED = "Whoever asked for the drill or started it cannot approve it."
"""Where the plan says so."""
NAME_LENGTH = 60
"""Longer names are cut: a line of a phone holds about that much."""


def plan_title(plan: Plan) -> str:
    """The plan, as its author calls it."""
    return escape(plan.title, 100)


def which_drill(drill: Drill) -> str:
    """`🧪 DRILL · Payments`: over what is seen outside of a drill's thread, or draws people into it."""
    kind = "🧹 SWEEP" if drill.purpose is Purpose.SWEEP else "🧪 DRILL"
    return f"{kind} · {plan_title(drill.plan)}"


def plan_size(plan: Plan) -> str:
    """`6 servers in 3 waves`; of a plan that chooses some by tags, which those are is not known before it is asked."""
    waves = count(len(plan.waves), "wave")
    servers = count(len(plan.server_ids), "server")
    if not plan.selects:
        return f"{servers} in {waves}"
    return f"{servers} in {waves}, and others by their tags" if plan.server_ids else f"{waves}, servers by their tags"


def drill_size(drill: Drill) -> str:
    """The same of a drill, with the number of its servers as soon as they are chosen."""
    servers = drill.server_count
    if drill.plan.selects and not (drill.preflight and servers):
        return plan_size(drill.plan)
    return f"{count(servers, 'server')} in {count(len(drill.waves), 'wave')}"


def server_name(server: ServerRun) -> str:
    """The name people know a server by, or else its id."""
    return escape(server.name or server.id, NAME_LENGTH)


def wave_name(wave: WaveRun) -> str:
    """What people call a wave."""
    return escape(wave.name, NAME_LENGTH)


def the_wave(drill: Drill, wave: WaveRun) -> str:
    """`wave 2 of 3 (Application)`."""
    of = f" of {len(drill.waves)}" if len(drill.waves) > 1 else ""
    return f"wave {wave.number}{of} ({wave_name(wave)})"


def wave_first(drill: Drill, wave: WaveRun) -> str:
    """`Wave 2 of 3 (Application)`, for the beginning of a sentence."""
    return the_wave(drill, wave).replace("wave", "Wave", 1)


def fact(drill: Drill, finding: Finding, most: int) -> str:
    """What a check has found, with the server's name where it has only the id."""
    named = next((server.name for server in drill.servers if server.id == finding.server_id), "")[:NAME_LENGTH]
    told = finding.fact
    if named and finding.server_id and named not in told:
        told = told.replace(finding.server_id, f"{named} ({finding.server_id})", 1)
    return escape(told, most)


def topic_wave(drill: Drill, topic: Topic) -> WaveRun | None:
    """The wave that a topic is about."""
    return next((wave for wave in drill.waves if wave.number == topic.wave), None)


def operators(drill: Drill) -> str:
    """Who may start the drill and decide about holds."""
    return anyone_of(can_operate(drill, Action.RETRY))


def possible_approvers(drill: Drill) -> str:
    """Who could approve a wave of it that nobody is asked about yet."""
    return anyone_of(could_approve(drill)) or "nobody"


def approvers(drill: Drill, asked: ApprovalRound) -> str:
    """Who can still approve a wave: with four-eyes on, not who asked for the drill or started it."""
    return anyone_of(can_answer(drill, asked)) or "nobody"
