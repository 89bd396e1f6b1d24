"""Which stages are looked at in which size."""

from __future__ import annotations

from bot.domain.commands import Topic
from tests.unit.builders import Story
from tests.unit.views.stages import STAGES, Size

USUAL = (
    "ready",
    "ready-again",
    "converting",
    "waiting",
    "failed-wave",
    "unwaived",
    "partly-waived",
    "second-attempt",
    "terminating",
    "passed",
    "aborted",
)
"""Where it is good to see what most people will see."""
LARGEST = (
    *(
        "ready",
        "ready-again",
        "launching",
        "warned",
        "refused",
        "converting",
        "partly-approved",
        "approved",
        "deferred",
        "failed-wave",
    ),
    *(
        "second-attempt",
        "held",
        "approved-with-comments",
        "rejected",
        "glass-broken",
        "escalated",
        "hindered",
        "passed-with-findings",
        "never-shown",
        "failed",
    ),
    *("unwaived", "waived", "frozen", "chosen-by-tags", "other-servers", "not-looked-up", "still-up"),
    *("not-reported", "found", "signed"),
)
"""Where the largest drill looks different from the smallest by more than its numbers."""
CASES = [
    *((stage, Size.SMALLEST) for stage in STAGES),
    *((stage, Size.USUAL) for stage in USUAL),
    *((stage, Size.LARGEST) for stage in LARGEST),
]
CASE_IDS = [f"{stage}-{size.value}" for stage, size in CASES]


def newest_topics(story: Story) -> list[Topic]:
    """The topics that were to be drawn, of each kind the newest."""
    return list({topic.kind: topic for topic in story.topics}.values())
