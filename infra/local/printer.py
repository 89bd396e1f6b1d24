"""Prints the local Slack as things happen: the channel at the left, threads indented, edits by what is new in them."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TextIO

from bot.domain.plan import Plan
from infra.local.named_faults import FAULTS
from infra.local.people import fleet
from infra.local.slack.feed import Change, ChangeKind
from infra.local.slack.records import Ephemeral, Message, Notice
from infra.local.slack.transcript import content_lines
from infra.local.world import World

_IN_THREAD = "    │ "


@dataclass(slots=True)
class Printer:
    """Prints to a terminal or file."""

    world: World
    out: TextIO = field(default_factory=lambda: sys.stdout)
    _shown: dict[str, list[str]] = field(default_factory=dict)

    def intro(self, plan: Plan, fault: str) -> None:
        """Say what is about to be played."""
        servers = len(fleet(plan))
        self._print(
            f"A drill of {plan.name}: {len(plan.waves)} wave(s), {servers} server(s), time x{self.world.speed:g}."
        )
        if fault != "none":
            self._print(f"What goes wrong: {FAULTS[fault].tells}.")
        self._print("")

    def outro(self, verdict: str, seconds: float) -> None:
        """Say how it ended."""
        self._print(f"\n{verdict}  ({seconds:.0f} s of wall time)")

    def says(self, user_id: str, text: str) -> None:
        """A person types or clicks."""
        self._line("", f"{self._name(user_id)}: {text}")

    def show(self, change: Change) -> None:
        """Print one change of the workspace; of an edited message only the lines that are new."""
        subject = change.subject
        if isinstance(subject, Message) and change.kind is not ChangeKind.MESSAGE_DELETED:
            self._message(subject, edited=change.kind is ChangeKind.MESSAGE_UPDATED)
        elif isinstance(subject, Ephemeral):
            lines = content_lines(self.world.slack.state, subject.content.text, subject.content.blocks)
            self._lines("", f"(only {self._name(subject.viewer)} sees) ", lines)
        elif isinstance(subject, Notice):
            self._line("", f"(Slack tells {self._name(subject.viewer)}) {subject.text}")

    def _message(self, message: Message, *, edited: bool) -> None:
        lines = content_lines(self.world.slack.state, message.content.text, message.content.blocks)
        before = self._shown.get(message.ts, [])
        self._shown[message.ts] = lines
        news = [line for line in lines if line not in before] if edited else lines
        in_thread = message.thread_ts is not None and message.thread_ts != message.ts
        self._lines(_IN_THREAD if in_thread else "", "(edited) " if edited else "", news)

    def _lines(self, indent: str, label: str, lines: list[str]) -> None:
        for n, line in enumerate(lines):
            if n == 0:
                self._line(indent, label + line)
            else:
                self._print(f"          {indent}{line}")

    def _line(self, indent: str, text: str) -> None:
        self._print(f"{self.world.now():%H:%M:%S}  {indent}{text}")

    def _name(self, user_id: str) -> str:
        return self.world.slack.state.user(user_id).real_name

    def _print(self, text: str) -> None:
        print(text, file=self.out, flush=True)
