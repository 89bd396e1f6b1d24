from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was measured, in figures: how long each entrypoint's import takes in a new process."""
    measured = {
        report.nodeid.rpartition("[")[2].rstrip("]"): dict(report.user_properties).get("seconds")
        for report in terminalreporter.getreports("passed")
    }
    for name, seconds in sorted(measured.items()):
        if isinstance(seconds, float):
            terminalreporter.write_line(f"import of {name:<12} {seconds:5.2f} s")
