"""What each function reads from its environment: one frozen class a function, the same names as in template.yaml."""

from __future__ import annotations

from datetime import timedelta

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What every function reads. `AWS_REGION` is set by Lambda itself."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    table_name: str
    account_id: str
    aws_region: str


class _SlackSettings(Settings):
    """Slack's address and secrets.

    The secrets come from Secrets Manager by name. Only a local run sets them directly.
    """

    slack_api_url: str = "https://slack.com/api/"
    slack_secret_name: str = ""
    slack_bot_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None


class SlackEventsSettings(_SlackSettings):
    """Of `slack_events`."""

    slack_team_id: str = ""
    """The workspace whose people may take part; empty: any that signs with the secret."""


class NotifierSettings(_SlackSettings):
    """Of `notifier`, which shows reports in the thread."""

    evidence_bucket: str


class ExecutorSettings(_SlackSettings):
    """Of `executor`. Its own time-out decides from when on a launch's claim is old enough to be taken over.

    It asks Slack who the people of a report are.
    """

    executor_timeout: int
    evidence_bucket: str

    @property
    def timeout(self) -> timedelta:
        """The function's time-out."""
        return timedelta(seconds=self.executor_timeout)


class FinderSettings(_SlackSettings):
    """Of `finder`, which asks Slack who is in the user groups that plans name."""

    poll_queue_url: str
    work_queue_url: str


class PollerSettings(Settings):
    """Of `poller`."""


class VerifySettings(BaseSettings):
    """Of `python -m bot.verify`, which somebody runs by hand: the outputs of the stack name both."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    table_name: str
    evidence_bucket: str
