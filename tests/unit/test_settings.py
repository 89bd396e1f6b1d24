"""Settings and template name the same variables, and the constants fit the time-outs there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bot.application.lanes import LEASE, LONGEST_STEP
from bot.settings import (
    ExecutorSettings,
    FinderSettings,
    NotifierSettings,
    PollerSettings,
    Settings,
    SlackEventsSettings,
)
from infra.local.aws.resources import TEMPLATE
from infra.local.aws.template import transform

SETTINGS: dict[str, type[Settings]] = {
    "SlackEvents": SlackEventsSettings,
    "Executor": ExecutorSettings,
    "Notifier": NotifierSettings,
    "Finder": FinderSettings,
    "Poller": PollerSettings,
}
POWERTOOLS = {"POWERTOOLS_SERVICE_NAME", "POWERTOOLS_LOG_LEVEL"}
"""Read by powertools itself."""
LAMBDAS_OWN = {"AWS_REGION"}
"""Set by Lambda in every function (AWS: Lambda environment variables, reserved)."""
LOCAL_ONLY = {"SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET"}
"""In AWS the secrets come from Secrets Manager alone."""
REQUIRED = {"TABLE_NAME": "drills", "ACCOUNT_ID": "111122223333", "AWS_REGION": "eu-west-1"}


@pytest.fixture(scope="module")
def functions() -> dict[str, Any]:
    resources = transform(TEMPLATE.read_text(), "eu-west-1")["Resources"]
    found = {name: each["Properties"] for name, each in resources.items() if each["Type"] == "AWS::Lambda::Function"}
    assert set(found) == set(SETTINGS)
    return found


def variables(functions: dict[str, Any], name: str) -> set[str]:
    return set(functions[name]["Environment"]["Variables"])


@pytest.fixture(autouse=True)
def only_what_every_function_gets(monkeypatch: pytest.MonkeyPatch) -> None:
    for settings in SETTINGS.values():
        for field in settings.model_fields:
            monkeypatch.delenv(field.upper(), raising=False)
    for name, value in REQUIRED.items():
        monkeypatch.setenv(name, value)


@pytest.mark.parametrize("name", SETTINGS)
def test_a_function_is_given_what_it_reads_and_reads_what_it_is_given(functions: dict[str, Any], name: str) -> None:
    read = {field.upper() for field in SETTINGS[name].model_fields}
    assert read - LAMBDAS_OWN - LOCAL_ONLY == variables(functions, name) - POWERTOOLS


@pytest.mark.parametrize("name", SETTINGS)
def test_every_function_logs_as_powertools_is_told_to(functions: dict[str, Any], name: str) -> None:
    assert variables(functions, name) >= POWERTOOLS


@pytest.mark.parametrize("name", SETTINGS)
def test_no_secret_is_ever_in_a_functions_environment(functions: dict[str, Any], name: str) -> None:
    assert not variables(functions, name) & LOCAL_ONLY


@pytest.mark.parametrize("name", ["TABLE_NAME", "ACCOUNT_ID", "AWS_REGION"])
def test_a_function_that_was_not_told_everything_does_not_start(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(ValidationError, match=name.lower()):
        PollerSettings()


def test_the_executor_knows_its_time_out(monkeypatch: pytest.MonkeyPatch, functions: dict[str, Any]) -> None:
    monkeypatch.setenv("EVIDENCE_BUCKET", "evidence")
    monkeypatch.setenv("EXECUTOR_TIMEOUT", functions["Executor"]["Environment"]["Variables"]["EXECUTOR_TIMEOUT"])
    assert ExecutorSettings().timeout == timedelta(seconds=functions["Executor"]["Timeout"])


@pytest.mark.parametrize("name", ["Executor", "Notifier"])
def test_a_lease_outlives_its_holder_and_a_step_fits_into_an_invocation(functions: dict[str, Any], name: str) -> None:
    timeout = timedelta(seconds=functions[name]["Timeout"])
    assert timeout < LEASE
    assert timeout > 2 * LONGEST_STEP


def test_slack_is_asked_at_its_real_address_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIDENCE_BUCKET", "evidence")
    assert NotifierSettings().slack_api_url == "https://slack.com/api/"
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:8080/api/")
    assert SlackEventsSettings().slack_api_url == "http://127.0.0.1:8080/api/"


def test_secrets_of_a_local_run_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-local")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "signed")
    settings = SlackEventsSettings()
    assert settings.slack_bot_token is not None
    assert settings.slack_bot_token.get_secret_value() == "xoxb-local"
    assert "xoxb-local" not in repr(settings)
    assert "signed" not in repr(settings)


def test_settings_do_not_change() -> None:
    settings: Any = PollerSettings()
    with pytest.raises(ValidationError):
        settings.table_name = "another"
