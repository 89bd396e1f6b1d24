"""The Slack app's manifest keeps the rules of Slack's reference, so that creating the app from it does not fail.

Rules and limits: docs.slack.dev/reference/app-manifest. A key that is not described here is refused, as Slack does.
(Slack's own JSON Schema, published at github.com/slackapi/manifest-schema, is not shipped with the project.)
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.slack.modals.payloads import read_shortcut
from bot.views.action_ids import ADD_NOTE, DRILL_ACTIONS

MANIFEST = Path(__file__).parents[3] / "infra" / "slack" / "manifest.yaml"

Url = Annotated[str, StringConstraints(pattern=r"^https://", max_length=3_000)]


def text(most: int, least: int = 1, pattern: str | None = None) -> Any:
    return Field(min_length=least, max_length=most, pattern=pattern)


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class DisplayInformation(Strict):
    name: str = text(35)
    description: str = text(140)
    background_color: str = text(7, 4, r"^#([0-9a-fA-F]{3}){1,2}$")
    long_description: str | None = Field(default=None, min_length=175, max_length=4_000)


class AppHome(Strict):
    home_tab_enabled: bool
    messages_tab_enabled: bool
    messages_tab_read_only_enabled: bool


class BotUser(Strict):
    display_name: str = text(80, 1, r"^[a-z0-9._-]+$")
    always_online: bool


class SlashCommand(Strict):
    command: str = text(32, 2, r"^/[a-z0-9_-]+$")
    url: Url
    description: str = text(2_000)
    usage_hint: str = text(1_000)
    should_escape: bool


class Shortcut(Strict):
    name: str = text(24)
    type: Literal["message", "global"]
    callback_id: str = text(255)
    description: str = text(150)


class Features(Strict):
    app_home: AppHome
    bot_user: BotUser
    slash_commands: list[SlashCommand] = Field(max_length=50)
    shortcuts: list[Shortcut] = Field(max_length=10)


class Scopes(Strict):
    bot: list[Annotated[str, text(100, 1, r"^[a-z_.]+(:[a-z_.]+)*$")]] = Field(max_length=255)


class OauthConfig(Strict):
    scopes: Scopes


class EventSubscriptions(Strict):
    request_url: Url
    bot_events: list[Annotated[str, text(100, 1, r"^[a-z_.]+$")]] = Field(max_length=100)


class Interactivity(Strict):
    is_enabled: bool
    request_url: Url
    message_menu_options_url: Url | None = None


class Settings(Strict):
    event_subscriptions: EventSubscriptions
    interactivity: Interactivity
    org_deploy_enabled: bool
    socket_mode_enabled: bool
    token_rotation_enabled: bool


class Manifest(Strict):
    display_information: DisplayInformation
    features: Features
    oauth_config: OauthConfig
    settings: Settings


@pytest.fixture
def content() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    return loaded


@pytest.fixture
def manifest(content: dict[str, Any]) -> Manifest:
    return Manifest.model_validate(content)


def test_nothing_is_said_twice(manifest: Manifest) -> None:
    for said in (
        manifest.oauth_config.scopes.bot,
        manifest.settings.event_subscriptions.bot_events,
        [command.command for command in manifest.features.slash_commands],
        [shortcut.callback_id for shortcut in manifest.features.shortcuts],
    ):
        assert sorted(set(said)) == sorted(said)


def test_all_that_slack_sends_goes_to_one_address_which_is_to_be_replaced(manifest: Manifest) -> None:
    commands = {command.url for command in manifest.features.slash_commands}
    settings = manifest.settings
    assert commands == {settings.interactivity.request_url} == {settings.event_subscriptions.request_url}
    assert commands == {"https://example.com/slack/events"}


def test_what_is_sent_over_http_is_switched_on_and_nothing_else(manifest: Manifest) -> None:
    settings = manifest.settings
    assert settings.interactivity.is_enabled
    assert (settings.socket_mode_enabled, settings.org_deploy_enabled, settings.token_rotation_enabled) == (False,) * 3
    assert settings.interactivity.message_menu_options_url is None, "no menu asks the bot for its options"


def test_the_home_is_there_and_nobody_can_write_to_the_bot(manifest: Manifest) -> None:
    home = manifest.features.app_home
    assert home.home_tab_enabled
    assert not home.messages_tab_enabled or home.messages_tab_read_only_enabled
    assert manifest.settings.event_subscriptions.bot_events == ["app_home_opened"]


def test_the_shortcuts_are_those_that_the_bot_knows(manifest: Manifest) -> None:
    read = []
    for shortcut in manifest.features.shortcuts:
        sent = {
            "type": "message_action",
            "callback_id": shortcut.callback_id,
            "channel": {"id": "C0DRDRILLS"},
            "message": {"ts": "1.0"},
            "message_ts": "1.0",
        }
        assert shortcut.type == "message"
        read.append(read_shortcut(sent).callback_id)
    assert read == [DRILL_ACTIONS, ADD_NOTE]


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("display_information", "name"), "x" * 36),
        (("display_information", "background_color"), "blue"),
        (("features", "bot_user", "display_name"), "Drill Bot"),
        (("features", "slash_commands", 0, "command"), "drs"),
        (("features", "slash_commands", 0, "usage_hint"), "x" * 1_001),
        (("features", "shortcuts", 0, "name"), "All that can be done to it"),
        (("settings", "interactivity", "request_url"), "http://example.com"),
        (("settings", "socket_mode"), True),
    ],
)
def test_what_slack_would_refuse_is_refused(
    content: dict[str, Any], where: tuple[str | int, ...], value: object
) -> None:
    place: Any = content
    for key in where[:-1]:
        place = place[key]
    place[where[-1]] = value
    with pytest.raises(ValidationError):
        Manifest.model_validate(content)
