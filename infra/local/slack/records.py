"""What the simulated Slack remembers.

Every record is frozen: a change makes a new record, so a reader never sees one half done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from infra.local.slack.findings import Json


@dataclass(frozen=True, slots=True)
class Content:
    """What a message says: fallback text, blocks, and the metadata only apps see."""

    text: str
    blocks: tuple[Json, ...] = ()
    metadata: Json | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """A message's content as it was from `ts` (seconds since the epoch, as Slack writes them) on."""

    content: Content
    ts: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message in a channel. `revisions` holds every content it ever had, oldest first.

    `thread_ts` is the root's ts for a reply; `deleted` marks the tombstone that stays when a root with replies goes.
    """

    channel: str
    ts: str
    user: str
    revisions: tuple[Revision, ...]
    thread_ts: str | None = None
    broadcast: bool = False
    files: tuple[str, ...] = ()
    reactions: tuple[tuple[str, str], ...] = ()
    deleted: bool = False

    @property
    def content(self) -> Content:
        """What the message says now."""
        return self.revisions[-1].content

    @property
    def edited_ts(self) -> str | None:
        """When it was last changed, or None."""
        return self.revisions[-1].ts if len(self.revisions) > 1 else None

    @property
    def root_ts(self) -> str:
        """The ts of the thread's root: its own when it is no reply."""
        return self.thread_ts or self.ts


@dataclass(frozen=True, slots=True)
class Ephemeral:
    """A message that one person alone sees, gone when they reload. `by_app` is false when Slack itself speaks."""

    channel: str
    ts: str
    viewer: str
    content: Content
    thread_ts: str | None = None
    by_app: bool = True


@dataclass(frozen=True, slots=True)
class Notice:
    """What Slack itself tells a person: a command that failed, a button's warning sign, a modal's error line.

    `about` names the command, action_id or view; `detail` says more than Slack would show, for whoever reads a test.
    """

    viewer: str
    text: str
    about: str
    channel: str | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A modal on a person's stack, or their App Home. `definition` is the view as the app gave it, ids filled in."""

    id: str
    viewer: str
    definition: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    errors: Json = field(default_factory=dict)

    @property
    def kind(self) -> Literal["modal", "home"]:
        """Which surface it stands on."""
        return "home" if self.definition.get("type") == "home" else "modal"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file. `body` is None until the bytes have been uploaded; `shared_in` lists (channel, message ts)."""

    id: str
    name: str
    title: str
    length: int
    body: bytes | None = None
    shared_in: tuple[tuple[str, str], ...] = ()
