"""Files uploaded to the simulated Slack."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from infra.local.slack.errors import SlackRefusal
from infra.local.slack.feed import ChangeKind, Feed
from infra.local.slack.records import StoredFile


@dataclass(slots=True)
class FileShelf:
    """Files by id. A file is announced, its bytes arrive, then it is shared; Slack's three upload steps."""

    feed: Feed
    _files: dict[str, StoredFile] = field(default_factory=dict)

    def all(self) -> list[StoredFile]:
        """Every file, in the order announced."""
        with self.feed.lock:
            return list(self._files.values())

    def get(self, file_id: str) -> StoredFile:
        """One file. Refuses with file_not_found."""
        with self.feed.lock:
            if file_id not in self._files:
                raise SlackRefusal("file_not_found")
            return self._files[file_id]

    def announce(self, name: str, length: int) -> StoredFile:
        """Make room for a file of `length` bytes."""
        with self.feed.lock:
            file_id = f"F0LOCAL{len(self._files) + 1:04d}"
            self._files[file_id] = StoredFile(file_id, name, title=name, length=length)
            return self._files[file_id]

    def receive(self, file_id: str, body: bytes) -> StoredFile:
        """Take a file's bytes. Refuses with file_not_found."""
        with self.feed.lock:
            self._files[file_id] = replace(self.get(file_id), body=body)
            return self._files[file_id]

    def complete(self, file_id: str, title: str | None) -> StoredFile:
        """Finish an upload. Refuses with file_not_found, also when the bytes never came."""
        with self.feed.lock:
            stored = self.get(file_id)
            if stored.body is None:
                raise SlackRefusal("file_not_found")
            self._files[file_id] = replace(stored, title=title or stored.title)
            return self._files[file_id]

    def share(self, file_id: str, channel: str, ts: str) -> StoredFile:
        """Note that a message shows the file."""
        with self.feed.lock:
            stored = self.get(file_id)
            self._files[file_id] = replace(stored, shared_in=(*stored.shared_in, (channel, ts)))
            self.feed.announce(ChangeKind.FILE_SHARED, self._files[file_id])
            return self._files[file_id]
