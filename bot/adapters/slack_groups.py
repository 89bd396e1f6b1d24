"""User groups in Slack."""

from __future__ import annotations

from slack_sdk import WebClient

from bot.adapters.slack import ask

TIMEOUT = 2
"""Seconds for one call: the finder makes ten in a round, and has thirty."""


class SlackGroups:
    """Fulfils `GroupDirectory` over Slack's Web API. A group that was disabled has no members here."""

    def __init__(self, token: str, base_url: str = WebClient.BASE_URL, timeout: int = TIMEOUT) -> None:
        self._client = WebClient(token, base_url=base_url, timeout=timeout, retry_handlers=[])

    def members(self, group_id: str) -> tuple[str, ...]:
        """Who is in a group now (docs: usergroups.users.list, scope usergroups:read)."""
        return tuple(str(user) for user in ask(self._client.usergroups_users_list, usergroup=group_id)["users"])
