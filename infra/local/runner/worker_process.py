"""A worker process seen from the stack: start, invoke, kill."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

from infra.local.clock import ClockReading

# Lambda gives a cold start ten seconds; a busy machine with two cores gets more.
READY_WITHIN = 60.0


class FunctionError(Exception):
    """A function raised, ran out of time, or its process died.

    `kind` and `message` are what Lambda calls errorType and errorMessage.
    """

    def __init__(self, kind: str, message: str, stack_trace: tuple[str, ...] = ()) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.message = message
        self.stack_trace = stack_trace


@dataclass(frozen=True, slots=True)
class WorkerCommand:
    """How to start a worker of one function: its handler, environment, log and where its code is."""

    handler: str
    clock_hook: str
    environment: Mapping[str, str]
    log: Path
    root: Path


@dataclass(slots=True, eq=False)
class WorkerProcess:
    """One execution environment. It serves one invocation at a time; who invokes it sees to that."""

    command: WorkerCommand
    reading: ClockReading
    _process: subprocess.Popen[bytes] = field(init=False)
    _socket: Connection = field(init=False)
    _writing: threading.Lock = field(init=False, default_factory=threading.Lock)
    ready: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self._socket, theirs = Pipe()
        arguments = [str(theirs.fileno()), self.command.handler, self.command.clock_hook]
        with self.command.log.open("ab") as log, theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "infra.local.worker", *arguments],
                cwd=self.command.root,
                env=dict(self.command.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C in the terminal is for the stack, which then ends its workers
            )
        self.tell_time(self.reading)

    def tell_time(self, reading: ClockReading) -> None:
        """Let the worker's world clock follow the stack's."""
        self._send({"clock": asdict(reading)})

    def wait_until_ready(self) -> None:
        """Wait until the handler is imported.

        Raises:
            FunctionError: it cannot be imported; the process is dead.
        """
        if self.ready:
            return
        try:
            self._answer(READY_WITHIN)
        except FunctionError:
            self.terminate()
            raise
        self.ready = True

    def invoke(self, event: Any, context: Mapping[str, Any], timeout: float) -> Any:
        """What the handler returns for `event`. A worker that raised FunctionError may be dead: see `alive`.

        Raises:
            FunctionError: it raised, did not answer within `timeout` seconds (and was killed), or died.
        """
        self._send({"event": event, "context": context})
        return self._answer(timeout)

    def kill(self) -> None:
        """SIGKILL, as a crash."""
        self._process.kill()

    def terminate(self) -> None:
        """End the process for certain; who waits for its answer gets an error."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Let go of an ended process. Nobody may be waiting for its answer."""
        self._socket.close()

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def _send(self, message: Mapping[str, Any]) -> None:
        try:
            with self._writing:
                self._socket.send_bytes(json.dumps(message).encode())
        except OSError:
            return  # it is dead; who waits for its answer learns that

    def _answer(self, timeout: float) -> Any:
        try:
            if not self._socket.poll(timeout):
                self.terminate()
                raise FunctionError("Sandbox.Timedout", f"Task timed out after {timeout:.2f} seconds")
            answer = json.loads(self._socket.recv_bytes())
        except (EOFError, ConnectionResetError):
            status = self._process.wait()
            raise FunctionError("Runtime.ExitError", f"Runtime exited with status {status}") from None
        if "error" in answer:
            error = answer["error"]
            raise FunctionError(error["errorType"], error["errorMessage"], tuple(error["stackTrace"]))
        return answer.get("result")
