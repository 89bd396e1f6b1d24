from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from moto import mock_aws
from pydantic import ValidationError

from bot.adapters.secrets import GivenSecrets, SlackSecrets
from tests.fakes.secrets import NAME, Vault

TOKEN, SIGNING, PREVIOUS = "xoxb-a-token", "a-signing-secret", "an-older-secret"


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vault]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        yield Vault()


def test_the_secret_is_read_by_its_name(vault: Vault) -> None:
    vault.write(bot_token=TOKEN, signing_secret=SIGNING, app_id="A0DRILL")
    secrets = vault.kept()
    assert vault.reads == 0
    assert (secrets.bot_token(), secrets.signing_secrets()) == (TOKEN, (SIGNING,))
    assert vault.reads == 1


def test_while_it_is_rotated_the_previous_signing_secret_comes_second(vault: Vault) -> None:
    vault.write(bot_token=TOKEN, signing_secret=SIGNING, previous_signing_secret=PREVIOUS)
    assert vault.kept().signing_secrets() == (SIGNING, PREVIOUS)


@pytest.mark.parametrize("nothing", ["", " \n", None])
def test_a_previous_secret_that_is_blank_is_none(vault: Vault, nothing: str | None) -> None:
    vault.write(bot_token=TOKEN, signing_secret=SIGNING, previous_signing_secret=nothing)
    assert vault.kept().signing_secrets() == (SIGNING,)


def test_what_was_pasted_with_white_space_around_it_is_taken_without(vault: Vault) -> None:
    vault.write(bot_token=f"{TOKEN}\n", signing_secret=f" {SIGNING}\n", previous_signing_secret=f"{PREVIOUS} ")
    secrets = vault.kept()
    assert (secrets.bot_token(), secrets.signing_secrets()) == (TOKEN, (SIGNING, PREVIOUS))


def test_it_is_read_again_after_five_minutes_and_not_before(vault: Vault) -> None:
    vault.write(bot_token=TOKEN, signing_secret=SIGNING)
    secrets = vault.kept()
    assert secrets.signing_secrets() == (SIGNING,)
    vault.write(bot_token="xoxb-new", signing_secret="new")
    vault.later(seconds=299)
    assert (secrets.bot_token(), secrets.signing_secrets(), vault.reads) == (TOKEN, (SIGNING,), 1)
    vault.later(seconds=1)
    assert (secrets.bot_token(), secrets.signing_secrets(), vault.reads) == ("xoxb-new", ("new",), 2)


def test_it_is_read_early_for_who_asks_and_at_most_once_a_minute(vault: Vault) -> None:
    vault.write(bot_token=TOKEN, signing_secret=SIGNING)
    secrets = vault.kept()
    assert secrets.signing_secrets() == (SIGNING,)
    vault.write(bot_token=TOKEN, signing_secret="new")
    vault.later(seconds=59)
    assert (secrets.signing_secrets(anew=True), vault.reads) == ((SIGNING,), 1)
    vault.later(seconds=1)
    assert (secrets.signing_secrets(anew=True), vault.reads) == (("new",), 2)
    assert (secrets.signing_secrets(anew=True), vault.reads) == (("new",), 2)


def test_a_secret_that_is_not_there_is_looked_for_once_a_minute(vault: Vault) -> None:
    secrets = vault.kept()
    for _ in range(10):
        assert secrets.signing_secrets() == ()
        assert secrets.signing_secrets(anew=True) == ()
        with pytest.raises(LookupError, match=NAME):
            secrets.bot_token()
    assert vault.reads == 1
    vault.write(bot_token=TOKEN, signing_secret=SIGNING)
    vault.later(minutes=1)
    assert (secrets.bot_token(), secrets.signing_secrets(), vault.reads) == (TOKEN, (SIGNING,), 2)


def test_when_it_is_taken_away_signatures_end_with_its_age_and_the_token_stays(vault: Vault) -> None:
    vault.write(bot_token=TOKEN, signing_secret=SIGNING)
    secrets = vault.kept()
    assert secrets.signing_secrets() == (SIGNING,)
    vault.delete()
    vault.later(seconds=299)
    assert secrets.signing_secrets(anew=True) == (SIGNING,)
    vault.later(seconds=1)
    assert secrets.signing_secrets() == ()
    assert secrets.bot_token() == TOKEN


@pytest.mark.parametrize(
    "text",
    [
        f'"{TOKEN}"',
        f'["{TOKEN}"]',
        TOKEN,
        "{}",
        f'{{"bot_token": "{TOKEN}"}}',
        f'{{"bot_token": "{TOKEN}", "signing_secret": 7}}',
        f'{{"bot_token": "{TOKEN}", "signing_secret": null}}',
        f'{{"bot_token": "{TOKEN}", "signing_secret": ""}}',
        f'{{"bot_token": "{TOKEN}", "signing_secret": " "}}',
        f'{{"bot_token": "", "signing_secret": "{SIGNING}"}}',
        f'{{"bot_token": "{TOKEN}", "signing_secret": "{SIGNING}", "previous_signing_secret": 7}}',
    ],
)
def test_a_secret_of_another_shape_lets_nobody_in_and_is_not_shown(
    vault: Vault, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    vault.write_text(text)
    assert vault.kept().signing_secrets() == ()
    (line,) = caplog.records
    assert (line.levelno, line.getMessage()) == (logging.ERROR, "the Slack secret cannot be read")
    told = f"{line.__dict__}"
    assert "must be JSON with bot_token and signing_secret" in told
    assert TOKEN not in told
    assert SIGNING not in told


def test_no_secret_is_ever_printed() -> None:
    secrets = SlackSecrets.model_validate(
        {"bot_token": TOKEN, "signing_secret": SIGNING, "previous_signing_secret": PREVIOUS}
    )
    for printed in (repr(secrets), str(secrets), secrets.model_dump_json()):
        assert not [each for each in (TOKEN, SIGNING, PREVIOUS) if each in printed]


def test_a_local_runs_secrets_stay_as_they_are_given() -> None:
    secrets = GivenSecrets(bot_token=TOKEN, signing_secret=SIGNING)
    assert (secrets.bot_token(), secrets.signing_secrets()) == (TOKEN, (SIGNING,))
    assert secrets.signing_secrets(anew=True) == (SIGNING,)
    with pytest.raises(ValidationError):
        GivenSecrets(bot_token=TOKEN, signing_secret=" ")
