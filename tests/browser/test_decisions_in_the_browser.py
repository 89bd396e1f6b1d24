"""Who may decide, once, and what the others hear of it."""

from __future__ import annotations

from playwright.sync_api import expect

from infra.local.world import World
from tests.browser.conftest import Open
from tests.browser.window import Window


def test_whoever_started_the_drill_is_refused_as_its_approver_and_nobody_else_sees_that(
    open_window: Open,
) -> None:
    linus = open_window("Linus")
    linus.start()
    linus.open_thread()
    linus.press(linus.replies, "Approve wave 2", "Approve")
    refusal = linus.thread.get_by_text("its plan wants a second pair of eyes")
    expect(refusal).to_be_visible()
    grace = open_window("Grace")
    grace.open_thread()
    expect(grace.replies.get_by_role("button", name="Approve wave 2")).to_be_visible()
    expect(grace.page.get_by_text("its plan wants a second pair of eyes")).to_have_count(0)


def test_an_outsider_is_told_who_may(open_window: Open, ada: Window) -> None:
    mallory = open_window("Mallory")
    mallory.type("/drs drill payments")
    expect(mallory.channel.get_by_text("You may not drill payments.")).to_be_visible()
    expect(ada.page.get_by_text("You may not drill payments.")).to_have_count(0)


def test_a_double_click_is_one_decision_and_the_second_is_told_so(ada: Window, world: World) -> None:
    ada.propose()
    ada.card.get_by_role("button", name="Cancel drill").dblclick()
    expect(ada.channel.get_by_text("This drill has ended (withdrawn")).to_be_visible()
    expect(ada.card.get_by_text("Cancelled").first).to_be_visible()
    assert [drill.outcome for drill in world.drills()] == ["withdrawn"]


def test_of_two_people_who_start_at_once_one_starts_and_the_other_hears_who(
    ada: Window, open_window: Open, world: World
) -> None:
    ada.propose()
    linus = open_window("Linus")
    for window in (ada, linus):
        window.card.get_by_role("button", name="Start drill").click()
    # Both have the dialog open: the card changes behind Linus's, and it stays.
    ada.dialog.get_by_role("button", name="Start", exact=True).click()
    expect(linus.card.get_by_text("Launching wave 1")).to_be_visible()
    linus.dialog.get_by_role("button", name="Start", exact=True).click()
    expect(linus.page.get_by_text("Already started by")).to_be_visible()
    assert len([drill for drill in world.drills() if drill.started_at]) == 1


def test_a_drill_is_asked_for_from_the_app_home(ada: Window) -> None:
    ada.page.get_by_role("button", name="DRS Drill Bot").click()
    home = ada.page.get_by_role("region", name="App Home")
    home.get_by_role("button", name="Drill", exact=True).first.click()  # the only overdue plan stands first
    ada.press(home, "Start drill", "Start")
    ada.page.get_by_role("button", name="# drills").click()
    expect(ada.card.get_by_text("Launching wave 1 of 3")).to_be_visible()
