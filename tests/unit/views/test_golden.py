"""Every view, at its smallest and largest, is what it was when somebody last looked at it.

`pytest tests/unit/views --update-golden` writes the files anew; look at the difference before you keep it. `reads` is
what a person sees, with the times in UTC.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.application.ports.slack import Message
from bot.domain.commands import Topic
from infra.local.slack.blockkit import TEXT_BUDGET, check_message, text_length
from tests.unit.builders import Story
from tests.unit.views.cases import CASE_IDS, CASES, newest_topics
from tests.unit.views.reading import draw, reads
from tests.unit.views.stages import Size, at, history

GOLDEN = Path(__file__).parents[2] / "golden" / "views"

KINDS: dict[str, str] = {
    "proposed": "card",
    "ready": "card preflight",
    "choosing": "card",
    "from-before": "card",
    "from-newest": "card",
    "ready-again": "card",
    "warned": "card preflight",
    "refused": "card preflight",
    "unwaived": "card preflight",
    "partly-waived": "card preflight",
    "waived": "card preflight",
    "out-of-hours": "card preflight",
    "frozen": "card preflight",
    "choosing-by-tags": "card",
    "chosen-by-tags": "card preflight",
    "starting": "card",
    "other-servers": "card false_start",
    "ready-once-more": "card preflight",
    "not-looked-up": "card false_start",
    "withdrawn": "card",
    "expired": "card",
    "only-to-check": "card",
    "checked-and-not-started": "card",
    "started": "card started wave",
    "side-ready": "card",
    "side-by-side": "card wave approval",
    "side-held": "card hold approval",
    "side-waiting": "card",
    "left-out": "card wave hold",
    "checked-again": "card operation wave",
    "sweeping": "card",
    "left-over": "card",
    "nothing-left-over": "card",
    "not-looked": "card",
    "left-as-it-was": "card",
    "sweeping-up": "card cleanup",
    "swept": "card result",
    "preparing": "card",
    "not-prepared": "card hold",
    "verifying": "card wave",
    "asking": "card wave confirmation",
    "confirmed": "card wave confirmation",
    "denied": "card wave confirmation hold",
    "not-verified": "card wave hold",
    "verified": "card wave result",
    "launching": "card wave",
    "converting": "card wave",
    "waiting": "card approval",
    "partly-approved": "card approval",
    "approved": "approval",
    "approval-expired": "card approval hold",
    "asked-again": "approval hold",
    "aborted-waiting": "card approval aborted",
    "deferred": "card deferral",
    "deferral-over": "deferral",
    "deferral-given-up": "deferral",
    "failed-wave": "card wave hold",
    "second-attempt": "card wave hold",
    "skipped": "card hold",
    "launch-refused": "card hold",
    "launch-unknown": "hold",
    "unsafe": "hold",
    "too-slow": "hold",
    "waiting-after-a-wave": "card",
    "operating": "card operation",
    "waiting-for-a-click": "card operation",
    "still-up": "card operation still_up",
    "operated": "card operation cleanup",
    "cleaned-up-by-somebody": "operation still_up",
    "too-slow-and-well-after-all": "hold",
    "job-lost": "hold",
    "last-jobs": "card",
    "lost-later": "card hold",
    "held": "card approval hold",
    "held-by-the-button": "card hold",
    "resumed": "card approval hold",
    "approved-with-comments": "approval",
    "rejected": "card approval hold",
    "glass-broken": "card approval break_glass",
    "rejection-overruled": "approval hold",
    "reminded": "card approval reminder",
    "escalated": "card approval reminder",
    "approved-after-all": "approval reminder",
    "group-waiting": "card approval",
    "group-reminded": "reminder",
    "hold-aborted": "hold",
    "aborting": "card aborted",
    "cleaning-up": "card cleanup",
    "terminating": "card cleanup",
    "hindered": "card cleanup",
    "passed": "card cleanup result",
    "passed-with-findings": "card wave result",
    "too-late": "card result",
    "never-shown": "card result",
    "failed": "card result",
    "aborted": "card result",
    "reported": "card report",
    "not-reported": "card report",
    "asked-for-again": "card report",
    "found": "report",
    "signed": "card report",
}
"""Which topics are worth a look at each stage."""


@pytest.mark.parametrize(
    ("stage", "size"),
    CASES,
    ids=CASE_IDS,
)
def test_what_is_shown_is_what_it_was(stage: str, size: Size, pytestconfig: pytest.Config) -> None:
    story = at(stage, size)
    shown = {topic.key: _seen(draw(story.drill, topic, *history(stage, size))) for topic in _topics(story, stage)}
    written = json.dumps(shown, ensure_ascii=False, indent=1) + "\n"
    file = GOLDEN / f"{stage}.{size.value}.json"
    if pytestconfig.getoption("--update-golden"):
        file.write_text(written, encoding="utf-8")
    assert written == file.read_text(encoding="utf-8"), f"{file.name} differs; see --update-golden"


def test_no_golden_file_is_left_over() -> None:
    wanted = {f"{stage}.{size.value}.json" for stage, size in CASES}
    assert {file.name for file in GOLDEN.glob("*.json")} - {"home.json", "modals.json", "replies.json"} == wanted


def _topics(story: Story, stage: str) -> list[Topic]:
    newest = {topic.kind.value: topic for topic in newest_topics(story)}
    return [newest[kind] for kind in KINDS[stage].split()]


def _seen(message: Message | None) -> dict[str, object]:
    assert message is not None
    blocks = json.loads(message.blocks)
    assert check_message({"text": message.text, "blocks": blocks}) == []
    assert text_length(blocks) <= TEXT_BUDGET
    return {"text": message.text, "reads": reads(message), "blocks": blocks}
