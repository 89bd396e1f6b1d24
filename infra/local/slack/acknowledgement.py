"""What Slack makes of an app's HTTP answer, and what it tells the person when there is none it can use."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from infra.local.slack.delivery import Answer
from infra.local.slack.errors import SlackRefusal
from infra.local.slack.findings import Json
from infra.local.slack.methods.views import checked_view
from infra.local.slack.passes import ResponseUrl
from infra.local.slack.records import Notice, View
from infra.local.slack.response_urls import show_reply
from infra.local.slack.state import SlackState
from infra.local.slack.workspace import User

TROUBLE = "We had some trouble connecting. Try again?"
TIMED_OUT = "Operation timed out. Apps need to respond within 3 seconds."


def after_command(state: SlackState, user: User, channel: str, command: str, answer: Answer) -> Notice | None:
    """Show what a slash command's HTTP reply says; on failure Slackbot's notice.

    An empty reply shows nothing, plain text and JSON are a message, ephemeral unless it says in_channel.
    """

    def failed(error: str, detail: str) -> Notice:
        text = f'{command} failed with the error "{error}"'
        return state.private.notify(Notice(user.id, text, command, channel, detail))

    if answer.failure == "timeout":
        return failed("operation_timeout", answer.failure)
    if answer.status != HTTPStatus.OK:
        return failed("dispatch_failed", answer.failure or f"HTTP {answer.status}")
    if not answer.body.strip():
        return None
    try:
        show_reply(state, ResponseUrl(user.id, channel, expires=0.0), _message(answer.body))
    except SlackRefusal as refusal:
        return failed("invalid_command_response", str(refusal))
    return None


def after_action(state: SlackState, user: User, channel: str | None, about: str, answer: Answer) -> Notice | None:
    """Nothing when the app acknowledged; else the warning Slack shows beside the button. The body is not looked at."""
    if answer.status is not None and HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    if answer.failure == "timeout":
        return state.private.notify(Notice(user.id, TIMED_OUT, about, channel, answer.failure))
    text = f"This app responded with Status Code {answer.status}." if answer.status else TROUBLE
    return state.private.notify(Notice(user.id, text, about, channel, answer.failure or f"HTTP {answer.status}"))


def after_submission(state: SlackState, user: User, view: View, answer: Answer) -> Notice | None:
    """Close, change or clear the modal as the answer says; on failure the line that Slack shows in it.

    Source: docs.slack.dev/surfaces/modals, "response actions".
    """
    if answer.status != HTTPStatus.OK:
        return _modal_failed(state, user, view, answer.failure or f"HTTP {answer.status}")
    try:
        _take_response_action(state, view, _json(answer.body))
    except SlackRefusal as refusal:
        return _modal_failed(state, user, view, str(refusal))
    return None


def _take_response_action(state: SlackState, view: View, response: Json) -> None:
    match response.get("response_action"):
        case None:
            _close_if_on_top(state, view)
        case "clear":
            state.views.close(view.viewer, whole_stack=True)
        case "errors":
            state.views.show_errors(view, _known_errors(view, response.get("errors")))
        case "update":
            state.views.update(view, checked_view(response.get("view"), "modal"))
        case "push":
            state.views.push(view.viewer, checked_view(response.get("view"), "modal"))
        case other:
            raise SlackRefusal("invalid_arguments", [f"unknown response_action: {other}"])


def _close_if_on_top(state: SlackState, view: View) -> None:
    top = state.views.on_top(view.viewer)
    if top is not None and top.id == view.id:
        state.views.close(view.viewer, whole_stack=False)


def _known_errors(view: View, errors: Any) -> Json:
    inputs = {block["block_id"] for block in view.definition["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        raise SlackRefusal("invalid_arguments", [f"errors must be keyed by the block_ids of inputs {sorted(inputs)}"])
    return errors


def _message(body: str) -> Json:
    try:
        message = json.loads(body)
    except ValueError:
        return {"text": body}
    return message if isinstance(message, dict) else {"text": body}


def _json(body: str) -> Json:
    try:
        response = json.loads(body or "{}")
    except ValueError as cause:
        raise SlackRefusal("invalid_json") from cause
    if not isinstance(response, dict):
        raise SlackRefusal("json_not_object")
    return response


def _modal_failed(state: SlackState, user: User, view: View, detail: str) -> Notice:
    return state.private.notify(Notice(user.id, TROUBLE, view.id, None, detail))
