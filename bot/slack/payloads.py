"""What Slack sent, with types: a command, a click, an event. Only what the bot uses is read.

Shapes: docs.slack.dev/interactivity/implementing-slash-commands and docs.slack.dev/reference/interaction-payloads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.application.deciding import Click
from bot.domain.approval import Action
from bot.domain.errors import DrillError, NotAllowed
from bot.domain.offers import OF_A_CHECK, OF_A_HOLD, OF_A_WAVE, Offer
from bot.domain.person import Person
from bot.domain.plan_parts import UserId
from bot.slack.typed_text import plain
from bot.views.action_ids import ButtonValue, MenuValue, PlanValue

SIGNATURE_LASTS = timedelta(seconds=300)
"""Slack's signatures are refused after five minutes (slack_sdk.signature): so long a replay must be known."""

UNREADABLE = "The bot does not understand what Slack sent."
STALE_BUTTON = "This button is of no use any more. Use the newest message of the drill."


class Unreadable(DrillError):
    """A request of Slack's that this version of the bot does not understand."""


class Sent(BaseModel):
    """A part of what Slack sends: more fields may come at any time."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class SlashCommand(Sent):
    """Somebody typed `/drs …` in a channel."""

    command: str
    text: str = ""
    user_id: UserId
    team_id: str
    channel_id: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """What was typed behind the command."""
        return tuple(plain(self.text).split())

    @property
    def person(self) -> Person:
        """Who typed it."""
        return Person(user_id=self.user_id, team_id=self.team_id)


class _User(Sent):
    id: UserId
    team_id: str | None = None


class _Team(Sent):
    id: str


class Option(Sent):
    """What was chosen from a menu."""

    value: str


class _Pressed(Sent):
    action_id: str
    value: str = ""
    selected_option: Option | None = None


class _Shown(Sent):
    app_installed_team_id: str | None = None


class _Acting(Sent):
    user: _User
    team: _Team
    enterprise: dict[str, Any] | None = None
    view: _Shown | None = None


class _Click(Sent):
    actions: tuple[_Pressed, ...] = Field(min_length=1, max_length=1)


class _Opened(Sent):
    user: UserId
    tab: str = "home"
    view: dict[str, Any] | None = None


class _HomeOpened(Sent):
    team_id: str
    event: _Opened


class HomeOpened(Sent):
    """Somebody opened the App Home. `is_blank`: Slack has nothing to show there yet, whatever was published before."""

    person: Person
    is_blank: bool


class ButtonClick(Sent):
    """Somebody clicked a button of ours, or chose from a menu: which one, and what it carries."""

    action_id: str
    value: str

    @property
    def about_drill(self) -> ButtonValue:
        """Which drill it is about.

        Raises:
            Unreadable: its value is none of ours.
        """
        return decode(ButtonValue, self.value)

    @property
    def about_plan(self) -> PlanValue:
        """Which plan it is about. Raises the same."""
        return decode(PlanValue, self.value)

    @property
    def of_menu(self) -> MenuValue:
        """What was chosen from a menu. Raises the same."""
        return read_choice(self.value)


_Any = TypeVar("_Any", bound=BaseModel)


def read_command(body: Mapping[str, Any]) -> SlashCommand:
    """A slash command.

    Raises:
        Unreadable: it has not the fields it should have.
    """
    return read_as(SlashCommand, body)


def read_person(body: Mapping[str, Any]) -> Person:
    """Who clicked, submitted a form or used a shortcut.

    Raises:
        Unreadable: it has not the fields it should have.
        NotAllowed: the person belongs to another workspace (Slack Connect lets them see the channel), or it cannot be
            told to which one of an Enterprise organization.
    """
    seen = read_as(_Acting, body)
    if not _is_member(seen):
        raise NotAllowed("Only members of this workspace can take part in a drill.")
    return Person(user_id=seen.user.id, team_id=seen.team.id)


def _is_member(seen: _Acting) -> bool:
    """Whether a person is a member of the workspace that `team` names, and the bot is installed there.

    In an Enterprise organization, Slack may send the organization's id as the person's `team_id`, or none
    (docs.slack.dev/reference/interaction-payloads/block_suggestion-payload): of which workspace they are cannot be told
    then, so they are refused.
    A form that somebody of another workspace fills in names theirs as `team`, and the bot's own in the view.
    """
    installed = seen.view.app_installed_team_id if seen.view else None
    if installed not in {None, seen.team.id}:
        return False
    if seen.user.team_id is None:
        return not seen.enterprise
    return seen.user.team_id == seen.team.id


def read_click(body: Mapping[str, Any]) -> ButtonClick:
    """What was clicked. Raises `Unreadable` as `read_person`."""
    pressed = read_as(_Click, body).actions[0]
    value = pressed.selected_option.value if pressed.selected_option else pressed.value
    return ButtonClick(action_id=pressed.action_id, value=value)


def read_choice(value: str) -> MenuValue:
    """What an option of one of our menus is for. Raises `Unreadable` as `ButtonClick` does."""
    return decode(MenuValue, value)


def offer_of(action: Action, at: ButtonValue) -> Offer:
    """What a button, an option or a form of ours offers.

    Raises:
        Unreadable: it does not name the wave and round, or the hold, that the action is about.
    """
    needed: tuple[int | None, ...] = (at.wave, at.round) if action in OF_A_WAVE | OF_A_CHECK else ()
    needed += (at.check,) if action in OF_A_CHECK else (at.hold,) if action in OF_A_HOLD else ()
    needed += (at.report,) if action is Action.SIGN_OFF else (at.finding,) if action is Action.FIX_FINDING else ()
    if None in needed or action is Action.NOTE:  # a note has a shortcut of its own, and neither button nor form
        raise Unreadable(STALE_BUTTON)
    return Offer(
        action,
        wave=at.wave or 0,
        round=at.round or 0,
        hold=at.hold or 0,
        check=at.check or 0,
        report=at.report or 0,
        finding=at.finding or 0,
    )


def is_in_home(body: Mapping[str, Any]) -> bool:
    """Whether the click was on the App Home, where Slack gives no address to answer to."""
    view = body.get("view")
    return isinstance(view, Mapping) and view.get("type") == "home"


def read_home_opened(body: Mapping[str, Any]) -> HomeOpened | None:
    """Who has opened the App Home; None when it was another tab of the app, which Slack tells by the same event.

    Slack sends along what the Home shows, once something was published there
    (docs.slack.dev/reference/events/app_home_opened).

    Raises:
        Unreadable: it has not the fields it should have.
    """
    seen = read_as(_HomeOpened, body)
    if seen.event.tab != "home":
        return None
    return HomeOpened(person=Person(user_id=seen.event.user, team_id=seen.team_id), is_blank=seen.event.view is None)


def decode(kind: type[_Any], value: str) -> _Any:
    """What a button, a menu or a form of ours carries.

    Raises:
        Unreadable: it is none of ours.
    """
    try:
        return kind.model_validate_json(value)
    except ValidationError as error:
        raise Unreadable(STALE_BUTTON) from error


def read_as(kind: type[_Any], body: Mapping[str, Any]) -> _Any:
    """A part of what Slack sent.

    Raises:
        Unreadable: it has not the fields it should have.
    """
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        raise Unreadable(UNREADABLE) from error


def click_of(person: Person, headers: Mapping[str, Sequence[str]]) -> Click:
    """A person's request, with the key by which its replay is recognised. Bolt has checked signature and age."""
    signature, timestamp = headers["x-slack-signature"][0], headers["x-slack-request-timestamp"][0]
    return Click(
        actor=person,
        replay_key=hashlib.sha256(signature.encode()).hexdigest(),
        replay_until=datetime.fromtimestamp(int(timestamp), UTC) + SIGNATURE_LASTS,
    )
