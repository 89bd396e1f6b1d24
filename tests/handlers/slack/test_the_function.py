"""The function behind the HTTP API through its handler, as Lambda calls it; the secret is in moto's Secrets Manager."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from moto import mock_aws

from bot import bootstrap
from bot.adapters.slack import SlackChannel
from bot.application.notifier import Notifier
from bot.entrypoints import slack_events
from infra.local.slack.delivery import FORM, JSON
from tests.fakes.secrets import NAME, Vault
from tests.handlers.events import context
from tests.security.test_forged_and_replayed import COMMAND, event

OLD, NEW = "the-old-secret", "the-new-secret"
QUESTION = '{"type":"url_verification","challenge":"a-challenge"}'


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vault]:
    environment = {
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "TABLE_NAME": "drills",
        "ACCOUNT_ID": "111122223333",
        "SLACK_SECRET_NAME": NAME,
        "EVIDENCE_BUCKET": "evidence",
        "SLACK_API_URL": "http://127.0.0.1:1/api/",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        forget()
        yield Vault()
        forget()


def forget() -> None:
    """Begin a new container."""
    for build in (bootstrap.slack_events, bootstrap._notifier, bootstrap._slack_secrets):
        build.cache_clear()


def answered(secret: str | None, body: str = COMMAND, age: int = 0) -> dict[str, Any]:
    """What the function answers to a body that is signed with a secret, or not signed at all."""
    headers = {"content-type": JSON if body.startswith("{") else FORM}
    if secret is not None:
        timestamp = int(time.time()) - age
        digest = hmac.new(secret.encode(), f"v0:{timestamp}:{body}".encode(), hashlib.sha256).hexdigest()
        headers |= {"x-slack-request-timestamp": str(timestamp), "x-slack-signature": f"v0={digest}"}
    return slack_events.lambda_handler(event(body, headers), context())


@pytest.mark.parametrize("secret", [NEW, OLD])
def test_what_is_signed_with_either_secret_is_answered(vault: Vault, secret: str) -> None:
    vault.write(bot_token="xoxb-1", signing_secret=NEW, previous_signing_secret=OLD)
    command, question = answered(secret), answered(secret, QUESTION)
    assert (command["statusCode"], question["statusCode"]) == (HTTPStatus.OK, HTTPStatus.OK)
    assert json.loads(command["body"])["response_type"] == "ephemeral"
    assert json.loads(question["body"]) == {"challenge": "a-challenge"}


@pytest.mark.parametrize("body", [COMMAND, QUESTION, "payload=%7B%7D"])
@pytest.mark.parametrize(
    ("secret", "age"), [(None, 0), ("guessed", 0), ("", 0), (" ", 0), (NEW, 301), (OLD, 301), (NEW, -360), (OLD, -360)]
)
def test_anything_else_is_refused(vault: Vault, body: str, secret: str | None, age: int) -> None:
    vault.write(bot_token="xoxb-1", signing_secret=NEW, previous_signing_secret=OLD)
    refused = answered(secret, body, age)
    assert refused["statusCode"] == HTTPStatus.UNAUTHORIZED
    assert "challenge" not in refused["body"]


@pytest.mark.usefixtures("vault")
@pytest.mark.parametrize("secret", [None, "guessed", "", " ", "None"])
def test_without_a_secret_in_secrets_manager_nothing_is_answered(secret: str | None) -> None:
    assert answered(secret)["statusCode"] in {HTTPStatus.UNAUTHORIZED, HTTPStatus.SERVICE_UNAVAILABLE}
    assert answered(NEW)["statusCode"] == HTTPStatus.SERVICE_UNAVAILABLE


def test_a_local_runs_secrets_do_without_secrets_manager(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    vault.write(bot_token="xoxb-1", signing_secret=OLD)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-local")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", NEW)
    assert answered(NEW)["statusCode"] == HTTPStatus.OK
    assert answered(OLD)["statusCode"] == HTTPStatus.UNAUTHORIZED


def test_the_notifier_takes_a_new_token_without_a_new_container(vault: Vault) -> None:
    vault.write(bot_token="xoxb-1", signing_secret=NEW)
    before = bootstrap.notifier()
    assert bootstrap.notifier() is before
    vault.write(bot_token="xoxb-2", signing_secret=NEW)
    bootstrap._slack_secrets.cache_clear()  # as if the secret were five minutes old
    after = bootstrap.notifier()
    assert [token_of(each) for each in (before, after)] == ["xoxb-1", "xoxb-2"]


def token_of(notifier: Notifier) -> str | None:
    """The token with which a notifier calls Slack."""
    assert isinstance(notifier.channel, SlackChannel)
    assert notifier.homes.pages is notifier.channel
    return notifier.channel._client.token
