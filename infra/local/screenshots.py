"""`make screenshots`: the README's pictures, taken from the page itself while a drill of payments runs.

Needs a Chromium (its path in CHROMIUM) and the dependency group `browser`.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from playwright.sync_api import Locator, Page, sync_playwright

from bot.domain.afterwards import REPORT
from bot.domain.drill import Drill
from infra.local.evidence import shelf_of
from infra.local.page.server import PageServer
from infra.local.world import PROJECT, World

IMAGES = PROJECT / "docs" / "images"
SPEED = 120
PATIENCE = 60_000
"""Milliseconds."""
# As root, Chromium starts only without its sandbox; it opens nothing but the page.
SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


@dataclass(frozen=True, slots=True)
class Photographer:
    """Plays the people of a drill, and takes pictures between."""

    page: Page
    folder: Path

    def take(self, name: str, of: Locator | None = None) -> None:
        """A picture of the whole page, or of a part of it."""
        self.page.mouse.move(0, 0)
        shot: Callable[..., bytes] = of.screenshot if of else self.page.screenshot
        shot(path=self.folder / f"{name}.png", animations="disabled")
        print(f"{name}.png")

    def become(self, user: str) -> None:
        """Be somebody else."""
        self.page.get_by_label("You are").select_option(user)

    def press(self, button: str, answer: str | None = None, place: Locator | None = None) -> None:
        """Click a button, and answer the dialog that asks back."""
        (place or self.page).get_by_role("button", name=button).first.click()
        if answer:
            self.page.get_by_role("dialog").get_by_role("button", name=answer, exact=True).click()

    @property
    def card(self) -> Locator:
        """The drill's card in the channel."""
        return self.page.get_by_role("log", name="Messages").locator(".message").filter(has_text="DRILL").last

    @property
    def thread(self) -> Locator:
        """The thread pane."""
        return self.page.get_by_role("complementary", name="Thread")

    @property
    def replies(self) -> Locator:
        """The messages below the card, which has the same buttons."""
        return self.thread.get_by_role("article").filter(has_not=self.page.get_by_role("heading"))

    def play(self) -> None:
        """A drill from the command to the last terminated instance."""
        composer = self.page.get_by_role("combobox", name="Message #drills")
        composer.fill("/drs drill payments")
        composer.press("Enter")
        self.card.get_by_role("button", name="Start drill").wait_for()
        self.take("card", self.card)
        self.press("Start drill", "Start")
        self.become("U0GRACE001")
        self.card.locator(".replies").click()
        self.replies.get_by_role("button", name="Approve wave 2").wait_for()
        self.take("workspace")
        approval = self.thread.locator(".message").filter(has_text="needs approval").last
        self.take("approval", approval)
        self.press("DRS Drill Bot")
        self.page.get_by_text("Waiting for you").wait_for()
        self.take("app-home", self.page.get_by_role("region", name="App Home"))
        self.press("# drills")
        self.card.locator(".replies").click()
        for wave in (2, 3):
            self.press(f"Approve wave {wave}", "Approve", self.replies)
            self.page.get_by_text(re.compile(f"Wave {wave} of 3 .* launched in")).first.wait_for()
        self.thread.get_by_text("SHA-256 of the evidence").wait_for()
        self.page.set_viewport_size({"width": 1800, "height": 2400})
        self.take("thread", self.thread)


def first_page(world: World, folder: Path) -> None:
    """The first page of the report that the drill has left, in few colours, as a page has few."""
    content = shelf_of(world).get(f"{_place(world.drills()[-1])}{REPORT}")
    page = pypdfium2.PdfDocument(content)[0].render(scale=1.5).to_pil()
    page.quantize(colors=128).save(folder / "report.png", optimize=True)
    print("report.png")


def _place(drill: Drill) -> str:
    if drill.report is None or drill.report.newest is None:
        raise LookupError(f"{drill.id} has no report")
    return drill.report.newest.place


def main() -> int:
    """Take them all; the exit status."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with World(speed=SPEED) as world, PageServer(world) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=SWITCHES)
        context = browser.new_context(
            viewport={"width": 1280, "height": 800}, locale="en-GB", timezone_id="UTC", reduced_motion="reduce"
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(server.url)
        Photographer(page, IMAGES).play()
        first_page(world, IMAGES)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
