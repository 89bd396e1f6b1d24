"""`make drill`, as its user sees it: the exit status and the last line."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from infra.local.world import PROJECT


def drill(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "infra.local.drill", "--speed", "240", *arguments],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_drill_that_passes_exits_with_0() -> None:
    done = drill("--plan", "single-server")
    assert done.returncode == 0, done.stderr
    assert "PASSED: recovery time" in done.stdout.splitlines()[-1]
    assert "no instance left running" in done.stdout


@pytest.mark.parametrize(("fault", "words"), [("launch-failed", "Insufficient"), ("denied", "AccessDenied")])
def test_a_drill_that_ends_on_hold_says_why_and_does_not_exit_with_0(fault: str, words: str) -> None:
    done = drill("--plan", "single-server", "--fault", fault)
    assert done.returncode == 1, done.stderr
    assert "NOT ENDED: the drill is on hold" in done.stdout.splitlines()[-1]
    assert words in done.stdout
