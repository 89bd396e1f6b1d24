"""Modals open in front of people, and their App Homes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

from infra.local.slack.errors import SlackRefusal
from infra.local.slack.feed import ChangeKind, Feed
from infra.local.slack.findings import Json
from infra.local.slack.records import View

STACK_DEPTH = 3
"""Views that may lie on each other (docs.slack.dev/surfaces/modals)."""


@dataclass(slots=True)
class ViewBook:
    """One stack of modals per person (the last is the one they see) and one App Home per person."""

    feed: Feed
    _stacks: dict[str, list[View]] = field(default_factory=dict)
    _homes: dict[str, View] = field(default_factory=dict)
    _made: int = 0

    def stack(self, viewer: str) -> list[View]:
        """A person's open modals, bottom first; empty when none is open."""
        with self.feed.lock:
            return list(self._stacks.get(viewer, []))

    def on_top(self, viewer: str) -> View | None:
        """The modal a person sees, if any."""
        stack = self.stack(viewer)
        return stack[-1] if stack else None

    def home(self, viewer: str) -> View | None:
        """A person's App Home, if the app has published one."""
        with self.feed.lock:
            return self._homes.get(viewer)

    def find(self, *, view_id: str | None = None, external_id: str | None = None) -> View:
        """An open view or a home. Refuses with not_found."""
        with self.feed.lock:
            everywhere = [*self._homes.values(), *(view for stack in self._stacks.values() for view in stack)]
        for view in everywhere:
            if view_id == view.id or (external_id and external_id == view.definition.get("external_id")):
                return view
        raise SlackRefusal("not_found")

    def open(self, viewer: str, definition: Json) -> View:
        """Open a modal; one that was open before is gone."""
        with self.feed.lock:
            self._check_external_id(definition)
            self._stacks[viewer] = []
            return self._lay_on(viewer, definition)

    def push(self, viewer: str, definition: Json) -> View:
        """Lay a modal on the open one. Refuses with not_found (none is open) or push_limit_reached."""
        with self.feed.lock:
            self._check_external_id(definition)
            stack = self._stacks.get(viewer)
            if not stack:
                raise SlackRefusal("not_found")
            if len(stack) >= STACK_DEPTH:
                raise SlackRefusal("push_limit_reached")
            return self._lay_on(viewer, definition)

    def update(self, view: View, definition: Json, *, expected_hash: str | None = None) -> View:
        """Change a view. Refuses with not_found (closed meanwhile) or hash_conflict (changed meanwhile)."""
        with self.feed.lock:
            current = self.find(view_id=view.id)
            self._check_hash(current, expected_hash)
            changed = replace(current, definition=definition, hash=self._next_hash(), errors={})
            return self._keep(changed, ChangeKind.VIEW_UPDATED)

    def publish(self, viewer: str, definition: Json, *, expected_hash: str | None = None) -> View:
        """Set a person's App Home. Refuses with hash_conflict."""
        with self.feed.lock:
            before = self._homes.get(viewer)
            self._check_hash(before, expected_hash)
            view_id = before.id if before else self._next_id()
            self._homes[viewer] = View(view_id, viewer, definition, self._next_hash(), view_id)
            self.feed.announce(ChangeKind.HOME_PUBLISHED, self._homes[viewer])
            return self._homes[viewer]

    def show_errors(self, view: View, errors: Json) -> View:
        """Show a modal's input errors, by block_id."""
        with self.feed.lock:
            return self._keep(replace(self.find(view_id=view.id), errors=errors), ChangeKind.VIEW_UPDATED)

    def close(self, viewer: str, *, whole_stack: bool) -> list[View]:
        """Close the modal on top, or all of them; returns what was closed, top first."""
        with self.feed.lock:
            stack = self._stacks.get(viewer, [])
            closed = [stack.pop() for _ in (list(stack) if whole_stack else stack[-1:])]
            for view in closed:
                self.feed.announce(ChangeKind.VIEW_CLOSED, view)
            return closed

    def _lay_on(self, viewer: str, definition: Json) -> View:
        stack = self._stacks[viewer]
        view_id = self._next_id()
        root_id = stack[0].id if stack else view_id
        below = stack[-1].id if stack else None
        stack.append(View(view_id, viewer, definition, self._next_hash(), root_id, below))
        self.feed.announce(ChangeKind.VIEW_OPENED, stack[-1])
        return stack[-1]

    def _keep(self, view: View, kind: ChangeKind) -> View:
        if view.kind == "home":
            self._homes[view.viewer] = view
        else:
            stack = self._stacks[view.viewer]
            stack[[open_view.id for open_view in stack].index(view.id)] = view
        self.feed.announce(kind, view)
        return view

    def _check_external_id(self, definition: Json) -> None:
        wanted = definition.get("external_id")
        open_views = [view for stack in self._stacks.values() for view in stack]
        if wanted and any(view.definition.get("external_id") == wanted for view in open_views):
            raise SlackRefusal("duplicate_external_id")

    @staticmethod
    def _check_hash(view: View | None, expected: str | None) -> None:
        if expected and (view is None or view.hash != expected):
            raise SlackRefusal("hash_conflict")

    def _next_id(self) -> str:
        self._made += 1
        return f"V0LOCAL{self._made:04d}"

    def _next_hash(self) -> str:
        self._made += 1
        return f"{int(self.feed.clock())}.{hashlib.sha256(str(self._made).encode()).hexdigest()[:8]}"
