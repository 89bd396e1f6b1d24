"""How the simulated Slack says no to an app."""

from __future__ import annotations

from collections.abc import Sequence

from infra.local.slack.findings import Problem


class SlackRefusal(Exception):
    """A Web API answer `{"ok": false, "error": …}`.

    `error` is Slack's own error string; `problems` become `errors` and `response_metadata.messages`. With
    `retry_after` (seconds) it is an HTTP 429.
    """

    def __init__(self, error: str, problems: Sequence[Problem | str] = (), *, retry_after: int | None = None) -> None:
        super().__init__(error, *map(str, problems))
        self.error = error
        self.problems = tuple(str(problem) for problem in problems)
        self.retry_after = retry_after


def too_many(seconds: int) -> SlackRefusal:
    """The refusal of a call that comes too soon after others."""
    return SlackRefusal("ratelimited", retry_after=seconds)


def missing(*fields: str) -> SlackRefusal:
    """The refusal of a call that lacks a required argument."""
    return SlackRefusal("invalid_arguments", [f"missing required field: {name}" for name in fields])
