"""Answers that an app gives to one interaction: through its response_url, or in the HTTP reply to a slash command.

Source: docs.slack.dev/interactivity/handling-user-interaction, "message responses". Not in the docs, but reported
of the real service: a slash command's response_url cannot replace anything, it always adds (bolt-js issue 2287).
"""

from __future__ import annotations

import json
from http import HTTPStatus

from werkzeug.wrappers import Request, Response

from infra.local.slack.arguments import TRUE, Arguments
from infra.local.slack.errors import SlackRefusal
from infra.local.slack.findings import Json
from infra.local.slack.methods.chat import POST_TEXT_LENGTH, content_of, structures
from infra.local.slack.passes import ResponseUrl
from infra.local.slack.records import Content
from infra.local.slack.responses import json_response
from infra.local.slack.state import SlackState


def answer_response_url(state: SlackState, token: str, request: Request) -> Response:
    """Handle a POST to a response_url: "ok", 404 when it is used up or too old, 400 when the message is no good."""
    try:
        url = state.passes.redeem_response_url(token)
    except SlackRefusal as refusal:
        return json_response({"ok": False, "error": refusal.error}, HTTPStatus.NOT_FOUND)
    try:
        show_reply(state, url, _payload(request))
    except SlackRefusal as refusal:
        body = {"ok": False, "error": refusal.error, "errors": list(refusal.problems)}
        return json_response(body, HTTPStatus.BAD_REQUEST)
    return Response("ok", content_type="text/html")


def show_reply(state: SlackState, url: ResponseUrl, payload: Json) -> None:
    """Show what an app answers: to the person alone by default, or in the channel, or in place of the original.

    Refuses as chat.postMessage does, and with message_not_found when the original is gone.
    """
    original = url.message_ts
    if original and payload.get("delete_original") in TRUE:
        _delete(state, url, original)
        return
    content = content_of(payload, structures(Arguments(payload)), POST_TEXT_LENGTH)
    if original and payload.get("replace_original") in TRUE:
        _replace(state, url, original, content)
        return
    thread_ts = payload.get("thread_ts")
    if payload.get("response_type") == "in_channel":
        state.messages.post(url.channel, state.app.bot_user, content, thread_ts=thread_ts)
    else:
        state.private.show(url.channel, url.user, content, thread_ts=thread_ts)


def _replace(state: SlackState, url: ResponseUrl, original: str, content: Content) -> None:
    if url.ephemeral:
        state.private.replace(original, content)
    else:
        state.messages.update(url.channel, original, content)


def _delete(state: SlackState, url: ResponseUrl, original: str) -> None:
    if url.ephemeral:
        state.private.remove(original)
    else:
        state.messages.delete(url.channel, original)


def _payload(request: Request) -> Json:
    try:
        payload = json.loads(request.form.get("payload") or request.get_data() or b"null")
    except ValueError as cause:
        raise SlackRefusal("invalid_payload") from cause
    if not isinstance(payload, dict):
        raise SlackRefusal("invalid_payload")
    return payload
