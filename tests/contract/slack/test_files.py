"""Files in threads: uploaded, found again by their names, and what is told when that fails."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.slack import SlackChannel
from bot.application.ports.slack import Attachment, Message, SlackError
from infra.local.slack.server import SlackServer
from tests.contract.slack.rigs import CHANNEL, Rig

CARD = Message(key="payments-1:card", text="Ready.", blocks='[{"type":"divider","block_id":"line"}]')
FILE = Attachment(
    name="payments-1-findings.csv",
    title="2 findings of payments-1",
    text="All 2 findings.",
    content="\ufeffseverity,what was found\r\nwarning,“odd” & more\r\n".encode(),
)
OTHER = replace(FILE, name="payments-1-findings-2.csv")


def card(rig: Rig) -> str:
    return rig.channel.post(CHANNEL, CARD, None)


def test_a_file_stands_in_the_thread_as_it_was_written(rig: Rig) -> None:
    thread = card(rig)
    rig.channel.attach(CHANNEL, FILE, thread)
    assert rig.files() == [(FILE.name, FILE.title, FILE.content, thread)]


def test_a_file_is_found_by_its_name_in_its_thread_alone(rig: Rig) -> None:
    thread, elsewhere = card(rig), card(rig)
    assert rig.channel.find_file(CHANNEL, FILE.name, thread) is None
    rig.channel.attach(CHANNEL, OTHER, thread)
    rig.chatter(205, thread)
    wanted = rig.channel.attach(CHANNEL, FILE, thread)
    assert rig.channel.find_file(CHANNEL, FILE.name, thread) == wanted
    assert rig.channel.find_file(CHANNEL, OTHER.name, thread) not in {None, wanted}
    assert rig.channel.find_file(CHANNEL, FILE.name, elsewhere) is None


def test_an_upload_whose_answer_was_lost_is_unclear_and_can_be_found(rig: Rig) -> None:
    thread = card(rig)
    rig.lose_next_answer("files.completeUploadExternal")
    with pytest.raises(SlackError) as lost:
        rig.channel.attach(CHANNEL, FILE, thread)
    assert lost.value.is_unclear
    assert len(rig.files()) == 1
    assert rig.channel.find_file(CHANNEL, FILE.name, thread)


def test_too_many_uploads_are_told_how_long_to_wait(rig: Rig) -> None:
    thread = card(rig)
    rig.limit_next_call(7)
    with pytest.raises(SlackError) as limited:
        rig.channel.attach(CHANNEL, FILE, thread)
    assert limited.value.retry_after == timedelta(seconds=7)
    assert rig.files() == []


def test_a_slack_that_does_not_answer_leaves_it_unclear(rig: Rig) -> None:
    thread = card(rig)
    rig.go_down()
    with pytest.raises(SlackError) as down:
        rig.channel.attach(CHANNEL, FILE, thread)
    assert down.value.is_unclear


def test_there_is_no_file_without_its_thread(rig: Rig) -> None:
    thread = card(rig)
    rig.delete(thread)
    with pytest.raises(SlackError) as gone:
        rig.channel.attach(CHANNEL, FILE, thread)
    assert gone.value.is_gone
    assert rig.files() == []


def test_a_file_of_the_same_name_from_somebody_else_is_not_ours(slack: SlackServer) -> None:
    channel = SlackChannel(slack.state.app.bot_token, slack.api_url)
    thread = channel.post(CHANNEL, CARD, None)
    theirs = slack.state.files.announce(FILE.name, 1)
    slack.state.files.receive(theirs.id, b"x")
    slack.state.messages.post(
        CHANNEL, "U0ADA", slack.state.messages.get(CHANNEL, thread).content, thread_ts=thread, files=(theirs.id,)
    )
    assert channel.find_file(CHANNEL, FILE.name, thread) is None


def test_an_upload_is_made_in_three_steps_and_none_is_made_twice(slack: SlackServer) -> None:
    channel = SlackChannel(slack.state.app.bot_token, slack.api_url)
    thread = channel.post(CHANNEL, CARD, None)
    channel.attach(CHANNEL, FILE, thread)
    steps = [call.method for call in slack.calls() if call.method.startswith("files.")]
    assert steps == ["files.getUploadURLExternal", "files.completeUploadExternal"]
