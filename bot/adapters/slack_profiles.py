"""Who people are, as Slack tells: their name, and their e-mail address where the app's scope allows it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping

from slack_sdk import WebClient

from bot.adapters.slack import ask
from bot.application.ports.slack import SlackError
from bot.domain.evidence_parts import Profile

TIMEOUT = 3
"""Seconds for one call: a report names few people, and is not held up by Slack."""
MOST = 40
"""So many people are asked about; users.info lets 100 a minute be asked (docs: rate limits, tier 4)."""

log = logging.getLogger(__name__)


class SlackProfiles:
    """Fulfils `Profiles` over Slack's Web API.

    Args:
        token: gives the bot token in force; asked only when there is somebody to look up.
        base_url: of Slack's Web API.
    """

    def __init__(self, token: Callable[[], str], base_url: str = WebClient.BASE_URL) -> None:
        self._token = token
        self._base_url = base_url

    def of(self, user_ids: Iterable[str]) -> Mapping[str, Profile]:
        """Those that Slack tells of (docs: users.info, scopes users:read and users:read.email)."""
        found: dict[str, Profile] = {}
        wanted = tuple(user_ids)[:MOST]
        if not wanted:
            return found
        client = WebClient(self._token(), base_url=self._base_url, timeout=TIMEOUT, retry_handlers=[])
        for user_id in wanted:
            try:
                user = ask(client.users_info, user=user_id)["user"]
            except SlackError as error:
                log.warning("Slack does not tell who somebody is", extra={"user": user_id, "error": str(error)})
                if error.retry_after is not None or "missing_scope" in str(error):
                    break  # it would not tell of the others either
                continue
            profile = user.get("profile") or {}
            name = str(profile.get("real_name") or user.get("real_name") or user.get("name") or "")
            found[user_id] = Profile(name=name, email=str(profile.get("email") or ""))
        return found
