from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from aws_lambda_powertools.utilities import parameters
from moto import mock_aws

from bot.adapters.secrets import read_slack_secrets

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

NAME = "drs-drill-bot/slack"
TOKEN, SIGNING = "xoxb-a-token", "a-signing-secret"


@pytest.fixture(autouse=True)
def nothing_cached() -> Iterator[None]:
    parameters.clear_caches()  # type: ignore[no-untyped-call]  # powertools has no annotation there
    yield
    parameters.clear_caches()  # type: ignore[no-untyped-call]  # the same


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretsManagerClient]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield boto3.client("secretsmanager")


def test_the_secret_is_read_by_its_name(manager: SecretsManagerClient) -> None:
    content = {"bot_token": TOKEN, "signing_secret": SIGNING, "app_id": "A0DRILL"}
    manager.create_secret(Name=NAME, SecretString=json.dumps(content))
    secrets = read_slack_secrets(NAME)
    assert (secrets.bot_token.get_secret_value(), secrets.signing_secret.get_secret_value()) == (TOKEN, SIGNING)


def test_a_secret_is_not_asked_for_at_each_click(manager: SecretsManagerClient) -> None:
    manager.create_secret(Name=NAME, SecretString=json.dumps({"bot_token": TOKEN, "signing_secret": SIGNING}))
    first = read_slack_secrets(NAME)
    manager.put_secret_value(SecretId=NAME, SecretString="{}")
    assert read_slack_secrets(NAME) == first


def test_neither_secret_is_ever_printed(manager: SecretsManagerClient) -> None:
    manager.create_secret(Name=NAME, SecretString=json.dumps({"bot_token": TOKEN, "signing_secret": SIGNING}))
    printed = repr(read_slack_secrets(NAME))
    assert TOKEN not in printed
    assert SIGNING not in printed


@pytest.mark.parametrize("content", [{"bot_token": TOKEN}, {"bot_token": TOKEN, "signing_secret": 7}, [TOKEN]])
def test_a_secret_of_another_shape_is_refused_without_showing_it(
    manager: SecretsManagerClient, content: object
) -> None:
    manager.create_secret(Name=NAME, SecretString=json.dumps(content))
    with pytest.raises(ValueError, match=f"secret {NAME} must be JSON with bot_token and signing_secret") as told:
        read_slack_secrets(NAME)
    assert told.value.__suppress_context__
    assert TOKEN not in str(told.value)


def test_a_secret_that_is_no_json_or_not_there_cannot_be_read(manager: SecretsManagerClient) -> None:
    with pytest.raises(parameters.exceptions.GetParameterError):
        read_slack_secrets("nowhere")
    manager.create_secret(Name=NAME, SecretString=TOKEN)
    with pytest.raises(parameters.exceptions.TransformParameterError) as told:
        read_slack_secrets(NAME)
    assert TOKEN not in str(told.value)
