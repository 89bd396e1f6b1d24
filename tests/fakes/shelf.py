"""The evidence bucket in memory, for tests. It passes the same contract suite as S3 (`tests/contract/shelf`).

How to drive it::

    shelf = MemoryShelf()
    shelf.fail(ShelfError("AccessDenied"))     # the next call fails
    shelf.is_down = True                       # every call fails, until set back
    shelf.files                                # key to content, as it was put first
    shelf.covered[key] = b"..."                # somebody puts another version on top, or (None) deletes it
    shelf.calls                                # what was asked, failed calls included
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.application.ports.evidence import Original, ShelfError
from bot.domain.evidence_parts import Profile


@dataclass(slots=True)
class MemoryShelf:
    """Fulfils `Shelf` in memory."""

    files: dict[str, bytes] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[str, str]] = field(default_factory=list)
    covered: dict[str, bytes | None] = field(default_factory=dict)
    is_down: bool = False
    _faults: list[ShelfError] = field(default_factory=list)

    def fail(self, error: ShelfError, times: int = 1) -> None:
        """Let the next calls fail."""
        self._faults += [error] * times

    def put(self, key: str, content: bytes, kind: str) -> bool:
        self._call("put", key)
        if key in self.files:
            return False
        self.files[key], self.kinds[key] = content, kind
        return True

    def get(self, key: str, version: str = "") -> bytes:
        self._call("get", key)
        content = self.files.get(key) if version else self.covered.get(key, self.files.get(key))
        if content is None:
            raise ShelfError(f"{key}: there is no such file")
        return content

    def keys(self, prefix: str) -> tuple[str, ...]:
        self._call("keys", prefix)
        hidden = {key for key, content in self.covered.items() if content is None}
        return tuple(sorted(key for key in self.files if key.startswith(prefix) and key not in hidden))

    def originals(self, prefix: str) -> tuple[Original, ...]:
        self._call("originals", prefix)
        keys = sorted(key for key in self.files if key.startswith(prefix))
        return tuple(Original(key, "first", is_covered=key in self.covered) for key in keys)

    def _call(self, method: str, key: str) -> None:
        self.calls.append((method, key))
        if self.is_down:
            raise ShelfError("the bucket cannot be reached")
        if self._faults:
            raise self._faults.pop(0)


@dataclass(slots=True)
class FakeProfiles:
    """Fulfils `Profiles` in memory: those of `known`. `asked`: whom it was asked about, call by call."""

    known: dict[str, Profile] = field(default_factory=dict)
    asked: list[tuple[str, ...]] = field(default_factory=list)

    def of(self, user_ids: Iterable[str]) -> Mapping[str, Profile]:
        self.asked.append(tuple(user_ids))
        return {user_id: self.known[user_id] for user_id in self.asked[-1] if user_id in self.known}
