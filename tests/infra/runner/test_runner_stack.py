"""The stack ends everything it started, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from infra.local.aws.ministack import Ministack
from infra.local.aws.resources import StackFailedError, create_resources
from infra.local.runner.worker_process import FunctionError
from infra.local.stack import LocalStack
from tests.infra.runner.conftest import HOOK, TEMPLATE

ROOT = Path(__file__).parents[3]
HOLD = """
import signal, sys, threading
from pathlib import Path
from infra.local.stack import LocalStack
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell ignores it for what it runs in the background
with LocalStack(template=Path(sys.argv[1]), clock_hook=sys.argv[2], env={"NOTES": sys.argv[3]}):
    print("up", flush=True)
    threading.Event().wait()
"""


def descendants(pid: int) -> set[int]:
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (FileNotFoundError, ProcessLookupError):
                continue  # it has just ended
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def running(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_nothing_is_left_when_its_process_is_killed_or_interrupted(how: signal.Signals, tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(TEMPLATE), HOOK, str(tmp_path)]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(  # noqa: S603  our own code
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"up\n"
        children = descendants(process.pid)
        assert list(tmp_path.glob("ministack-*"))
        assert len(children) >= 7  # a shell, ministack and at least a worker per function
        os.kill(process.pid, how)
    give_up = time.monotonic() + 5
    while any(running(child) for child in children):
        assert time.monotonic() < give_up
        time.sleep(0.01)
    assert list(tmp_path.glob("*")) == []


def test_no_process_and_no_file_is_left_after_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = descendants(os.getpid())
    with LocalStack(template=TEMPLATE, clock_hook=HOOK, env={"NOTES": str(tmp_path)}):
        assert len(descendants(os.getpid()) - before) >= 7
    assert descendants(os.getpid()) - before == set()
    assert list(tmp_path.glob("*")) == []


def test_a_handler_that_cannot_be_imported_stops_the_start_with_the_reason(
    ministack: Ministack, tmp_path: Path
) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE.read_text().replace("handlers.poller", "handlers.missing"))
    before = descendants(os.getpid())
    stack = LocalStack(template=template, clock_hook=HOOK, env={"NOTES": str(tmp_path)}, ministack=ministack)
    with pytest.raises(FunctionError, match=r"AttributeError.*missing"), stack:
        pytest.fail("it started")
    assert descendants(os.getpid()) - before == set()


def test_each_stack_has_a_table_of_its_own_within_milliseconds(ministack: Ministack) -> None:
    create_resources(ministack, TEMPLATE)
    started = time.monotonic()
    names = {create_resources(ministack, TEMPLATE).table_name for _ in range(5)}
    assert len(names) == 5
    assert time.monotonic() - started < 2


def test_a_stack_that_cloudformation_refuses_is_an_error_with_its_reason(ministack: Ministack, tmp_path: Path) -> None:
    template = tmp_path / "template.yaml"
    template.write_text(TEMPLATE.read_text().replace("VisibilityTimeout: 30", "VisibilityTimeout: 99999"))
    with pytest.raises(StackFailedError, match="VisibilityTimeout"):
        create_resources(ministack, template)


def test_the_slack_secret_is_where_the_template_says(ministack: Ministack, tmp_path: Path) -> None:
    secret = {"bot_token": "xoxb-1", "signing_secret": "s"}
    options = {"NOTES": str(tmp_path)}
    with LocalStack(template=TEMPLATE, clock_hook=HOOK, env=options, ministack=ministack, secret=secret) as stack:
        value = stack.client("secretsmanager").get_secret_value(SecretId="drs-drill-bot/slack")["SecretString"]
    assert value == '{"bot_token": "xoxb-1", "signing_secret": "s"}'
