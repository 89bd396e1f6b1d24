"""Slack's secrets: out of Secrets Manager by name, cached for minutes, never in a log."""

from __future__ import annotations

from aws_lambda_powertools.utilities import parameters
from pydantic import BaseModel, ConfigDict, SecretStr

MAX_AGE_SECONDS = 300
"""How long a secret is kept before it is read again, so that a rotation takes effect without a deployment."""


class SlackSecrets(BaseModel):
    """What is needed to talk with Slack; the secret's JSON has the same names."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    bot_token: SecretStr
    signing_secret: SecretStr


def read_slack_secrets(name: str) -> SlackSecrets:
    """Read the secret of that name.

    Raises:
        aws_lambda_powertools.utilities.parameters.GetParameterError: it cannot be read.
        ValueError: it is not JSON with these fields; the text does not show its content.
    """
    content = parameters.get_secret(name, transform="json", max_age=MAX_AGE_SECONDS)
    try:
        return SlackSecrets.model_validate(content)
    except ValueError:
        raise ValueError(f"secret {name} must be JSON with bot_token and signing_secret") from None
