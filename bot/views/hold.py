"""A hold: what went wrong in plain words, DRS's own words, the choices; afterwards who decided what and when."""

from __future__ import annotations

from bot.application.ports.slack import Message
from bot.domain.actions import possible
from bot.domain.approval import Action, mention
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.drill_parts import Hold
from bot.domain.person import Person
from bot.domain.states import HoldDecision, WaveState
from bot.domain.wave_run import WaveRun
from bot.views import blocks, buttons
from bot.views.action_ids import ButtonValue
from bot.views.advice import advice
from bot.views.blocks import Block
from bot.views.hold_words import WORDS_LENGTH, decision, in_other_words, reason, retry_means, skip_means
from bot.views.naming import operators, server_name
from bot.views.text import clock, count, listed, quoted

NAMES_SHOWN = 10


def hold(drill: Drill, topic: Topic) -> Message | None:
    """The hold as it stands now; `topic.number` counts the drill's holds from 1."""
    held = next((each for each in drill.holds if each.number == topic.number), None)
    if held is None:
        return None
    if held.is_requested and held.by:
        return (_requested if held.is_open else _requested_over)(drill, topic, held, held.by)
    why = reason(drill, held)
    if held.decision:
        return _decided(drill, topic, held, why)
    wave = drill.wave(held.wave)
    choices = [
        f"*Retry* {retry_means(held, wave)}." if Action.RETRY in possible(drill) else _spent(wave),
        f"*Skip wave* {skip_means(wave)}.{_some(wave)}",
        "*Abort drill* ends it and terminates what was launched.",
    ]
    shown = [
        blocks.section("hold", f"⛔ *On hold: {operators(drill)} must decide*", why, in_other_words(held)),
        *_advice(held),
        blocks.section("choices", *choices),
        *blocks.actions("actions", _buttons(drill, held)),
    ]
    return blocks.message(drill, topic, f"On hold: somebody must decide. {why}", shown)


def _some(wave: WaveRun) -> str:
    are_several = wave.state is WaveState.FAILED and len(wave.failed(critical=True)) > 1
    return " Its form can leave out single servers instead." if are_several else ""


def _spent(wave: WaveRun) -> str:
    return f"No *Retry*: it was launched {count(wave.attempt, 'time')}, which is all that the plan allows."


def _advice(held: Hold) -> list[Block]:
    return [blocks.section("advice", told)] if (told := advice(held)) else []


def _requested(drill: Drill, topic: Topic, held: Hold, by: Person) -> Message:
    """Nothing went wrong: somebody wanted a pause."""
    value = ButtonValue(drill=drill.id, hold=held.number)
    means = (
        "Nothing more is launched. DRS jobs that run are followed to their end, and no time limit for approvals runs.",
        f"*Resume*, by {operators(drill)}, goes on where the drill was.",
    )
    shown = [
        blocks.section("hold", f"⏸️ *On hold*, {_asked_for(held, by)}", quoted(held.detail, WORDS_LENGTH)),
        blocks.section("choices", *means),
        *blocks.actions("actions", [buttons.resume(value), buttons.abort(drill, ButtonValue(drill=drill.id))]),
    ]
    return blocks.message(drill, topic, "On hold: somebody asked for it.", shown)


def _requested_over(drill: Drill, topic: Topic, held: Hold, by: Person) -> Message:
    asked = f"The hold was {_asked_for(held, by)}."
    shown = [blocks.section("hold", _who_decided(held), asked, quoted(held.detail, WORDS_LENGTH))]
    return blocks.message(drill, topic, f"The hold is over: somebody decided to {decision(held)}.", shown)


def _asked_for(held: Hold, by: Person) -> str:
    return f"asked for by {mention(by.user_id)} at {clock(held.since)}"


def _buttons(drill: Drill, held: Hold) -> list[Block]:
    wave, value = drill.wave(held.wave), ButtonValue(drill=drill.id, hold=held.number)
    offered = {
        Action.RETRY: buttons.retry(held, wave, value),
        Action.SKIP: buttons.skip(value),
        Action.ABORT: buttons.abort(drill, ButtonValue(drill=drill.id)),
    }
    return [shown for action, shown in offered.items() if action in possible(drill)]


def _decided(drill: Drill, topic: Topic, held: Hold, why: str) -> Message:
    words = (quoted(held.why, WORDS_LENGTH), why, in_other_words(held))
    named = [blocks.context("left-out", _left_out(drill, held))] if held.left_out else []
    shown = [blocks.section("hold", _who_decided(held), *words), *named]
    is_overtaken = held.decision is HoldDecision.OVERTAKEN
    over = "the DRS jobs have ended" if is_overtaken else f"somebody decided to {decision(held)}"
    return blocks.message(drill, topic, f"The hold is over: {over}. {why}", shown)


def _who_decided(held: Hold) -> str:
    if held.decision is HoldDecision.OVERTAKEN and held.decided_at:
        return f"☑️ *The DRS jobs have ended after all: the drill goes on by itself* at {clock(held.decided_at)}"
    who = f"{mention(held.decided_by.user_id)} decided" if held.decided_by else "It was decided"
    when = f" at {clock(held.decided_at)}" if held.decided_at else ""
    return f"☑️ *{who} to {decision(held)}*{when}"


def _left_out(drill: Drill, held: Hold) -> str:
    names = [server_name(server) for server in drill.wave(held.wave).servers if server.id in held.left_out]
    return f"Left out: {listed(names, NAMES_SHOWN)}"
