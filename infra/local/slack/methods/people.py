"""auth.test, users.info and usergroups.users.list."""

from __future__ import annotations

from infra.local.slack.arguments import Arguments
from infra.local.slack.findings import Json
from infra.local.slack.state import SlackState
from infra.local.slack.wire_format import user_object


def auth_test(state: SlackState, _call: Arguments) -> Json:
    """auth.test."""
    workspace, app = state.workspace, state.app
    return {
        "url": workspace.url,
        "team": workspace.name,
        "team_id": workspace.team_id,
        "user": app.as_user.name,
        "user_id": app.bot_user,
        "bot_id": app.bot_id,
        "is_enterprise_install": False,
    }


def user_info(state: SlackState, call: Arguments) -> Json:
    """users.info. Slack takes ids only, never handles."""
    user = state.user_by_id(call.required("user"))
    return {"user": user_object(state, user)}


def users_of_group(state: SlackState, call: Arguments) -> Json:
    """usergroups.users.list."""
    return {"users": list(state.group(call.required("usergroup")).users)}
