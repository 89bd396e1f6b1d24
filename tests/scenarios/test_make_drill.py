"""`make drill`, as its user sees it: the exit status and the last line, with and without something that goes wrong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from infra.local import drs
from infra.local.aws.ministack import Ministack
from infra.local.drill import main
from infra.local.drs.models import drs_backends
from infra.local.named_faults import FAULTS
from infra.local.world import PROJECT

ONE_SERVER = ("--plan", "single-server", "--speed", "240")


@pytest.fixture(autouse=True)
def _fresh_drs() -> Iterator[None]:
    """DRS lives in this process, and so outlasts the worlds in it."""
    drs_backends.reset()
    yield
    drs_backends.reset()


@pytest.fixture(scope="module")
def done() -> subprocess.CompletedProcess[str]:
    """A drill in which nothing goes wrong, as `make drill` runs it."""
    return subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "infra.local.drill", *ONE_SERVER],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_drill_that_passes_exits_with_0(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 0, done.stderr
    assert "PASSED: recovery time" in done.stdout.splitlines()[-1]
    assert "no instance left running" in done.stdout


@pytest.mark.parametrize(("fault", "words"), [("launch-failed", "Insufficient"), ("denied", "AccessDenied")])
def test_a_drill_that_ends_on_hold_says_why_and_does_not_exit_with_0(
    ministack: Ministack, capsys: pytest.CaptureFixture[str], fault: str, words: str
) -> None:
    assert main([*ONE_SERVER, "--fault", fault], ministack) == 1
    told = capsys.readouterr().out
    assert "NOT ENDED: the drill is on hold" in told.splitlines()[-1]
    assert words in told


def test_a_drill_whose_reply_is_lost_adopts_the_job_and_passes(
    ministack: Ministack, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*ONE_SERVER, "--fault", "reply-lost"], ministack) == 0
    assert "PASSED: recovery time" in capsys.readouterr().out.splitlines()[-1]
    assert [call.reply_lost for call in calls(ministack) if call.operation == "StartRecovery"] == [True]


def test_drs_that_cannot_be_read_while_a_job_runs_harms_no_drill(
    ministack: Ministack, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*ONE_SERVER, "--fault", "drs-unreadable"], ministack) == 0
    assert "PASSED: recovery time" in capsys.readouterr().out.splitlines()[-1]
    made = calls(ministack)
    launch = next(call for call in made if call.operation == "StartRecovery")
    looks = [(call.outcome, call.at > launch.at) for call in made if call.operation == "DescribeJobs"]
    assert ("InternalServerException", True) in looks
    assert ("InternalServerException", False) not in looks
    assert looks[-1] == ("ok", True)


def test_a_click_is_told_when_it_is_made(done: subprocess.CompletedProcess[str]) -> None:
    shown, clicked, started = (
        _seconds(re.search(rf"^(..:..:..) .*{words}", done.stdout, re.MULTILINE))
        for words in ("Ready to start", "clicks Start", "Started by @ada")
    )
    assert clicked - shown >= 19
    assert clicked <= started


def test_every_fault_is_in_the_readme() -> None:
    readme = (PROJECT / "README.md").read_text()
    assert [name for name in FAULTS if name != "none" and not re.search(rf"(FAULT=|`){name}`", readme)] == []


def calls(ministack: Ministack) -> list[drs.Call]:
    return drs.recorded_calls(ministack.account_id, ministack.region)


def _seconds(line: re.Match[str] | None) -> int:
    assert line
    hours, minutes, seconds = map(int, line.group(1).split(":"))
    return (hours * 60 + minutes) * 60 + seconds
