"""Who people are, as Slack tells it; what it does not tell is left out."""

from __future__ import annotations

from bot.adapters.slack_profiles import MOST, SlackProfiles
from infra.local.slack.server import SlackServer


def profiles(slack: SlackServer) -> SlackProfiles:
    return SlackProfiles(lambda: slack.state.app.bot_token, slack.api_url)


def test_people_are_called_as_in_slack(slack: SlackServer) -> None:
    found = profiles(slack).of(["U0ADA"])
    assert found["U0ADA"].name == slack.state.user("U0ADA").real_name


def test_whom_slack_does_not_know_is_left_out(slack: SlackServer) -> None:
    assert set(profiles(slack).of(["U0NOBODY", "U0ADA"])) == {"U0ADA"}


def test_without_the_scope_nobody_is_asked_about_further(slack: SlackServer) -> None:
    slack.faults.fail("users.info", "missing_scope")
    assert profiles(slack).of(["U0ADA", "U0GRACE"]) == {}
    assert len([call for call in slack.calls() if call.method == "users.info"]) == 1


def test_a_slack_that_is_busy_is_not_waited_for(slack: SlackServer) -> None:
    slack.faults.rate_limit("users.info", retry_after=30)
    assert profiles(slack).of(["U0ADA", "U0GRACE"]) == {}


def test_no_more_people_are_asked_about_than_slack_lets_be_asked(slack: SlackServer) -> None:
    profiles(slack).of([f"U0NOBODY{number}" for number in range(MOST + 5)])
    assert len([call for call in slack.calls() if call.method == "users.info"]) == MOST


def test_nobody_to_look_up_needs_no_slack() -> None:
    def no_token() -> str:
        raise AssertionError("nobody is to be asked about")

    assert SlackProfiles(no_token).of([]) == {}
