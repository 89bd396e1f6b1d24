"""A request to approve a wave: who may, how many are needed and have, until when; afterwards who decided."""

from __future__ import annotations

from datetime import datetime

from bot.application.ports.slack import Message
from bot.domain.approval import Action, mention
from bot.domain.approval_round import ApprovalRound
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.durations import spell
from bot.domain.offers import offers
from bot.domain.states import HoldReason
from bot.domain.wave_run import WaveRun
from bot.views import blocks, buttons
from bot.views.blocks import Block
from bot.views.naming import BARRED, approvers, server_name, topic_wave, wave_first
from bot.views.text import bullets, clock, count, everyone_of, listed, moment, quoted

SERVERS_SHOWN = 10
COMMENTS_SHOWN = 4
COMMENT_LENGTH = 600


def approval(drill: Drill, topic: Topic) -> Message | None:
    """The request as it stands now; it has buttons only while this very round can be approved."""
    wave = topic_wave(drill, topic)
    asked = next((each for each in wave.rounds if each.number == topic.number), None) if wave else None
    if wave is None or asked is None:
        return None
    if asked.closed_at:
        return _closed(drill, topic, wave, asked, asked.closed_at)
    return _open(drill, topic, wave, asked)


def _open(drill: Drill, topic: Topic, wave: WaveRun, asked: ApprovalRound) -> Message:
    left = asked.needed - len(asked.given)
    named = wave_first(drill, wave)
    again = " again" if asked.number > 1 else ""
    turn = f"{count(left, 'approval')} still needed" if asked.given else f"{count(left, 'approval')} needed"
    rule = f" {BARRED}" if drill.plan.access.bars_whoever_starts else ""
    shown = [
        blocks.section(
            "request",
            f"✋ *{named} needs approval{again}*",
            f"{count(len(wave.servers), 'server')} would be launched: {_servers(wave)}.",
            f"{turn}, from {approvers(drill, asked)}, {_until(drill, asked)}.{rule}",
        ),
        *_comments(asked),
        blocks.context("given", _so_far(asked) + _while_on_hold(drill)),
        *blocks.actions("actions", _buttons(drill, wave, asked)),
    ]
    return blocks.message(drill, topic, f"{named} needs approval{again}: {turn}.", shown)


def _servers(wave: WaveRun) -> str:
    return listed([server_name(server) for server in wave.servers], SERVERS_SHOWN)


def _so_far(asked: ApprovalRound) -> str:
    given = ", ".join(f"{mention(one.by.user_id)} at {clock(one.at)}" for one in asked.given)
    return f"{len(asked.given)} of {asked.needed} so far" + (f": {given}" if given else "")


def _until(drill: Drill, asked: ApprovalRound) -> str:
    """The time stands still on hold."""
    if drill.hold is None:
        return f"until {moment(asked.expires_at)}"
    return f"with {spell(asked.expires_at - drill.hold.since)} left when the drill goes on"


def _comments(asked: ApprovalRound) -> list[Block]:
    """What those who approved had to say."""
    said = [f"{mention(one.by.user_id)}: {quoted(one.comment, COMMENT_LENGTH)}" for one in asked.given if one.comment]
    return [blocks.section("comments", bullets(said, COMMENTS_SHOWN))] if said else []


def _while_on_hold(drill: Drill) -> str:
    return " · The drill is on hold: this can be approved when it goes on." if drill.hold else ""


def _buttons(drill: Drill, wave: WaveRun, asked: ApprovalRound) -> list[Block]:
    offered = [each for each in offers(drill) if (each.wave, each.round) == (wave.number, asked.number)]
    stops = [each for each in offers(drill) if each.action is Action.ABORT]
    return buttons.row(drill, [*offered, *stops]) if offered else []


def _closed(drill: Drill, topic: Topic, wave: WaveRun, asked: ApprovalRound, at: datetime) -> Message:
    named = wave_first(drill, wave)
    if asked.broken:
        who, given = mention(asked.broken.by.user_id), f"{len(asked.given)} of {asked.needed} had approved."
        told = f"🚨 *{named}: launched without its approvals*, by break-glass of {who} at {clock(at)}. {given}"
        read = f"{named} was launched without its approvals."
    elif asked.is_met:
        who = everyone_of([one.by.user_id for one in asked.given])
        told, read = f"✅ *{named}: approved* by {who} at {clock(at)}.", f"{named} was approved."
    else:
        why, read = _not_approved(drill, wave, asked)
        given = f" {_so_far(asked)}." if asked.given else ""
        told = why + given
    return blocks.message(drill, topic, read, [blocks.section("request", told), *_comments(asked)])


def _not_approved(drill: Drill, wave: WaveRun, asked: ApprovalRound) -> tuple[str, str]:
    named = wave_first(drill, wave)
    if asked.rejected:
        who, words = mention(asked.rejected.by.user_id), quoted(asked.rejected.comment, COMMENT_LENGTH)
        told = f"✖️ *{named}: rejected* by {who} at {clock(asked.rejected.at)}: {words}"
        return told, f"{named} was rejected."
    if drill.aborted_at and asked.closed_at == drill.aborted_at and drill.aborted_by:
        who = mention(drill.aborted_by.user_id)
        return (
            f"🛑 *{named}: not approved*, the drill was aborted by {who}.",
            f"{named} was not approved: the drill was aborted.",
        )
    expired = any(hold.reason is HoldReason.APPROVAL_EXPIRED and hold.since == asked.closed_at for hold in drill.holds)
    if expired:
        until = moment(asked.expires_at)
        return f"⌛ *{named}: not approved in time*, which was {until}.", f"{named} was not approved in time."
    return f"✖️ *{named}: the request was closed* without approval.", f"{named} was not approved."
