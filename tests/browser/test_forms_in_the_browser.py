"""The bot's own forms on the page: what is written or chosen in them, and what a person reads when it is refused."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from infra.local.world import World
from tests.browser.conftest import AXE, Open
from tests.browser.window import Window


def form(window: Window, title: str) -> Locator:
    return window.page.get_by_role("dialog", name=title)


def test_a_wave_is_rejected_with_a_comment_that_everybody_reads(ada: Window, open_window: Open) -> None:
    ada.start()
    grace = open_window("Grace")
    grace.open_thread()
    grace.press(grace.replies, "Reject wave 2")
    rejecting = form(grace, "Reject wave 2")
    expect(rejecting.get_by_text("Nothing of wave 2 of 3 (Application) is launched.")).to_be_visible()
    assert grace.violations(AXE.read_text(), "dialog") == []
    rejecting.get_by_role("button", name="Reject").click()
    expect(rejecting.get_by_role("alert")).to_have_text("Please complete this required field.")
    rejecting.get_by_label("Why?").fill("   ")
    rejecting.get_by_role("button", name="Reject").click()
    expect(rejecting.get_by_role("alert")).to_have_text("Your comment is missing.")
    rejecting.get_by_label("Why?").fill("The month-end close still runs.")
    rejecting.get_by_role("button", name="Reject").click()
    expect(grace.page.get_by_role("dialog")).to_have_count(0)
    ada.open_thread()
    expect(ada.thread.get_by_text("“The month-end close still runs.”").first).to_be_visible()


def test_the_shortcut_offers_in_a_thread_what_one_can_do(ada: Window, open_window: Open, world: World) -> None:
    ada.start()
    grace = open_window("Grace")
    grace.open_thread()
    expect(grace.replies.get_by_role("button", name="Approve wave 2")).to_be_visible()
    message = grace.thread.get_by_role("article").filter(has_text="Started by").first
    message.hover()
    message.get_by_role("button", name="More actions on this message").click()
    grace.page.get_by_role("menuitem", name="Drill actions").click()
    choosing = form(grace, "Drill actions")
    expect(choosing.get_by_role("radio")).to_have_count(4)
    assert grace.violations(AXE.read_text(), "dialog") == []
    choosing.get_by_role("radio", name=re.compile("^Abort drill")).check()
    choosing.get_by_role("button", name="Go on").click()
    aborting = form(grace, "Abort this drill?")
    expect(aborting.get_by_text("This cannot be undone.")).to_be_visible()
    aborting.get_by_role("button", name="Not now").click()
    choosing.get_by_role("radio", name=re.compile("^Hold")).check()
    choosing.get_by_role("button", name="Go on").click()
    form(grace, "Hold this drill").get_by_role("button", name="Hold", exact=True).click()
    expect(grace.page.get_by_role("dialog")).to_have_count(0)
    expect(grace.card.get_by_text("On hold").first).to_be_visible()
    assert [bool(drill.hold) for drill in world.drills()] == [True]


def test_a_plan_is_picked_with_a_time_in_ones_own_time_zone(ada: Window, world: World) -> None:
    ada.type("/drs drill")
    picking = form(ada, "New drill")
    expect(picking).to_be_visible()
    assert ada.violations(AXE.read_text(), "dialog") == []
    picking.get_by_label("Plan", exact=True).select_option("payments")
    picking.get_by_role("radio", name=re.compile("^Newest before")).check()
    picking.get_by_role("button", name="Check and offer Start").click()
    expect(picking.get_by_role("alert")).to_contain_text("Choose the day and the time")
    earlier = f"{world.now():%Y-%m-%dT00:00}"
    picking.get_by_label("Before which time").fill(earlier)
    picking.get_by_role("button", name="Check and offer Start").click()
    coming = form(ada, "On its way")
    expect(coming.get_by_text("Its card is on the way")).to_be_visible()
    coming.get_by_role("button", name="Close").last.click()
    (drill,) = world.drills()
    assert f"{drill.launch_point.at:%Y-%m-%dT%H:%M}" == earlier  # type: ignore[union-attr]  # it was chosen to be one
