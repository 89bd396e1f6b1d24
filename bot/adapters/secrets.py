"""Slack's secrets: out of Secrets Manager by name, kept for minutes, never in a log.

They can be rotated while the bot runs. What is kept is read anew after five minutes, and earlier when somebody asks for
it, but never more than once a minute: whoever sends the bot nonsense cannot make it call Secrets Manager at will. (The
caches that exist for this remember no failure: with a secret that cannot be read, they ask at each request.)
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import BaseModel, ConfigDict, Field, SecretStr

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

MAX_AGE = timedelta(minutes=5)
"""How long a secret is used before it is read again."""
BETWEEN_READS = timedelta(minutes=1)
"""The least time between two reads, whether the first one was of use or not."""

log = logging.getLogger(__name__)

_NotBlank = Annotated[SecretStr, Field(min_length=1)]


class SlackSecrets(BaseModel):
    """What is needed to talk with Slack; the secret's JSON has the same names.

    Attributes:
        bot_token: proves the bot to Slack.
        signing_secret: proves Slack to the bot.
        previous_signing_secret: proves it too, while the signing secret is rotated.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True, hide_input_in_errors=True)

    bot_token: _NotBlank
    signing_secret: _NotBlank
    previous_signing_secret: SecretStr | None = None

    @property
    def signing(self) -> tuple[str, ...]:
        """The current signing secret, and the previous one unless it is blank."""
        both = (self.signing_secret, self.previous_signing_secret)
        return tuple(each.get_secret_value() for each in both if each)


class GivenSecrets:
    """Secrets that never change: those of a local run."""

    def __init__(self, *, bot_token: str, signing_secret: str) -> None:
        self._secrets = SlackSecrets.model_validate({"bot_token": bot_token, "signing_secret": signing_secret})

    def signing_secrets(self, *, anew: bool = False) -> tuple[str, ...]:  # noqa: ARG002 - there is nothing to read
        """The signing secret."""
        return self._secrets.signing

    def bot_token(self) -> str:
        """The bot token."""
        return self._secrets.bot_token.get_secret_value()


@dataclass(frozen=True, slots=True)
class _Kept:
    secrets: SlackSecrets
    since: datetime


class KeptSecrets:
    """The secret of a name in Secrets Manager, as it was at most five minutes ago.

    Args:
        name: of the secret.
        client: of Secrets Manager.
        clock: wall time. (A monotonic clock may stand still while Lambda has frozen the container.)
    """

    def __init__(self, name: str, client: SecretsManagerClient, clock: Callable[[], datetime]) -> None:
        self._name, self._client, self._clock = name, client, clock
        self._kept: _Kept | None = None
        self._tried: datetime | None = None

    def signing_secrets(self, *, anew: bool = False) -> tuple[str, ...]:
        """The current signing secret, then the previous one if there is one; none when they are not known.

        Args:
            anew: read them even if they are not old yet. Within a minute of the last read, nothing is read.
        """
        now = self._clock()
        if anew or not self._is_young(now):
            self._read(now)
        return self._kept.secrets.signing if self._kept and self._is_young(now) else ()

    def bot_token(self) -> str:
        """The bot token; when it cannot be read, the last one known: at worst Slack refuses it.

        Raises:
            LookupError: none was ever read.
        """
        now = self._clock()
        if not self._is_young(now):
            self._read(now)
        if self._kept is None:
            raise LookupError(f"secret {self._name} could not be read")
        return self._kept.secrets.bot_token.get_secret_value()

    def _is_young(self, now: datetime) -> bool:
        return self._kept is not None and now - self._kept.since < MAX_AGE

    def _read(self, now: datetime) -> None:
        if self._tried and now - self._tried < BETWEEN_READS:
            return
        self._tried = now
        try:
            self._kept = _Kept(_fetch(self._name, self._client), now)
        except (BotoCoreError, ClientError, ValueError) as error:
            log.error("the Slack secret cannot be read", extra={"secret": self._name, "error": str(error)})  # noqa: TRY400 - the error says it all


def _fetch(name: str, client: SecretsManagerClient) -> SlackSecrets:
    """Read the secret. That it has another shape is a ValueError whose text does not show its content."""
    content = client.get_secret_value(SecretId=name).get("SecretString", "")
    try:
        return SlackSecrets.model_validate(json.loads(content))
    except ValueError:
        raise ValueError(f"secret {name} must be JSON with bot_token and signing_secret, each a text") from None
