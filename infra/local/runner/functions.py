"""The functions: processes that are invoked, killed and started again, and a record of what failed."""

from __future__ import annotations

import itertools
import os
import queue
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from infra.local.clock import WorldClock
from infra.local.runner.activity import Activity
from infra.local.runner.deployment import FunctionSpec
from infra.local.runner.guarded import RIGHTS
from infra.local.runner.worker_process import FunctionError, WorkerCommand, WorkerProcess


@dataclass(frozen=True, slots=True)
class Failure:
    """An invocation that failed, at a world time."""

    function: str
    request_id: str
    at: datetime
    error: FunctionError


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all functions share: account, endpoints and credentials, code, clock, and where logs go."""

    account_id: str
    region: str
    environment: Mapping[str, str]
    root: Path
    logs: Path
    clock: WorldClock
    clock_hook: str


@dataclass(slots=True, eq=False)
class Function:
    """One Lambda function with a number of worker processes, its concurrency.

    `rights` is the file by which its calls are judged (`guarded`); without it, none is.
    """

    spec: FunctionSpec
    surroundings: Surroundings
    activity: Activity
    processes: int = 1
    on_failure: Callable[[Failure], None] = lambda _: None
    rights: Path | None = None
    # Ready ones first, of these the one used last: as in Lambda, a warm process is preferred.
    _idle: queue.PriorityQueue[tuple[bool, int, WorkerProcess]] = field(init=False, default_factory=queue.PriorityQueue)
    _turn: Iterator[int] = field(init=False, default_factory=lambda: itertools.count(0, -1))
    _workers: set[WorkerProcess] = field(init=False, default_factory=set)
    _busy: set[WorkerProcess] = field(init=False, default_factory=set)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    @property
    def arn(self) -> str:
        """The function's ARN."""
        return f"arn:aws:lambda:{self.surroundings.region}:{self.surroundings.account_id}:function:{self.spec.name}"

    @property
    def log(self) -> Path:
        """The file that takes what the function prints."""
        return self.surroundings.logs / f"{self.spec.name}.log"

    def start_worker(self) -> WorkerProcess:
        """Start one more process; it is ready some time later."""
        worker = WorkerProcess(self._command(), self.surroundings.clock.reading())
        with self._lock:
            self._workers.add(worker)
        self._offer(worker)
        return worker

    def invoke(self, event: Any) -> Any:
        """What the function returns; waits while all its processes are busy.

        Raises:
            FunctionError: it raised, timed out or died; it is on record, and a new process is started if need be.
        """
        request_id = str(uuid.uuid4())
        with self.activity.invocation():
            worker = self._idle.get()[-1]
            with self._lock:
                self._busy.add(worker)
            try:
                worker.wait_until_ready()
                return worker.invoke(event, self._context(request_id), self.spec.timeout)
            except FunctionError as error:
                if not self.activity.stopping.is_set():
                    self.on_failure(Failure(self.spec.name, request_id, self.surroundings.clock.now(), error))
                raise
            finally:
                self._put_back(worker)

    def kill(self) -> int:
        """SIGKILL the processes that are in the middle of an invocation; how many there were."""
        with self._lock:
            victims = list(self._busy)
        for worker in victims:
            worker.kill()
        return len(victims)

    def tell_time(self) -> None:
        """Let the workers' clocks follow the stack's."""
        with self._lock:
            workers = list(self._workers)
        for worker in workers:
            worker.tell_time(self.surroundings.clock.reading())

    def terminate(self) -> None:
        """End all processes. What is being invoked fails, what waits for its turn fails too."""
        with self._lock:
            workers = list(self._workers)
        for worker in workers:
            worker.terminate()

    def close(self) -> None:
        """End all processes and let go of them; nothing may be invoking any more."""
        self.terminate()
        for worker in self._workers:
            worker.close()

    def _offer(self, worker: WorkerProcess) -> None:
        self._idle.put((not worker.ready, next(self._turn), worker))

    def _put_back(self, worker: WorkerProcess) -> None:
        with self._lock:
            self._busy.discard(worker)
        if worker.alive or self.activity.stopping.is_set():
            self._offer(worker)
            return
        with self._lock:
            self._workers.discard(worker)
        worker.close()
        self.start_worker()

    def _context(self, request_id: str) -> dict[str, Any]:
        return {
            "function_name": self.spec.name,
            "memory_limit_in_mb": str(self.spec.memory),
            "aws_request_id": request_id,
            "invoked_function_arn": self.arn,
            "deadline": time.time() + self.spec.timeout,
        }

    def _command(self) -> WorkerCommand:
        environment = {
            # LAMBDA_TASK_ROOT is left out: powertools takes it as a sign that X-Ray's daemon is there.
            "AWS_LAMBDA_FUNCTION_NAME": self.spec.name,
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self.spec.memory),
            "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{self.spec.name}",
            "AWS_LAMBDA_LOG_STREAM_NAME": "local",
            "TZ": ":UTC",
            "PATH": os.environ.get("PATH", os.defpath),
            "PYTHONUNBUFFERED": "1",
            **self.surroundings.environment,
            **self.spec.environment,
            **({RIGHTS: str(self.rights)} if self.rights else {}),
        }
        hook = self.surroundings.clock_hook
        return WorkerCommand(self.spec.handler, hook, environment, self.log, self.surroundings.root)
