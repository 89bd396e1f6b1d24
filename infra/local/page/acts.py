"""What a person does on the page, done by `Person` as a real, signed request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.alias_generators import to_camel

from infra.local.page import shown
from infra.local.slack.client import Person, Reply, offered
from infra.local.slack.errors import SlackRefusal
from infra.local.slack.findings import Json
from infra.local.slack.interactive import NotPossible
from infra.local.slack.records import Ephemeral

Value = str | list[str] | None


class _Act(BaseModel):
    """One act of the person `as_user`."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel)

    as_user: str = Field(alias="as")


class CommandTyped(_Act):
    """A slash command."""

    act: Literal["command"]
    channel: str
    command: str
    text: str
    thread_ts: str | None = None


class MessageWritten(_Act):
    """A message of one's own."""

    act: Literal["say"]
    channel: str
    text: str
    thread_ts: str | None = None


class Clicked(_Act):
    """A button or menu of a message, as `revision` of it showed it."""

    act: Literal["click"]
    channel: str
    ts: str
    action_id: str
    value: Value = None
    revision: int | None = Field(default=None, ge=0)


class EphemeralClicked(_Act):
    """A button or menu of a message that this person alone sees."""

    act: Literal["click_ephemeral"]
    channel: str
    ts: str
    action_id: str
    value: Value = None


class ViewClicked(_Act):
    """A button or menu of the modal on top, or of the App Home."""

    act: Literal["click_in_view"]
    action_id: str
    value: Value = None
    in_home: bool


class Submitted(_Act):
    """The modal on top, filled in by action_id."""

    act: Literal["submit"]
    values: dict[str, Value]


class Dismissed(_Act):
    """The modal on top, or all of them, closed."""

    act: Literal["dismiss"]
    whole_stack: bool


class Searched(_Act):
    """Something typed into an external select."""

    act: Literal["search"]
    action_id: str
    text: str


class HomeOpened(_Act):
    """The app's Home tab."""

    act: Literal["open_home"]


class ShortcutUsed(_Act):
    """A global shortcut."""

    act: Literal["shortcut"]
    callback_id: str


class MessageShortcutUsed(_Act):
    """A shortcut in a message's menu."""

    act: Literal["message_shortcut"]
    channel: str
    ts: str
    callback_id: str


class Deleted(_Act):
    """A message deleted, as an admin may."""

    act: Literal["delete"]
    channel: str
    ts: str


Act = Annotated[
    CommandTyped
    | MessageWritten
    | Clicked
    | EphemeralClicked
    | ViewClicked
    | Submitted
    | Dismissed
    | Searched
    | HomeOpened
    | ShortcutUsed
    | MessageShortcutUsed
    | Deleted,
    Field(discriminator="act"),
]
ACT: TypeAdapter[Act] = TypeAdapter(Act)
"""Reads any act."""


def perform(person: Person, act: Act) -> Json:
    """Do it; the outcome as the page gets it.

    Raises:
        NotPossible: Slack's own client would not let this person do it.
        SlackRefusal: the same, in Slack's words.
    """
    if isinstance(act, Searched):
        reply = person.ask_for_options(act.action_id, act.text)
        return {**_outcome([reply]), "options": offered(reply)}
    return _outcome(_PERFORM[type(act)](person, act))


def _outcome(replies: Sequence[Reply]) -> Json:
    asked = [reply for reply in replies if reply.request is not None]
    notices = [reply.notice for reply in replies if reply.notice]
    return {
        "status": asked[-1].status if asked else None,
        "took": round(1000 * sum(reply.answer.seconds for reply in asked)) if asked else None,
        "notice": shown.notice(notices[-1]) if notices else None,
    }


def _say(person: Person, act: MessageWritten) -> list[Reply]:
    person.say(act.text, channel=act.channel, thread_ts=act.thread_ts)
    return []


def _delete(person: Person, act: Deleted) -> list[Reply]:
    person.delete(person.state.messages.get(act.channel, act.ts))
    return []


def _click(person: Person, act: Clicked) -> list[Reply]:
    try:
        message = person.state.messages.get(act.channel, act.ts)
    except SlackRefusal as gone:
        raise NotPossible("the message is gone") from gone
    if act.revision is not None and act.revision >= len(message.revisions):
        raise NotPossible(f"the message has no revision {act.revision}")
    return [person.click(message, act.action_id, act.value, revision=act.revision)]


def _click_ephemeral(person: Person, act: EphemeralClicked) -> list[Reply]:
    return [person.click(_ephemeral(person, act.ts), act.action_id, act.value)]


def _ephemeral(person: Person, ts: str) -> Ephemeral:
    for each in person.state.private.ephemerals(person.user.id):
        if each.ts == ts:
            return each
    raise NotPossible("the message is gone")


_PERFORM: dict[type[Any], Callable[[Person, Any], list[Reply]]] = {
    CommandTyped: lambda who, act: [
        who.command(act.command, act.text, channel=act.channel, thread_ts=act.thread_ts),
    ],
    MessageWritten: _say,
    Clicked: _click,
    EphemeralClicked: _click_ephemeral,
    ViewClicked: lambda who, act: [who.click_in_view(act.action_id, act.value, in_home=act.in_home)],
    Submitted: lambda who, act: [who.submit(act.values)],
    Dismissed: lambda who, act: who.dismiss(whole_stack=act.whole_stack),
    HomeOpened: lambda who, _act: [who.open_home()],
    ShortcutUsed: lambda who, act: [who.shortcut(act.callback_id)],
    MessageShortcutUsed: lambda who, act: [
        who.message_shortcut(who.state.messages.get(act.channel, act.ts), act.callback_id)
    ],
    Deleted: _delete,
}
