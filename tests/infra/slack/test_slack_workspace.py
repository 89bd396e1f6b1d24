"""Who is in a simulated workspace, and how they are found."""

from __future__ import annotations

import pytest

from infra.local.slack.errors import SlackRefusal
from infra.local.slack.server import SlackServer
from infra.local.slack.workspace import Channel, User, Workspace, small_workspace


def test_in_a_small_workspace_everybody_and_the_bot_are_in_every_channel() -> None:
    workspace = small_workspace("ada", "grace", channels=["dr-drills", "ops"])
    assert [user.id for user in workspace.users] == ["U0ADA", "U0GRACE"]
    assert [(room.id, room.name) for room in workspace.channels] == [("C0DRDRILLS", "dr-drills"), ("C0OPS", "ops")]
    assert workspace.channels[0].members == {"U0ADA", "U0GRACE", workspace.app.bot_user}


def test_ids_are_unique() -> None:
    ada = User("U0ADA", "ada", "Ada")
    with pytest.raises(ValueError, match="unique"):
        Workspace((ada, ada), ())


def test_people_and_channels_are_found_by_id_or_name(slack: SlackServer) -> None:
    assert slack.state.user("grace") == slack.state.user("U0GRACE")
    assert slack.state.channel("#dr-drills") == slack.state.channel("C0DRDRILLS")
    with pytest.raises(SlackRefusal, match="user_not_found"):
        slack.state.user("nobody")
    with pytest.raises(SlackRefusal, match="channel_not_found"):
        slack.state.channel("nowhere")


def test_the_directory_lists_the_bot_slackbot_and_opened_direct_messages(slack: SlackServer) -> None:
    assert [user.name for user in slack.state.users()] == ["ada", "grace", "mallory", "drs_drill_bot", "slackbot"]
    before = len(slack.state.channels())
    direct = slack.state.direct_messages("U0ADA")
    assert direct == slack.state.direct_messages("U0ADA")
    assert slack.state.channels()[before:] == [direct]


def test_a_member_joins_without_changing_the_channel_others_hold() -> None:
    room = Channel("C1", "one")
    assert (set(room.joined_by("U1").members), set(room.members)) == ({"U1"}, set())
