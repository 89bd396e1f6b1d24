"""What is told of where a drill stands: is it fine, what does it wait for, whose turn is it."""

from __future__ import annotations

from dataclasses import dataclass

NOTHING_TO_DO = "Nobody has to do anything now."


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a drill stands.

    Attributes:
        headline: words without mark-up, so that it can be read aloud.
        detail: mrkdwn; may be empty.
        turn: whose turn it is, or what is left when it has ended: sentences without mark-up.
    """

    icon: str
    headline: str
    detail: str = ""
    turn: str = ""

    @property
    def aloud(self) -> str:
        """All of it that can be read aloud: `Ready to start. The operators can start it.`."""
        return f"{self.headline}. {self.turn}".strip()
