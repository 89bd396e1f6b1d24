"""The checks of a wave: how far they are, in a line each; and the question to people, with its buttons."""

from __future__ import annotations

from bot.application.ports.slack import Message
from bot.domain.approval import Action, mention
from bot.domain.checks import CheckRound, CheckRun, CheckState, RoundPurpose
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.duties import can_operate
from bot.domain.launch import ServerRun
from bot.domain.rounds_of_checks import number_of
from bot.domain.wave_run import WaveRun
from bot.views import blocks, buttons
from bot.views.action_ids import ButtonValue
from bot.views.blocks import Block
from bot.views.naming import server_name, topic_wave, wave_first
from bot.views.text import anyone_of, clock, count, escape, moment, quoted, raw

TITLE_LENGTH = 150
SAID_LENGTH = 200
RUNS_SHOWN = 3
"""So many servers of a check that have not passed are told by name."""
WORDS_LENGTH = 700
_ICONS = {CheckState.OPEN: "⏳", CheckState.PASSED: "✅", CheckState.FAILED: "❌"}


def check_blocks(wave: WaveRun, purpose: RoundPurpose) -> list[Block]:
    """How far the newest round of checks for a purpose is; no block where there was none."""
    newest = next((each for each in reversed(wave.checks) if each.purpose is purpose), None)
    return blocks.sections(f"checks-{purpose}", check_lines(wave, newest)) if newest else []


def check_lines(wave: WaveRun, newest: CheckRound) -> list[str]:
    """A line for each check, and below it the few servers that it has not passed on."""
    lines = []
    for number, check in enumerate(newest.checks, start=1):
        runs = [run for run in newest.runs if run.number == number]
        if runs:
            title = escape(check.title, TITLE_LENGTH)
            lines += [f"{_icon(newest, runs)} {title}{_how_far(newest, runs)}", *_not_passed(wave, newest, runs)]
    return lines


def _icon(newest: CheckRound, runs: list[CheckRun]) -> str:
    states = {run.state for run in runs}
    worst = next(state for state in (CheckState.FAILED, CheckState.OPEN, CheckState.PASSED) if state in states)
    if worst is CheckState.OPEN and newest.is_manual(runs[0]):
        return "✋" if newest.asked_at else "▫️"
    if worst is CheckState.FAILED and not newest.is_critical(runs[0]):
        return "⚠️"
    return "▫️" if worst is CheckState.OPEN and newest.ended_at else _ICONS[worst]


def _how_far(newest: CheckRound, runs: list[CheckRun]) -> str:
    optional = "" if newest.is_critical(runs[0]) else " (optional)"
    if runs[0].server_id is None:
        return optional
    passed = sum(run.state is CheckState.PASSED for run in runs)
    return f"{optional} · {passed} of {count(len(runs), 'server')}"


def _not_passed(wave: WaveRun, newest: CheckRound, runs: list[CheckRun]) -> list[str]:
    left = sorted((run for run in runs if run.state is not CheckState.PASSED and run.said), key=lambda run: run.state)
    shown = [f">{_on(wave, run)}{_said(newest, run)}" for run in left[:RUNS_SHOWN]]
    more = len(left) - RUNS_SHOWN
    return [*shown, f"> and {count(more, 'more server')}"] if more > 0 else shown


def _on(wave: WaveRun, run: CheckRun) -> str:
    server = _server(wave, run)
    return f" {server_name(server)}:" if server else ""


def _server(wave: WaveRun, run: CheckRun) -> ServerRun | None:
    return next((server for server in wave.servers if server.id == run.server_id), None)


def _said(newest: CheckRound, run: CheckRun) -> str:
    if run.by:
        return f" {mention(run.by.user_id)}: {quoted(run.said, WORDS_LENGTH)}"
    is_tried_again = run.state is CheckState.OPEN and newest.ended_at is None and run.ref is None
    return f" {escape(run.said.removesuffix('.'), SAID_LENGTH)}{'; tried again' if is_tried_again else ''}"


def confirmation(drill: Drill, topic: Topic) -> Message | None:
    """The question whether something is the case, as it stands now; it has buttons only while it can be answered."""
    wave = topic_wave(drill, topic)
    for checking in wave.checks if wave else ():
        for run in checking.runs:
            if wave and checking.asked_at and number_of(checking, run) == topic.number:
                return _question(drill, topic, wave, checking, run)
    return None


def _question(drill: Drill, topic: Topic, wave: WaveRun, checking: CheckRound, run: CheckRun) -> Message:
    title = escape(checking.check(run).title, TITLE_LENGTH)
    named = wave_first(drill, wave)
    if run.state is CheckState.OPEN and checking.ended_at is None:
        who, until = anyone_of(can_operate(drill, Action.CONFIRM)), moment(checking.due(run))
        value = ButtonValue(drill=drill.id, wave=wave.number, round=checking.number, check=run.number)
        shown = [
            blocks.section("confirmation", f"✋ *{named}: {title}?*", f"{who} can say so until {until}."),
            *blocks.actions("actions", [buttons.confirm_check(value), buttons.deny_check(value)]),
        ]
        return blocks.message(drill, topic, f"{named}: {title}? Somebody must confirm it.", shown)
    told, words = _answered(run), quoted(run.said, WORDS_LENGTH) if run.by else raw(run.said, SAID_LENGTH)
    shown = [blocks.section("confirmation", f"{told} *{named}: {title}*{_by(run)}", words if run.said else "")]
    return blocks.message(drill, topic, f"{named}: {title}. {_IN_WORDS[run.state]}.", shown)


def _answered(run: CheckRun) -> str:
    return "▫️" if run.state is CheckState.OPEN else _ICONS[run.state]


_IN_WORDS = {
    CheckState.OPEN: "Nobody has to answer any more",
    CheckState.PASSED: "Confirmed",
    CheckState.FAILED: "Not confirmed",
}


def _by(run: CheckRun) -> str:
    said = "confirmed" if run.state is CheckState.PASSED else "denied"
    return f", {said} by {mention(run.by.user_id)} at {clock(run.ended_at)}" if run.by and run.ended_at else ""
