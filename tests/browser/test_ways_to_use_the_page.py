"""The page by keyboard, in a narrow window, and for those who do not see it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import AXE, Open
from tests.browser.window import Window


def test_everything_can_be_done_by_keyboard(ada: Window) -> None:
    keyboard = ada.page.keyboard
    keyboard.press("Tab")
    expect(ada.page.get_by_role("link", name="Skip to messages")).to_be_focused()
    keyboard.press("Enter")
    reach(ada, ada.composer)
    keyboard.type("/")
    expect(ada.offered).to_have_count(1)
    keyboard.press("Enter")
    expect(ada.composer).to_have_value("/drs ")
    keyboard.press("ArrowDown")
    keyboard.press("Enter")
    expect(ada.composer).to_have_value("/drs drill ")
    keyboard.type("payments")
    keyboard.press("Enter")
    start = ada.card.get_by_role("button", name="Start drill")
    expect(start).to_be_visible()
    reach(ada, start, "Shift+Tab")
    keyboard.press("Enter")
    expect(ada.dialog).to_be_visible()
    keyboard.press("Escape")
    expect(ada.page.get_by_role("dialog")).to_have_count(0)
    expect(start).to_be_focused()
    keyboard.press("Enter")
    reach(ada, ada.dialog.get_by_role("button", name="Start", exact=True))
    keyboard.press("Enter")
    expect(ada.card.get_by_text("Launching wave 1 of 3")).to_be_visible()


def reach(window: Window, wanted: Locator, key: str = "Tab") -> None:
    """Press a key until the focus is there."""
    for _ in range(60):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        window.page.keyboard.press(key)
    pytest.fail("the focus never comes there")


def test_in_a_narrow_window_the_sides_are_drawers_and_nothing_sticks_out(open_window: Open) -> None:
    phone = open_window(size={"width": 390, "height": 844})
    phone.propose()
    assert phone.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    expect(phone.page.get_by_role("navigation")).to_be_hidden()
    phone.page.get_by_role("button", name="Workspace").click()
    phone.become("Linus")
    phone.page.get_by_role("button", name="Workspace").click()
    phone.press(phone.card, "Start drill", "Start")
    phone.open_thread()
    expect(phone.thread.get_by_text("Started").first).to_be_visible()
    phone.thread.get_by_role("button", name="Close thread").click()
    phone.page.get_by_role("button", name="The world").click()
    expect(phone.panel.get_by_role("button", name="Pause")).to_be_visible()


def test_no_violation_of_level_a_or_aa_in_our_own_part(ada: Window) -> None:
    axe = Path(AXE).read_text()
    assert ada.violations(axe) == []
    ada.composer.press_sequentially("/drs ")
    expect(ada.offered.first).to_be_visible()
    assert ada.violations(axe) == []
    ada.composer.fill("")
    ada.start()
    ada.open_thread()
    assert ada.violations(axe) == []
    ada.panel.get_by_role("tab", name="DRS console").click()
    ada.panel.locator(".job summary").first.click()
    expect(ada.panel.get_by_role("table")).to_be_visible()
    assert ada.violations(axe) == []
    ada.card.get_by_role("button", name="Abort drill").click()
    assert ada.violations(axe) == []


def test_all_can_be_read_also_what_the_library_draws(ada: Window) -> None:
    ada.start()
    ada.type("/drs help")
    expect(ada.channel.get_by_text("/drs whoami").first).to_be_visible()
    assert ada.faint(Path(AXE).read_text()) == []
