"""Who and what is in the workspace: people with their roles in the plans, and what the app's manifest offers."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.plan import Plan
from infra.local.app_manifest import features
from infra.local.page import shown
from infra.local.slack.findings import Json
from infra.local.slack.state import SlackState
from infra.local.slack.workspace import SLACKBOT


def directory(state: SlackState, plans: Iterable[Plan], main_channel: str) -> Json:
    """The workspace as it is at the start."""
    plans, offered, app = list(plans), features(), state.app
    return {
        "name": state.workspace.name,
        "teamId": state.workspace.team_id,
        "app": {
            "id": app.id,
            "name": app.name,
            "botUser": app.bot_user,
            "hasHome": bool(offered.get("app_home", {}).get("home_tab_enabled")),
        },
        "people": [
            {
                "id": user.id,
                "name": user.name,
                "realName": user.real_name,
                "isBot": user.is_bot or user.id == SLACKBOT,
                "role": role(user.id, plans),
            }
            for user in state.users()
        ],
        "channels": [shown.channel(channel) for channel in state.channels()],
        "groups": [{"id": group.id, "handle": group.handle} for group in state.workspace.groups],
        "commands": [_command(command) for command in offered.get("slash_commands", [])],
        "shortcuts": [_shortcut(shortcut) for shortcut in offered.get("shortcuts", [])],
        "mainChannel": main_channel,
    }


def role(user: str, plans: Iterable[Plan]) -> str:
    """What somebody is in the plans: `operator`, `approver`, `operator, approver`, or `outsider`."""
    roles = {
        name
        for plan in plans
        for name, people in (("operator", plan.access.operators), ("approver", plan.access.approvers))
        if user in people
    }
    return ", ".join(sorted(roles, reverse=True)) or "outsider"


def _command(command: Json) -> Json:
    return {
        "command": command["command"],
        "description": command["description"],
        "usageHint": command.get("usage_hint", ""),
    }


def _shortcut(shortcut: Json) -> Json:
    return {"callbackId": shortcut["callback_id"], "name": shortcut["name"], "kind": shortcut["type"]}
