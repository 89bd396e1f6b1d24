"""What Slack hands an app for one interaction: a trigger_id to open a modal, and a response_url to answer with.

Both run on wall time. Source: docs.slack.dev/interactivity/handling-user-interaction.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field, replace

from infra.local.slack.errors import SlackRefusal
from infra.local.slack.feed import Clock

TRIGGER_SECONDS = 3.0
RESPONSE_URL_SECONDS = 30 * 60.0
RESPONSE_URL_USES = 5


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger_id: whose click made it, until when it is good, and whether it has been used."""

    user: str
    expires: float
    used: bool = False


@dataclass(frozen=True, slots=True)
class ResponseUrl:
    """Where an app may answer one interaction of `user` in `channel`.

    `message_ts` is the message clicked (None for a slash command), `ephemeral` whether that message is one.
    """

    user: str
    channel: str
    expires: float
    message_ts: str | None = None
    ephemeral: bool = False
    uses_left: int = RESPONSE_URL_USES


@dataclass(slots=True)
class Passes:
    """Issues trigger ids and response_url tokens, and takes them back."""

    clock: Clock
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _triggers: dict[str, Trigger] = field(default_factory=dict)
    _urls: dict[str, ResponseUrl] = field(default_factory=dict)

    def trigger(self, user: str) -> str:
        """A new trigger_id in Slack's format (digits.digits.hex), good for 3 seconds and one use."""
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._triggers[trigger_id] = Trigger(user, self.clock() + TRIGGER_SECONDS)
        return trigger_id

    def redeem_trigger(self, trigger_id: str) -> str:
        """The user behind a trigger_id. Refuses invalid_, expired_ and exchanged_trigger_id."""
        with self._lock:
            trigger = self._triggers.get(trigger_id)
            if trigger is None:
                raise SlackRefusal("invalid_trigger_id")
            if trigger.used:
                raise SlackRefusal("exchanged_trigger_id")
            if self.clock() > trigger.expires:
                raise SlackRefusal("expired_trigger_id")
            self._triggers[trigger_id] = replace(trigger, used=True)
            return trigger.user

    def response_url(self, user: str, channel: str, message_ts: str | None = None, *, ephemeral: bool = False) -> str:
        """The token of a new response_url, good for 30 minutes and 5 uses."""
        token = secrets.token_urlsafe(18)
        expires = self.clock() + RESPONSE_URL_SECONDS
        self._urls[token] = ResponseUrl(user, channel, expires, message_ts, ephemeral)
        return token

    def redeem_response_url(self, token: str) -> ResponseUrl:
        """What a token stands for, one use less. Refuses with used_url or expired_url."""
        with self._lock:
            url = self._urls.get(token)
            if url is None or self.clock() > url.expires:
                raise SlackRefusal("expired_url")
            if url.uses_left == 0:
                raise SlackRefusal("used_url")
            self._urls[token] = replace(url, uses_left=url.uses_left - 1)
            return url
