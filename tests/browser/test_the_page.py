"""The page itself: how quick it is, files, payloads, what Slack says when the bot is late."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from slack_sdk import WebClient

from infra.local.aws.ministack import Ministack
from infra.local.slack.records import Content
from infra.local.world import World
from tests.browser.window import Window
from tests.fakes.bots import late_bot

CHANNEL = "C0DRILLS01"
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)


@pytest.fixture(scope="module")
def world(ministack: Ministack) -> Iterator[World]:
    """One for all: no drill is started here."""
    with World(ministack=ministack) as world:
        yield world


def client(world: World) -> WebClient:
    return WebClient(token=world.slack.state.app.bot_token, base_url=world.slack.api_url)


def test_what_the_bot_says_is_on_the_page_within_200_milliseconds(ada: Window, world: World) -> None:
    took = []
    for number in range(5):
        words = f"message number {number}"
        seen = ada.page.evaluate_handle(
            """words => ({at: new Promise(done => {
                 const look = () => document.body.innerText.includes(words) && (watch.disconnect(), done(Date.now()));
                 const watch = new MutationObserver(look);
                 watch.observe(document.body, {childList: true, subtree: true, characterData: true});
               })})""",
            words,
        )
        arrived = time.time() * 1000
        world.slack.state.messages.post(CHANNEL, world.slack.state.app.bot_user, Content(words))
        took.append(ada.page.evaluate("async seen => await seen.at", seen) - arrived)
    # The quickest of five: what else this machine does at the time is not the page's.
    assert min(took) < 200


def test_a_picture_is_shown_and_a_file_is_downloaded_byte_for_byte(ada: Window, world: World) -> None:
    slack = client(world)
    slack.files_upload_v2(channel=CHANNEL, filename="timeline.png", title="The timeline", content=PIXEL)
    picture = ada.channel.get_by_role("img", name="The timeline")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 1
    slack.files_upload_v2(channel=CHANNEL, filename="report.pdf", title="The report", content=b"%PDF-1.7 made up")
    with ada.page.expect_download() as download:
        ada.channel.get_by_role("link", name="The report").click()
    assert download.value.suggested_filename == "report.pdf"
    assert Path(download.value.path()).read_bytes() == b"%PDF-1.7 made up"


def test_the_raw_payload_shows_each_revision_and_a_message_can_be_deleted(ada: Window, world: World) -> None:
    slack = client(world)
    ts = str(slack.chat_postMessage(channel=CHANNEL, text="first words")["ts"])
    slack.chat_update(channel=CHANNEL, ts=ts, text="second words")
    message = ada.channel.locator(".message").last
    expect(message).to_contain_text("(edited)")
    message.hover()
    ada.press(message, "More actions on this message")
    ada.page.get_by_role("menuitem", name="Raw payload").click()
    expect(ada.dialog).to_contain_text('"text": "second words"')
    ada.dialog.get_by_label("What is shown").select_option("0")
    expect(ada.dialog).to_contain_text('"text": "first words"')
    ada.dialog.get_by_role("button", name="Close").click()
    ada.press(message, "More actions on this message")
    ada.page.get_by_role("menuitem", name="Delete message").click()
    expect(ada.page.get_by_text("second words")).to_have_count(0)


def test_threads_have_no_slash_commands_as_in_slack(ada: Window, world: World) -> None:
    client(world).chat_postMessage(channel=CHANNEL, text="a root")
    message = ada.channel.locator(".message").last
    message.hover()
    ada.press(message, "Open thread")
    reply = ada.thread.get_by_role("combobox", name="Reply…")
    reply.fill("/drs")
    expect(ada.offered).to_have_count(0)
    reply.press("Enter")
    expect(ada.page.get_by_text("/drs is not supported in threads. Sorry!")).to_be_visible()


def test_a_bot_that_is_late_gets_slacks_own_notice(ada: Window, world: World) -> None:
    with late_bot(world):
        ada.type("/drs plans")
        failed = ada.channel.get_by_text('/drs failed with the error "operation_timeout"')
        expect(failed).to_be_visible()
    ada.channel.get_by_role("button", name="Dismiss message").click()
    expect(failed).to_have_count(0)


def test_a_pause_stops_the_worlds_time(ada: Window, world: World) -> None:
    ada.panel.get_by_role("button", name="Pause").click()
    expect(ada.panel.get_by_text(re.compile("paused"))).to_be_visible()
    then = world.now()
    assert world.now() == then
    faster = ada.panel.get_by_role("button", name="300")
    faster.click()
    expect(faster).to_have_attribute("aria-pressed", "true")
    assert world.clock.speed == 300
