"""A browser window with the simulated workspace in it, and what somebody does there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

PATIENCE = 30_000
"""Milliseconds after which what a story waits for is taken not to come."""


@dataclass(slots=True)
class Window:
    """One window. `complaints` are the errors and warnings that its console has had."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        # Playwright keeps a mark on the object of a bound method, which a class with slots does not take.
        self.page.on("console", lambda message: self._heard(message))  # noqa: PLW0108
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        # A refused act is a 409, which the browser itself notes; the page tells the person.
        if message.type in {"error", "warning"} and "409" not in message.text:
            self.complaints.append(message.text)

    def go(self, url: str) -> None:
        """Open the page."""
        self.page.goto(url)
        expect(self.composer).to_be_visible()

    @property
    def composer(self) -> Locator:
        """Where one writes into the channel."""
        return self.page.get_by_role("combobox", name="Message #drills")

    @property
    def offered(self) -> Locator:
        """What the composer offers behind a slash."""
        return self.page.get_by_role("listbox", name="Commands").get_by_role("option")

    @property
    def channel(self) -> Locator:
        """The channel's messages."""
        return self.page.get_by_role("log", name="Messages")

    @property
    def thread(self) -> Locator:
        """The thread pane."""
        return self.page.get_by_role("complementary", name="Thread")

    @property
    def replies(self) -> Locator:
        """The messages of the open thread below its card, which has the same buttons."""
        return self.thread.get_by_role("article").filter(has_not=self.page.get_by_role("heading"))

    @property
    def card(self) -> Locator:
        """The newest drill's card."""
        return self.channel.locator(".message:not(.ephemeral)").filter(has_text="DRILL").last

    @property
    def dialog(self) -> Locator:
        """The dialog on top."""
        return self.page.get_by_role("dialog").last

    @property
    def panel(self) -> Locator:
        """The world's panel."""
        return self.page.get_by_role("complementary", name="The world")

    def become(self, who: str) -> None:
        """Be somebody else in this window."""
        people = self.page.get_by_label("You are")
        name = re.compile(rf"^{who} ·")
        value = people.locator("option").filter(has_text=name).get_attribute("value")
        people.select_option(value)
        expect(self.channel).to_be_visible()

    def type(self, text: str) -> None:
        """Write into the channel."""
        self.composer.fill(text)
        self.composer.press("Enter")

    def press(self, where: Locator, button: str, answer: str | None = None) -> None:
        """Click a button, and then the `answer` of the dialog that asks back."""
        where.get_by_role("button", name=button).click()
        if answer:
            self.dialog.get_by_role("button", name=answer, exact=True).click()

    def propose(self) -> None:
        """Ask for a drill of payments, and wait until it can be started."""
        self.type("/drs drill payments")
        expect(self.card.get_by_role("button", name="Start drill")).to_be_visible()

    def start(self) -> None:
        """Ask for a drill and start it."""
        self.propose()
        self.press(self.card, "Start drill", "Start")
        expect(self.card.get_by_role("button", name="Abort drill")).to_be_visible()

    def open_thread(self) -> None:
        """Open the card's thread."""
        self.card.locator(".replies").click()
        expect(self.thread).to_be_visible()

    def approve(self, wave: int) -> None:
        """Approve a wave in the thread that is open."""
        self.press(self.replies, f"Approve wave {wave}", "Approve")
        approved = re.compile(rf"wave {wave} of .* was approved")
        expect(self.thread.get_by_role("article", name=approved)).to_be_visible()

    def violations(self, axe: str, *parts: str) -> list[str]:
        """What axe-core finds wrong at level A or AA in our own parts of the page: not in what the library draws."""
        self.page.evaluate(axe)
        found: dict[str, Any] = self.page.evaluate(
            """parts => axe.run({include: parts, exclude: ['#slack_blocks_to_jsx']},
                 {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})""",
            list(parts) or ["body"],
        )
        return [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]

    def faint(self, axe: str) -> list[str]:
        """What axe-core finds too faint to read on the whole page, what the library draws included."""
        self.page.evaluate(axe)
        found: dict[str, Any] = self.page.evaluate(
            "() => axe.run(document, {runOnly: {type: 'rule', values: ['color-contrast']}})"
        )
        return [node["html"] for each in found["violations"] for node in each["nodes"]]
