"""The signing secret is rotated while the bot runs: signed requests over HTTP, the secret in moto's Secrets Manager."""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from moto import mock_aws
from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk.signature import Clock

from bot.slack.app import answer
from bot.slack.signature import BETWEEN_LINES, SignatureCheck
from infra.local.slack.client import Reply
from tests.fakes.secrets import Vault
from tests.handlers.slack.bot import CHANNEL, Bot
from tests.security.test_forged_and_replayed import COMMAND, event

TOKEN = "xoxb-a-token"
OLD, NEW, GUESSED = "the-old-secret", "the-new-secret", "a-guessed-secret"
HOW_TO = Path(__file__).parents[3] / "docs/howto/rotate-the-slack-secret.md"
LINE = "a request was signed with the previous signing secret"


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch, bot: Bot) -> Iterator[Vault]:
    """The secret of the bot, which has just begun to be rotated."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        vault = Vault()
        vault.write(bot_token=TOKEN, signing_secret=NEW, previous_signing_secret=OLD)
        bot.app = bot.build_app(bot.store, secrets=vault.kept())
        yield vault


def ask(bot: Bot, secret: str, age: float = 0) -> Reply:
    """Ada asks for help, and Slack signs it with a secret."""
    return bot.ada.tampered(secret=secret, age=age).command("/drs", "help", channel=CHANNEL)


@pytest.mark.usefixtures("vault")
@pytest.mark.parametrize("secret", [NEW, OLD])
def test_a_request_signed_with_either_secret_is_answered(bot: Bot, secret: str) -> None:
    reply = ask(bot, secret)
    assert reply.status == HTTPStatus.OK
    assert "/drs drill" in reply.answer.body


@pytest.mark.usefixtures("vault")
@pytest.mark.parametrize("secret", [GUESSED, NEW.upper(), NEW + OLD, "None"])
def test_a_request_signed_with_neither_is_refused(bot: Bot, secret: str) -> None:
    assert ask(bot, secret).status == HTTPStatus.UNAUTHORIZED


@pytest.mark.usefixtures("vault")
@pytest.mark.parametrize("secret", [NEW, OLD])
@pytest.mark.parametrize("age", [301, 86_400, -360])
def test_neither_secret_makes_an_old_or_a_future_request_good(bot: Bot, secret: str, age: float) -> None:
    assert ask(bot, secret, age).status == HTTPStatus.UNAUTHORIZED


@pytest.mark.usefixtures("vault")
@pytest.mark.parametrize("secret", [NEW, OLD])
@pytest.mark.parametrize("age", [240, -290])
def test_within_five_minutes_both_are_good(bot: Bot, secret: str, age: float) -> None:
    assert ask(bot, secret, age).status == HTTPStatus.OK


@pytest.mark.usefixtures("vault")
@pytest.mark.parametrize("secret", [NEW, OLD])
def test_what_was_signed_with_either_cannot_be_sent_twice(bot: Bot, secret: str) -> None:
    reply = bot.ada.tampered(secret=secret).command("/drs", "drill payments", channel=CHANNEL)
    assert reply.status == HTTPStatus.OK
    bot.ada.tampered(secret=secret).command("/drs", "abort", channel=CHANNEL)
    assert bot.ada.replay(reply).status == HTTPStatus.CONFLICT
    assert len(bot.table.drills) == 1


# ---------------------------------------------------------------------- with time


def test_a_secret_put_in_force_a_moment_ago_is_good_for_the_first_request_signed_with_it(
    bot: Bot, vault: Vault
) -> None:
    assert ask(bot, NEW).status == HTTPStatus.OK
    vault.later(minutes=1)
    vault.write(bot_token=TOKEN, signing_secret="newer", previous_signing_secret=NEW)
    assert ask(bot, "newer").status == HTTPStatus.OK
    assert ask(bot, NEW).status == HTTPStatus.OK
    assert ask(bot, OLD).status == HTTPStatus.UNAUTHORIZED
    assert vault.reads == 2


def test_even_under_a_flood_of_bad_signatures_it_is_good_within_a_minute(bot: Bot, vault: Vault) -> None:
    assert ask(bot, GUESSED).status == HTTPStatus.UNAUTHORIZED
    vault.write(bot_token=TOKEN, signing_secret="newer")
    vault.later(seconds=59)
    assert ask(bot, "newer").status == HTTPStatus.UNAUTHORIZED
    vault.later(seconds=1)
    assert ask(bot, "newer").status == HTTPStatus.OK


def test_a_flood_of_bad_signatures_leads_to_one_read_a_minute(bot: Bot, vault: Vault) -> None:
    for minute in range(1, 4):
        for _ in range(10):
            assert ask(bot, GUESSED).status == HTTPStatus.UNAUTHORIZED
        assert vault.reads == minute
        vault.later(minutes=1)


def test_good_requests_lead_to_one_read_in_five_minutes(bot: Bot, vault: Vault) -> None:
    for secret in (NEW, OLD) * 5:
        assert ask(bot, secret).status == HTTPStatus.OK
        vault.later(seconds=29)
    assert vault.reads == 1


def test_the_previous_secret_is_over_once_it_is_taken_out(bot: Bot, vault: Vault) -> None:
    assert ask(bot, OLD).status == HTTPStatus.OK
    vault.write(bot_token=TOKEN, signing_secret=NEW)
    vault.later(minutes=5)
    assert ask(bot, OLD).status == HTTPStatus.UNAUTHORIZED
    assert ask(bot, NEW).status == HTTPStatus.OK


# ---------------------------------------------------------------------- without a secret


@pytest.mark.parametrize(
    "content",
    [
        {"bot_token": TOKEN},
        {"bot_token": TOKEN, "signing_secret": None},
        {"bot_token": TOKEN, "signing_secret": " "},
        {"bot_token": TOKEN, "previous_signing_secret": OLD},
    ],
)
@pytest.mark.parametrize("secret", [NEW, OLD, "None", "null"])
def test_without_a_signing_secret_nobody_is_let_in(
    bot: Bot, vault: Vault, content: dict[str, str], secret: str
) -> None:
    vault.write(**content)
    assert ask(bot, secret).status == HTTPStatus.SERVICE_UNAVAILABLE


def test_a_secret_that_is_deleted_lets_nobody_in_any_more_and_is_not_asked_for_at_will(bot: Bot, vault: Vault) -> None:
    assert ask(bot, NEW).status == HTTPStatus.OK
    vault.delete()
    vault.later(minutes=5)
    assert [ask(bot, secret).status for secret in (NEW, OLD, GUESSED) * 3] == [HTTPStatus.SERVICE_UNAVAILABLE] * 9
    assert vault.reads == 2


class Secrets:
    """Secrets that no adapter of ours would hand out."""

    def __init__(self, *secrets: str) -> None:
        self._secrets = secrets

    def signing_secrets(self, *, anew: bool = False) -> tuple[str, ...]:  # noqa: ARG002
        return self._secrets

    def bot_token(self) -> str:
        return TOKEN


@pytest.mark.parametrize("secrets", [("",), (" ", ""), (NEW, ""), ()])
def test_an_empty_secret_verifies_nothing_wherever_it_comes_from(bot: Bot, secrets: tuple[str, ...]) -> None:
    app = bot.build_app(bot.store, secrets=Secrets(*secrets))
    for blank in ("", " "):
        reply = answer(app, event(headers=signed(blank, int(time.time()))))
        assert reply["statusCode"] == (HTTPStatus.UNAUTHORIZED if secrets else HTTPStatus.SERVICE_UNAVAILABLE)


def signed(secret: str, timestamp: int) -> dict[str, str]:
    """The headers of COMMAND. (slack_sdk itself would not sign with a blank secret.)"""
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:{COMMAND}".encode(), hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": str(timestamp), "x-slack-signature": f"v0={digest}"}


def test_bolts_dispatch_itself_refuses_what_is_not_signed(bot: Bot) -> None:
    app: App = bot.app
    for body in (COMMAND, '{"type":"url_verification","challenge":"c"}'):
        for mode in ("http", "socket_mode"):
            assert app.dispatch(BoltRequest(body=body, mode=mode)).status == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize(
    ("signature", "timestamp", "body"),
    [
        ("v0=é", "0", COMMAND),
        ("v0=0", "now", COMMAND),
        ("v0=0", "9" * 5000, COMMAND),
        ("v0=0", None, COMMAND + "\ud800"),
    ],
)
def test_what_cannot_even_be_checked_is_refused_and_nobody_is_answered(
    bot: Bot, caplog: pytest.LogCaptureFixture, signature: str, timestamp: str | None, body: str
) -> None:
    headers = {"x-slack-signature": signature, "x-slack-request-timestamp": timestamp or str(int(time.time()))}
    request = BoltRequest(body=body, headers={**headers})
    assert bot.app.dispatch(request).status == HTTPStatus.UNAUTHORIZED
    assert [line.name for line in caplog.records] == ["bot.slack.signature"]


# ---------------------------------------------------------------------- what is told of it


@pytest.mark.usefixtures("vault")
def test_no_secret_token_or_signature_is_ever_logged(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    replies = [ask(bot, secret) for secret in (NEW, OLD, GUESSED)]
    logged = "".join(f"{line.__dict__}" for line in caplog.records if not line.name.startswith("boto"))
    assert LINE in logged
    signatures = [dict(reply.request.headers)["X-Slack-Signature"] for reply in replies if reply.request]
    assert len(signatures) == 3
    assert not [each for each in (NEW, OLD, TOKEN, *signatures) if each in logged]


def test_the_how_to_names_the_lines_to_look_for() -> None:
    told = HOW_TO.read_text()
    assert LINE in told
    assert "the Slack secret cannot be read" in told


class SetClock(Clock):
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = time.time()

    def now(self) -> float:
        return self.time


def test_that_the_previous_secret_is_still_used_is_told_now_and_then(caplog: pytest.LogCaptureFixture) -> None:
    clock = SetClock()
    check = SignatureCheck(Secrets(NEW, OLD), clock)

    def lines_after(secret: str) -> int:
        request = BoltRequest(body=COMMAND, headers={**signed(secret, int(clock.time))})
        done = BoltResponse(status=HTTPStatus.OK)
        assert check.process(req=request, resp=BoltResponse(status=HTTPStatus.NOT_FOUND), next=lambda: done) is done
        return caplog.messages.count(LINE)

    assert lines_after(NEW) == 0
    assert [lines_after(OLD) for _ in range(3)] == [1, 1, 1]
    clock.time += BETWEEN_LINES - 1
    assert lines_after(OLD) == 1
    clock.time += 1
    assert [lines_after(secret) for secret in (NEW, OLD, OLD)] == [1, 2, 2]
