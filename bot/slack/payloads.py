"""What Slack sent, with types: a slash command or a click. Only what the bot uses is read.

Shapes: docs.slack.dev/interactivity/implementing-slash-commands and
docs.slack.dev/reference/interaction-payloads/block_actions-payload.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.application.deciding import Click
from bot.domain.errors import DrillError, NotAllowed
from bot.domain.person import Person
from bot.domain.plan_parts import UserId
from bot.views.action_ids import ButtonValue

SIGNATURE_LASTS = timedelta(seconds=300)
"""Slack's signatures are refused after five minutes (slack_sdk.signature): so long a replay must be known."""


class Unreadable(DrillError):
    """A request of Slack's that this version of the bot does not understand."""


class _Sent(BaseModel):
    """A part of what Slack sends: more fields may come at any time."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class SlashCommand(_Sent):
    """Somebody typed `/drs …` in a channel."""

    command: str
    text: str = ""
    user_id: UserId
    team_id: str

    @property
    def words(self) -> tuple[str, ...]:
        """What was typed behind the command."""
        return tuple(self.text.split())

    @property
    def person(self) -> Person:
        """Who typed it."""
        return Person(user_id=self.user_id, team_id=self.team_id)


class _User(_Sent):
    id: UserId
    team_id: str | None = None


class _Team(_Sent):
    id: str


class _Pressed(_Sent):
    action_id: str
    value: str = ""


class _Click(_Sent):
    user: _User
    team: _Team
    enterprise: dict[str, Any] | None = None
    actions: tuple[_Pressed, ...] = Field(min_length=1, max_length=1)


class ButtonClick(_Sent):
    """Somebody clicked a button of ours."""

    action_id: str
    value: ButtonValue
    person: Person


_Any = TypeVar("_Any", bound=BaseModel)


def read_command(body: Mapping[str, Any]) -> SlashCommand:
    """A slash command.

    Raises:
        Unreadable: it has not the fields it should have.
    """
    return _read(SlashCommand, body)


def read_click(body: Mapping[str, Any]) -> ButtonClick:
    """A click.

    Raises:
        Unreadable: it has not the fields it should have, or the button's value is none of ours.
        NotAllowed: the person belongs to another workspace (Slack Connect lets them see the channel).
    """
    seen = _read(_Click, body)
    home, pressed = seen.user.team_id or seen.team.id, seen.actions[0]
    if home != seen.team.id and not seen.enterprise:
        raise NotAllowed("Only members of this workspace can take part in a drill.")
    try:
        value = ButtonValue.model_validate_json(pressed.value)
    except ValidationError as error:
        raise Unreadable("This button is of no use any more. Use the newest message of the drill.") from error
    return ButtonClick(
        action_id=pressed.action_id, value=value, person=Person(user_id=seen.user.id, team_id=seen.team.id)
    )


def _read(kind: type[_Any], body: Mapping[str, Any]) -> _Any:
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        raise Unreadable("The bot does not understand what Slack sent.") from error


def click_of(person: Person, headers: Mapping[str, Sequence[str]]) -> Click:
    """A person's request, with the key by which its replay is recognised. Bolt has checked signature and age."""
    signature, timestamp = headers["x-slack-signature"][0], headers["x-slack-request-timestamp"][0]
    return Click(
        actor=person,
        replay_key=hashlib.sha256(signature.encode()).hexdigest(),
        replay_until=datetime.fromtimestamp(int(timestamp), UTC) + SIGNATURE_LASTS,
    )
