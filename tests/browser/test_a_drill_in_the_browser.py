"""A drill, by clicking as people do."""

from __future__ import annotations

from playwright.sync_api import expect

from infra.local.world import World
from tests.browser.conftest import Open
from tests.browser.window import Window


def test_a_whole_drill_from_the_slash_to_the_last_terminated_instance(
    ada: Window, open_window: Open, world: World
) -> None:
    ada.composer.press_sequentially("/dr")
    expect(ada.offered).to_have_text(["/drs Disaster recovery drills"])
    ada.composer.press("Tab")
    ada.composer.press_sequentially("drill payments")
    ada.composer.press("Enter")
    expect(ada.channel.get_by_text("Only visible to you")).to_be_visible()
    expect(ada.channel.get_by_text("Checking whether the drill of")).to_be_visible()
    ada.press(ada.card, "Start drill", "Start")
    expect(ada.card.get_by_text("Launching wave 1 of 3")).to_be_visible()

    grace = open_window("Grace")
    expect(grace.channel.get_by_text("Only visible to you")).to_have_count(0)
    grace.open_thread()
    grace.approve(2)
    grace.approve(3)
    expect(grace.card.get_by_text("Every drill instance is terminated.")).to_be_visible()
    expect(grace.card.get_by_role("button", name="Abort drill")).to_have_count(0)
    expect(grace.thread.get_by_text("All 6 drill instances are gone.")).to_be_visible()
    expect(ada.card.get_by_text("Passed").first).to_be_visible()
    assert world.drills()[-1].outcome == "passed"
    assert world.running_instances() == []


def test_a_failing_server_holds_the_drill_and_a_retry_lets_it_pass(
    ada: Window, open_window: Open, world: World
) -> None:
    ada.panel.get_by_label("Server", exact=True).select_option(label="ledger-db-1 (payments, wave 1)")
    ada.panel.get_by_label("Launch fails").click()
    expect(ada.panel.get_by_label("Launch fails")).to_be_checked()
    ada.start()
    expect(ada.card.get_by_text("On hold").first).to_be_visible()
    ada.panel.get_by_role("button", name="Mend everything").click()
    expect(ada.panel.get_by_label("Launch fails")).not_to_be_checked()
    ada.open_thread()
    ada.press(ada.replies, "Retry", "Retry")
    grace = open_window("Grace")
    grace.open_thread()
    grace.approve(2)
    grace.approve(3)
    expect(grace.card.get_by_text("Every drill instance is terminated.")).to_be_visible()
    assert world.drills()[-1].outcome == "passed"


def test_a_wave_is_approved_from_the_app_home(ada: Window, open_window: Open, world: World) -> None:
    ada.start()
    grace = open_window("Grace")
    grace.page.get_by_role("button", name="DRS Drill Bot").click()
    home = grace.page.get_by_role("region", name="App Home")
    expect(home.get_by_text("Under way")).to_be_visible()
    expect(home.get_by_role("button", name="Only check")).to_have_count(0)
    grace.press(home, "Approve wave 2", "Approve")
    expect(home.get_by_text("Waiting for approval of wave 3 of 3")).to_be_visible()
    grace.press(home, "Approve wave 3", "Approve")
    expect(home.get_by_text("No drill is under way.")).to_be_visible()
    assert world.drills()[-1].outcome == "passed"
