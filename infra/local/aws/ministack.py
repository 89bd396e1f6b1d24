"""ministack as a process: DynamoDB with streams, SQS, Secrets Manager, S3 and CloudFormation on a free port.

It pins a botocore of its own, so it lives in an environment of its own (`infra/tools/ministack`).
"""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self, overload

import boto3

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient

EXECUTABLE = Path(__file__).parents[2] / "tools" / "ministack" / ".venv" / "bin" / "ministack"
ACCOUNT_ID = "111122223333"
REGION = "eu-west-1"
READY_WITHIN = 30.0
ROOT = "root"
# `read` returns when our end of the shell's standard input closes, on purpose or because we died. Then the process
# goes, its files, and the whole group with whatever it has started.
LIFELINE = '"$0" & read -r _; kill -9 $!; wait $!; rm -rf -- "$TMPDIR"; kill -9 0'


@dataclass(slots=True)
class Ministack:
    """A running ministack; a context manager that ends it for certain, also when this process is killed.

    State is in memory and goes with it, and so does `directory`, for files that shall live no longer. Accounts are
    apart: the access key id *is* the 12-digit account. With `enforces` it checks signatures and IAM instead, there is
    one account, and the clients here are its root's.
    """

    account_id: str = ACCOUNT_ID
    region: str = REGION
    enforces: bool = False
    endpoint_url: str = field(init=False)
    directory: Path = field(init=False)
    _process: subprocess.Popen[bytes] = field(init=False)
    _session: boto3.Session = field(init=False)

    def __enter__(self) -> Self:
        self.start()
        try:
            self.wait_until_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the process and return at once; `wait_until_ready` tells when it answers."""
        if not EXECUTABLE.exists():
            raise FileNotFoundError(f"{EXECUTABLE} is missing: run `uv sync --frozen` in {EXECUTABLE.parents[2]}")
        port = free_port()
        self.endpoint_url = f"http://127.0.0.1:{port}"
        self.directory = Path(tempfile.mkdtemp(prefix="ministack-"))
        self._session = boto3.Session(aws_access_key_id=self.key_id, aws_secret_access_key=ROOT)
        with self.log_file.open("wb") as log:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", LIFELINE, str(EXECUTABLE)],
                env=self._process_environment(port),
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_ready(self) -> None:
        """Wait until the port is open.

        Raises:
            TimeoutError: it did not open within half a minute; the message ends with ministack's log.
        """
        give_up = time.monotonic() + READY_WITHIN
        address = ("127.0.0.1", int(self.endpoint_url.rpartition(":")[2]))
        while True:
            try:
                socket.create_connection(address, timeout=1).close()
            except OSError:
                if time.monotonic() > give_up:
                    raise TimeoutError(f"ministack did not start: {self.log_file.read_text()}") from None
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """End the process and remove its files."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait()

    @property
    def key_id(self) -> str:
        """The access key id of the clients here."""
        return ROOT if self.enforces else self.account_id

    @property
    def log_file(self) -> Path:
        """What ministack writes: warnings and errors."""
        return self.directory / "ministack.log"

    @overload
    def client(self, service: Literal["dynamodb"]) -> DynamoDBClient: ...
    @overload
    def client(self, service: Literal["dynamodbstreams"]) -> DynamoDBStreamsClient: ...
    @overload
    def client(self, service: Literal["secretsmanager"]) -> SecretsManagerClient: ...
    @overload
    def client(self, service: Literal["sqs"]) -> SQSClient: ...
    @overload
    def client(self, service: str) -> Any: ...
    def client(self, service: Any) -> Any:
        """A boto3 client of this ministack's account and Region."""
        return self._session.client(service, region_name=self.region, endpoint_url=self.endpoint_url)

    def environment(self) -> dict[str, str]:
        """What the SDK in another process needs to come here, and nowhere else."""
        return {
            "AWS_ACCESS_KEY_ID": self.key_id,
            "AWS_SECRET_ACCESS_KEY": ROOT,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
            "AWS_ENDPOINT_URL": self.endpoint_url,
            # Whatever the developer's own AWS files and machine say must not leak in.
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def _process_environment(self, port: int) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "TMPDIR": str(self.directory),
            "GATEWAY_PORT": str(port),
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "127.0.0.1",
            "MINISTACK_REGION": self.region,
            "MINISTACK_ACCOUNT_ID": self.account_id,  # whose HTTP APIs unsigned requests reach
            "LOG_LEVEL": "WARNING",
            "AWS_ACCESS_KEY_ID": ROOT,
            "AWS_SECRET_ACCESS_KEY": ROOT,
            "AUTH": str(self.enforces).lower(),
        }


def free_port() -> int:
    """A TCP port of the loopback interface that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
