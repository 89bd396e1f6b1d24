"""Who is in a user group, asked of the Slack simulator over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.adapters.slack_groups import SlackGroups
from bot.application.ports.slack import SlackError
from infra.local.slack.server import SlackServer
from infra.local.slack.workspace import UserGroup, small_workspace

DBA = UserGroup("S0DBA", "dba", ("U0ADA", "U0GRACE"))


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer(replace(small_workspace("ada", "grace"), groups=(DBA, UserGroup("S0EMPTY", "empty")))) as server:
        yield server


@pytest.fixture
def groups(slack: SlackServer) -> SlackGroups:
    return SlackGroups(slack.state.app.bot_token, slack.api_url)


def test_a_groups_members_are_ids_of_people(groups: SlackGroups) -> None:
    assert groups.members("S0DBA") == ("U0ADA", "U0GRACE")
    assert groups.members("S0EMPTY") == ()


def test_a_group_that_does_not_exist_is_an_error(groups: SlackGroups) -> None:
    with pytest.raises(SlackError, match="no_such_subteam"):
        groups.members("S0NOBODY")


def test_a_slack_that_is_too_busy_is_asked_once(slack: SlackServer, groups: SlackGroups) -> None:
    slack.faults.rate_limit("usergroups.users.list", retry_after=30)
    with pytest.raises(SlackError, match="ratelimited"):
        groups.members("S0DBA")
    assert groups.members("S0DBA") == ("U0ADA", "U0GRACE")
