"""The report on paper: what a director reads on its first page, what an auditor finds behind it, how large it is."""

from __future__ import annotations

import struct
import subprocess
import sys
import time
from datetime import timedelta

import pypdfium2
import pytest

from bot.documents.report import report
from bot.documents.timeline import timeline_picture
from bot.documents.trend import trend_picture
from bot.domain.cleanup_events import LeftoversFound
from bot.domain.evidence import Beside, Evidence
from bot.domain.evidence_parts import Profile
from bot.domain.facts import RecoveryInstance
from bot.domain.leftovers import Leftover
from bot.domain.results import result_of
from bot.domain.states import Purpose
from tests.unit.builders import a_plan, server_id
from tests.unit.evidence_cases import CASES, a_large_plan, beside, checked, launch
from tests.unit.recorded import Recorded


def pages_of(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [page.get_textpage().get_text_range() for page in document]


def written(evidence: Evidence) -> list[str]:
    return pages_of(report(evidence))


def size_of(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("case", CASES)
def test_the_same_evidence_is_the_same_picture_and_the_same_pdf(case: str) -> None:
    made = CASES[case]().evidence()
    picture = timeline_picture(made)
    assert timeline_picture(made) == picture
    assert report(made) == report(made)


def test_the_first_page_has_the_verdict_the_figures_what_was_found_and_who_signed() -> None:
    story = CASES["signed"]()
    first, *_rest = written(story.evidence(beside(story)))
    for told in (
        "Payments in the recovery Region",
        "Passed",
        "44m",
        "objective 1h30m: met",
        "objective 15m: met",
        "3 of 3",
        "none",
        "Signed off by Grace Hopper",
        "The ledger needs a larger disk. Open: U0LINUS, until 2026-04-01.",
    ):
        assert told in first, told


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (
            "refused",
            (
                "Refused by the checks before Start",
                "nothing was launched",
                "What was found",
                "does not replicate (STALLED)",
            ),
        ),
        (
            "aborted",
            (
                "Aborted",
                "not every critical server was recovered",
                "each shown gone",
                "The ledger is not whole. Aborted by",
            ),
        ),
        ("withdrawn", ("Cancelled before Start", "none was launched")),
    ],
)
def test_a_drill_that_proves_nothing_says_so_first(case: str, told: tuple[str, ...]) -> None:
    first = written(CASES[case]().evidence())[0]
    for words in told:
        assert words in first, words


def test_an_objective_that_was_missed_is_told_as_loudly_as_one_that_was_met() -> None:
    story = checked(Recorded(a_large_plan(5, 1)), lag=timedelta(minutes=30)).started()
    for _wave in range(5):
        launch(story)
    first = written(story.cleaned().evidence())[0]
    assert first.count("MISSED") == 2
    assert "Passed with findings" in first
    assert "30m" in first


def test_behind_it_is_everything_that_an_auditor_asks_for() -> None:
    story = CASES["held-and-retried"]()
    made = story.evidence(beside(story))
    text = "\n".join(written(made)[1:])
    for title in (
        "Objective and scope",
        "Success criteria",
        "People",
        "Decisions, approvals and refusals",
        "Readiness at the start",
        "Waves and servers",
        "Checks run",
        "Holds, retries, skips and overrides",
        "Proof of cleanup",
        "Findings",
        "Compared with earlier drills of the plan",
        "Notes",
        "Every event",
        "The record, and how to check it",
    ):
        assert title in text, title
    assert "InsufficientInstanceCapacity" in text
    assert made.plan_hash in text
    assert made.record.head in text
    assert "Ada Łukasiewicz" in text
    for wave in made.waves:
        for server in wave.servers:
            assert server.id in text
            assert server.job_id
            assert server.job_id in text


def test_every_event_has_its_line() -> None:
    story = CASES["passed"]()
    text = "\n".join(written(story.evidence()))
    for record in story.records:
        assert record.event.type.replace("_", " ") in text
        assert f"{record.at:%Y-%m-%d %H:%M:%S}" in text


def test_the_trend_stands_beside_earlier_drills() -> None:
    story = CASES["passed"]()
    this = result_of(story.drill)
    assert this
    earlier = this.model_copy(update={"drill_id": "payments-earlier", "ended_at": this.ended_at.replace(year=2025)})
    assert "payments-earlier" in "\n".join(written(story.evidence(Beside(results=(earlier,)))))


def test_a_trend_is_drawn_of_two_drills_that_recovered_and_of_no_fewer() -> None:
    story = CASES["passed"]()
    this = result_of(story.drill)
    assert this
    earlier = this.model_copy(update={"drill_id": "payments-earlier", "ended_at": this.ended_at.replace(year=2025)})
    lost = earlier.model_copy(update={"recovery": None})
    assert trend_picture(story.evidence(Beside(results=(lost,))).comparison) is None
    made = story.evidence(Beside(results=(earlier,)))
    drawn = trend_picture(made.comparison)
    assert drawn
    assert size_of(drawn) == (1650, 345)
    assert len(report(made)) > len(report(story.evidence())) + 10_000


@pytest.mark.parametrize("name", ["漢字 <!channel>", "x" * 400, "a\nb\tc\x00", "😀 Ada", ""])
def test_whatever_people_and_servers_are_called_the_report_is_made(name: str) -> None:
    story = CASES["passed"]()
    made = story.evidence(Beside(profiles={"U0ADA": Profile(name=name, email=name)}))
    assert "Passed" in written(made)[0]


def test_twenty_waves_and_500_servers_fit_into_a_report_that_is_quick_small_and_whole() -> None:
    story = checked(Recorded(a_large_plan(20, 25))).started()
    for _wave in range(20):
        launch(story)
    made = story.cleaned().evidence()
    begun = time.process_time()
    picture = timeline_picture(made)
    content = report(made)
    assert time.process_time() - begun < 30
    assert len(content) < 5_000_000
    text = "\n".join(pages_of(content))
    assert all(server.id in text for wave in made.waves for server in wave.servers)
    width, height = size_of(picture)
    assert width == 1656
    assert 2_100 < height < 2_300


def test_the_picture_is_sharp_where_slack_shows_it_and_leaves_the_thread_its_room() -> None:
    width, height = size_of(timeline_picture(CASES["passed"]().evidence()))
    assert width == 1656
    assert height < width / 2  # three waves and their legend are wider than high, and take little of the thread


def test_hundreds_of_checks_that_passed_are_counted_and_those_that_did_not_are_listed() -> None:
    made = CASES["passed"]().evidence()
    wave = made.waves[0]
    failed = wave.checks[0].model_copy(update={"state": "failed", "said": "connection refused"})
    many = made.model_copy(update={"waves": (wave.model_copy(update={"checks": (*wave.checks * 100, failed)}),)})
    text = "\n".join(written(many))
    assert "200 of 201 passed" in text
    assert "only those that did not pass are listed" in text
    assert text.count("TCP port 443") < 10
    assert "connection refused" in text


def test_neither_the_door_nor_the_notifier_ever_imports_what_pictures_are_made_with() -> None:
    code = (
        "import sys, bot.entrypoints.slack_events, bot.entrypoints.notifier, bot.entrypoints.executor, bot.bootstrap\n"
        "import bot.slack.app, bot.views, bot.application.executor, bot.adapters.s3_shelf\n"
        "print([name for name in ('matplotlib', 'fpdf', 'numpy', 'PIL') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert found.stdout.strip() == "[]"


def test_a_sweep_is_told_as_a_cleanup_and_not_as_a_recovery_that_failed() -> None:
    seen = RecoveryInstance(id="i-left", server_id=server_id(1), is_drill=True, job_id="drsjob-1")
    left = Leftover(instance=seen, drill_id="payments-1", is_known=False)
    story = Recorded(a_plan(("Database", 1)), purpose=Purpose.SWEEP).tell(LeftoversFound(leftovers=(left,)))
    first = written(story.started().cleaned().evidence())[0]
    assert "Swept" in first
    assert "1 terminated, each shown gone" in first
    assert "Recovery time" not in first


def test_what_does_not_hold_and_what_nobody_knows_comes_before_what_holds() -> None:
    first = written(CASES["aborted"]().evidence())[0]
    told = ("is recovered within", "are launched only after", "would have been older", "is terminated in the end")
    assert sorted(told, key=first.index) == list(told)
