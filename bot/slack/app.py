"""The Bolt app: verifies, hands over to the listeners, and answers within Slack's three seconds.

Bolt waits for the listener before it answers (`process_before_response`): Lambda freezes what runs after the answer.
No listener is lazy. No request leads to a call of Slack's Web API, with one exception: a form is opened by views.open,
while the click waits, since Slack takes it from nobody else and no later (`modals/opening.py`).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any, Protocol

from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.application.drills import Drills
from bot.domain.errors import NotAllowed
from bot.domain.person import Person
from bot.slack.answers import ephemeral
from bot.slack.door import Admitted, Refused, admit
from bot.slack.listeners.actions import use_button
from bot.slack.listeners.commands import dispatch
from bot.slack.mishaps import on_error, on_unreadable
from bot.slack.modals.opening import open_form, web_client
from bot.slack.modals.payloads import read_shortcut
from bot.slack.modals.shortcut import add_note, drill_actions
from bot.slack.modals.submitting import submit
from bot.slack.payloads import click_of, read_command, read_home_opened, read_person
from bot.slack.signature import SignatureCheck, SigningSecrets
from bot.views.action_ids import ADD_NOTE
from bot.views.replies import Reply

SLACK_API_URL = "https://slack.com/api/"
_ANY = re.compile("")
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What Bolt makes of a payload that is no JSON, or not shaped as Slack's: it reads before it verifies."""

_bolt_log = logging.getLogger(f"{__name__}.bolt")
# At INFO, Bolt logs the whole body of a request whose signature is wrong: names, and addresses to answer to.
_bolt_log.setLevel(logging.WARNING)


class SlackSecrets(SigningSecrets, Protocol):
    """Slack's secrets, as they are now: each may be rotated while the bot runs."""

    def bot_token(self) -> str:
        """The token of the installed app."""
        ...


def build_app(
    drills: Drills,
    *,
    secrets: SlackSecrets,
    slack_api_url: str = SLACK_API_URL,
    team_id: str | None = None,
) -> App:
    """Build the app; it makes no call by itself.

    Args:
        drills: the use cases.
        secrets: what requests must be signed with, and the token of the installed app.
        slack_api_url: the Web API's base.
        team_id: the workspace in which it is installed; absent, whichever signs with the secret.
    """
    app = App(
        name="drs-drill-bot",
        logger=_bolt_log,
        process_before_response=True,
        request_verification_enabled=False,  # Bolt's own knows one secret; ours stands in the same place
        before_authorize=SignatureCheck(secrets),
        client=web_client(slack_api_url),
        token_verification_enabled=False,
        authorize=_authorize(secrets),
    )
    app.error(on_error)
    _listen(app, drills, team_id)
    return app


def _authorize(secrets: SlackSecrets) -> Any:
    """Tell Bolt what it would else ask of Slack with each cold start."""

    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=secrets.bot_token())

    return authorize


def _listen(app: App, drills: Drills, home: str | None) -> None:
    _listen_to_commands(app, drills, home)
    _listen_to_clicks(app, drills, home)
    _listen_to_events(app, drills, home)


def _listen_to_commands(app: App, drills: Drills, home: str | None) -> None:
    @app.command(_ANY)
    def command(ack: Ack, body: dict[str, Any], request: BoltRequest, client: WebClient) -> None:
        typed = read_command(body)
        _expect_home(typed.team_id, home)
        answer = dispatch(drills, typed, click_of(typed.person, request.headers))
        if isinstance(answer, Reply):
            ack(**ephemeral(answer))
        else:
            open_form(client, body, answer)
            ack()


def _listen_to_clicks(app: App, drills: Drills, home: str | None) -> None:
    @app.action(_ANY)
    def action(ack: Ack, body: dict[str, Any], request: BoltRequest, client: WebClient) -> None:
        person = _member(body, home)
        show = partial(open_form, client, body)
        use_button(drills, person, body, click_of(person, request.headers), show)
        ack()

    @app.view(_ANY)
    def form(ack: Ack, body: dict[str, Any], request: BoltRequest) -> None:
        ack(**submit(drills, body, click_of(_member(body, home), request.headers)))

    @app.shortcut(_ANY)
    def shortcut(ack: Ack, body: dict[str, Any], request: BoltRequest, client: WebClient) -> None:
        person, used = _member(body, home), read_shortcut(body)
        if used.callback_id == ADD_NOTE:
            shown = add_note(drills, used, body, click_of(person, request.headers))
        else:
            shown = drill_actions(drills, used, person)
        open_form(client, body, shown)
        ack()

    @app.options(_ANY)
    def search(ack: Ack) -> None:
        """No menu of ours asks the bot for its options; one of another version's form gets none."""
        ack(options=[])


def _member(body: dict[str, Any], home: str | None) -> Person:
    person = read_person(body)
    _expect_home(person.team_id, home)
    return person


def _listen_to_events(app: App, drills: Drills, home: str | None) -> None:
    @app.event("app_home_opened")
    def home_opened(body: dict[str, Any]) -> None:
        opened = read_home_opened(body)
        if opened:
            _expect_home(opened.person.team_id, home)
            drills.open_home(opened.person, is_blank=opened.is_blank)

    @app.event(_ANY)
    def other_event() -> None:
        """Acknowledge what the manifest does not ask for: Slack would send it again and again."""


def _expect_home(team_id: str, home: str | None) -> None:
    if home and team_id != home:
        raise NotAllowed("Only members of the workspace in which the bot is installed can take part in a drill.")


def answer(app: App, event: Mapping[str, Any]) -> dict[str, Any]:
    """Answer an event of the HTTP API (payload format 2.0)."""
    admitted = admit(event)
    request = _bolt_request(admitted) if isinstance(admitted, Admitted) else admitted
    if isinstance(request, Refused):
        return request.response
    try:
        reply: BoltResponse = app.dispatch(request)
    except Exception as error:  # noqa: BLE001 - Bolt reads a payload for its error handler too, and stumbles again
        reply = on_unreadable(error, request.body)
    return {"statusCode": int(reply.status), "headers": reply.first_headers(), "body": reply.body}


def _bolt_request(admitted: Admitted) -> BoltRequest | Refused:
    headers: dict[str, str | Sequence[str]] = dict(admitted.headers)
    # Bolt takes a command in which the word "payload" occurs for an interaction without one, and finds nothing in it
    # (slack_bolt/request/internals.py, parse_body). Written with an escape, the form says the same.
    form = admitted.body.replace("payload", "%70ayload") if admitted.is_command else admitted.body
    try:
        request = BoltRequest(body=form, headers=headers)
    except _UNREADABLE:
        return Refused(HTTPStatus.BAD_REQUEST, "unreadable payload")
    request.raw_body = admitted.body
    return request
