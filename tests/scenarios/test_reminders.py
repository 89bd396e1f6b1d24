"""People are reminded of what waits for them, others are asked when they do not answer, and in the end it expires."""

from __future__ import annotations

from collections.abc import Callable

from tests.scenarios.story import Story
from tests.scenarios.written_plans import MALLORY

Begin = Callable[..., Story]


def test_a_wave_that_nobody_approves_is_reminded_of_escalated_and_approved_by_somebody_else(story: Begin) -> None:
    drill = story(
        waves=[["critical"], ["critical"]],
        access={"approval_timeout": "90m", "escalation": {"after": "12m", "approvers": [MALLORY]}},
    )
    drill.start("linus")
    drill.until_asked(wave=2)
    drill.click("mallory", "approval/2/1", "approve")
    assert "You may approve this wave from" in drill.told("mallory")
    drill.until_shown("reminder/2/1")
    assert "From now on @mallory can approve it too, besides @grace." in drill.lines("reminder/2/1")
    drill.until(lambda _now: "from @grace or @mallory" in drill.lines("approval/2/1"))
    drill.click("mallory", "approval/2/1", "approve")
    ended = drill.until_ended()
    assert ended.outcome == "passed"
    assert [given.by.user_id for given in ended.wave(2).rounds[0].given] == [MALLORY]


def test_a_request_is_reminded_of_before_it_expires(story: Begin) -> None:
    drill = story(waves=[["critical"]], wave={"approval": "required"}, access={"approval_timeout": "16m"})
    drill.start("ada")
    drill.until_asked(wave=1)
    drill.until_held()
    assert drill.topics()[-3:] == ["approval/1/1", "reminder/1/1", "hold/1"]
    assert drill.lines("reminder/1/1").count("@grace or @linus can approve it.") == 1
    assert "@ada" not in drill.lines("reminder/1/1")
    drill.click("ada", "hold/1", "abort")
    assert drill.until_ended().outcome == "aborted"
