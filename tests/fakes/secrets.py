"""The Slack secret in moto's Secrets Manager, a clock beside it, and how often it was read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3

from bot.adapters.secrets import KeptSecrets

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

NAME = "drs-drill-bot/slack"


def _client() -> SecretsManagerClient:
    return boto3.client("secretsmanager", region_name="eu-west-1")


@dataclass
class Vault:
    """Made inside moto's `mock_aws`. `reads` counts the bot's; `now` is wall time, moved by hand."""

    client: SecretsManagerClient = field(default_factory=_client)
    now: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)
    reads: int = 0

    def __post_init__(self) -> None:
        self._operator = _client()
        self.client.meta.events.register("before-call.secretsmanager.GetSecretValue", self._count)

    def kept(self) -> KeptSecrets:
        """The bot's view of it."""
        return KeptSecrets(NAME, self.client, lambda: self.now)

    def write(self, **content: Any) -> None:
        """Let an operator write it as JSON."""
        self.write_text(json.dumps(content))

    def write_text(self, text: str) -> None:
        """Let an operator write anything."""
        try:
            self._operator.put_secret_value(SecretId=NAME, SecretString=text)
        except self._operator.exceptions.ResourceNotFoundException:
            self._operator.create_secret(Name=NAME, SecretString=text)

    def delete(self) -> None:
        """Let an operator delete it."""
        self._operator.delete_secret(SecretId=NAME, ForceDeleteWithoutRecovery=True)

    def later(self, **passed: float) -> None:
        """Let time pass."""
        self.now += timedelta(**passed)

    def _count(self, **_: Any) -> None:
        self.reads += 1
