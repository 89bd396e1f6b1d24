"""The local stack: ministack, the functions of template.yaml and all that wakes them, on a world clock of any speed.

with LocalStack(speed=60, drs_endpoint=drs.endpoint_url, slack_api_url=slack.api_url) as stack:
    requests.post(stack.request_url, ...)
    stack.wait_until(lambda: ..., timeout=30)
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, overload

from infra.local.aws.iam import Rights
from infra.local.aws.ministack import Ministack
from infra.local.aws.resources import TEMPLATE, Resources, create_resources, create_secret
from infra.local.clock import WorldClock
from infra.local.runner.functions import Failure, Surroundings
from infra.local.runner.guarded import DENIED, TAKEN, USED
from infra.local.runner.runner import Runner

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_sqs import SQSClient

SECRET_NAME = "drs-drill-bot/slack"
# Clicks come at the same instant, and a launch may wait for AWS while another drill's work goes on.
PROCESSES = {"slack_events": 2, "executor": 2}
POLL = 0.01


@dataclass(slots=True)
class LocalStack:
    """The whole stack as a context manager; it ends everything in any case.

    Args:
        speed: how many times as fast as wall time world time runs; `start` is its first moment (default: now).
        template: the SAM template that is obeyed; handlers are imported from `root`.
        drs_endpoint: where the functions find DRS, and all that tells of it and of what it launches.
        slack_api_url: base of Slack's Web API, as the template's parameter SlackApiUrl.
        env: more environment for every function.
        parameters: values for the template's parameters.
        secret: what the Slack secret holds.
        processes: workers per function, by name; others have one.
        clock_hook: called in each worker with the world's clock, before the handler is imported.
        ministack: a running one to share; else the stack starts its own.
        log_directory: where the functions' logs stay after the end; else they go with ministack.
    """

    speed: float = 1.0
    start: datetime | None = None
    template: Path = TEMPLATE
    drs_endpoint: str | None = None
    slack_api_url: str | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    secret: Mapping[str, str] = field(default_factory=lambda: {"bot_token": "xoxb-local", "signing_secret": "local"})
    processes: Mapping[str, int] = field(default_factory=lambda: PROCESSES)
    clock_hook: str = "bot.bootstrap.use_world_clock"
    ministack: Ministack | None = None
    log_directory: Path | None = None
    root: Path = TEMPLATE.parent
    clock: WorldClock = field(init=False)
    resources: Resources = field(init=False)
    failures: list[Failure] = field(init=False, default_factory=list)
    _runner: Runner = field(init=False)
    _aws: Ministack = field(init=False)
    _ending: ExitStack = field(init=False, default_factory=ExitStack)

    def __enter__(self) -> Self:
        with self._ending as ending:
            self._aws = self.ministack or ending.enter_context(Ministack())
            # In ministack's directory, which goes even when this process is killed.
            logs = self.log_directory or Path(tempfile.mkdtemp(prefix="functions-", dir=self._aws.directory))
            parameters = dict(self.parameters)
            if self.slack_api_url:
                parameters["SlackApiUrl"] = self.slack_api_url
            self.resources = create_resources(self._aws, self.template, parameters)
            create_secret(self._aws, self.parameters.get("SlackSecretName", SECRET_NAME), self.secret)
            self.clock = WorldClock(self.speed, self.start)
            surroundings = self._surroundings(logs)
            self._runner = Runner(self._aws, self.resources, surroundings, self.processes, self.failures.append)
            ending.callback(self._runner.stop)
            self._runner.start()
            self._ending = ending.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.close()

    @property
    def request_url(self) -> str:
        """Where Slack sends its requests: the template's route."""
        ((_, path),) = self._runner.gateway.routes
        return f"{self._runner.gateway.url}{path}"

    def set_speed(self, speed: float) -> None:
        """Run the world faster or slower from now on; 0 pauses it."""
        self.clock.set_speed(speed)
        for function in self._runner.functions.values():
            function.tell_time()

    def kill(self, function: str) -> int:
        """SIGKILL the function's processes that are in the middle of an invocation; how many there were.

        The invocations count as failed and their event source tries again, as with Lambda. To kill at a certain call,
        call this from the simulator that receives it.
        """
        return self._runner.functions[function].kill()

    def log(self, function: str) -> str:
        """What the function has printed so far."""
        return self._runner.functions[function].log.read_text()

    def denied_calls(self) -> list[dict[str, Any]]:
        """The functions' calls that their roles do not allow, but for what `take_away` has taken."""
        return [call for call in self._told(DENIED) if not call["on_purpose"]]

    def used_actions(self) -> set[tuple[str, str]]:
        """Which function has used which action so far."""
        return {(used["function"], used["action"]) for used in self._told(USED)}

    def rights(self, function: str) -> Rights:
        """What a function's role allows."""
        return Rights(tuple(json.loads((self._rights_folder / f"{function}.json").read_text())))

    def take_away(self, *actions: str) -> None:
        """Deny these actions to every function from now on, and no others that were taken away before."""
        (self._rights_folder / TAKEN).write_text(json.dumps(actions))

    @property
    def _rights_folder(self) -> Path:
        return self._runner.surroundings.logs / "rights"

    def _told(self, name: str) -> list[dict[str, Any]]:
        path = self._rights_folder / name
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def dead_letters(self) -> list[Any]:
        """The bodies of the messages in the dead-letter queues, ten of each at most; they stay there."""
        queues = self.client("sqs")
        bodies = []
        for name, url in self.resources.queue_urls.items():
            if "DeadLetter" in name:
                received = queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
                bodies += [json.loads(message["Body"]) for message in received.get("Messages", [])]
        return bodies

    def put_drs_event(self, event: Mapping[str, Any]) -> int:
        """Put an event of DRS's on the event bus; to how many queues the template's rules sent it."""
        sent = self._runner.events.put(event)
        self._runner.activity.nudge()
        return sent

    def idle(self) -> bool:
        """Whether no function runs and nothing that is due waits for one. Delays and schedules do not count."""
        return self._runner.idle()

    def settle(self, timeout: float = 10.0) -> None:
        """Wait until what has been written so far is delivered and done.

        Raises:
            TimeoutError: it was not within `timeout` seconds of wall time.
        """
        self._runner.activity.nudge()
        self.wait_until(self.idle, timeout)

    def wait_until(self, predicate: Callable[[], object], timeout: float = 10.0) -> None:
        """Wait until `predicate` holds.

        Raises:
            TimeoutError: it did not within `timeout` seconds of wall time; the message tells of failed invocations.
        """
        give_up = time.monotonic() + timeout
        while not predicate():
            if time.monotonic() > give_up:
                failed = [f"{failure.function}: {failure.error}" for failure in self.failures]
                raise TimeoutError(f"not within {timeout} s; failed invocations: {failed or 'none'}")
            time.sleep(POLL)

    @overload
    def client(self, service: Literal["dynamodb"]) -> DynamoDBClient: ...
    @overload
    def client(self, service: Literal["sqs"]) -> SQSClient: ...
    @overload
    def client(self, service: str) -> Any: ...
    def client(self, service: Any) -> Any:
        """A boto3 client of the stack's AWS."""
        return self._aws.client(service)

    def _surroundings(self, logs: Path) -> Surroundings:
        served = [f"AWS_ENDPOINT_URL_{service}" for service in ("DRS", "SERVICE_QUOTAS", "EC2", "SSM", "LAMBDA")]
        endpoints = dict.fromkeys(served, self.drs_endpoint) if self.drs_endpoint else {}
        return Surroundings(
            account_id=self._aws.account_id,
            region=self._aws.region,
            environment={**self._aws.environment(), **endpoints, **self.env},
            root=self.root,
            logs=logs,
            clock=self.clock,
            clock_hook=self.clock_hook,
        )
