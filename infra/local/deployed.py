"""The bot deployed for real into a local AWS that enforces IAM: `sam deploy` of its artefacts, woken by that AWS.

Nothing of the runner of `infra.local.stack` is here: API, stream, queues and schedule are ministack's, each function
runs under its own role's credentials, and time is wall time. DRS and Slack are the simulators. What the local AWS has
not (policies of event buses, alarms that add metrics up, TLS) is left out of the template; added are the simulators'
addresses.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

from samtranslator.yaml_helper import yaml_parse

from bot.adapters.dynamodb import DynamoDbStore
from bot.adapters.dynamodb_table import Table
from bot.adapters.plan_files import PlanFiles
from infra import artefact
from infra.local import drs
from infra.local.aws.ministack import Ministack
from infra.local.aws.resources import LOCAL_PARAMETERS, TEMPLATE, create_secret
from infra.local.clock import WorldClock
from infra.local.drs.server import DrsServer
from infra.local.people import workspace
from infra.local.slack.server import SlackServer
from infra.local.stack import SECRET_NAME
from infra.local.world import World

SAM = artefact.ROOT / "infra" / "tools" / "sam" / ".venv" / "bin" / "sam"
STACK = "drs-drill-bot"
SIMULATED = ("DRS", "SERVICE_QUOTAS", "EC2", "SSM", "LAMBDA", "IAM")
"""Services of which the functions find the simulator; in all others they meet the local AWS."""


def is_known(resource: Mapping[str, Any]) -> bool:
    """Whether ministack's CloudFormation has it: no policies of event buses, and no alarms that add metrics up."""
    return resource["Type"] != "AWS::Events::EventBusPolicy" and "Metrics" not in resource.get("Properties", {})


@dataclass(slots=True)
class DeployedStack:
    """What a `World` asks of its stack."""

    ministack: Ministack
    outputs: Mapping[str, str]
    clock: WorldClock = field(default_factory=lambda: WorldClock(1.0))
    failures: list[Any] = field(default_factory=list)

    @property
    def resources(self) -> SimpleNamespace:
        """The names of what was made."""
        return SimpleNamespace(
            table_name=self.outputs["TableName"], buckets={"EvidenceBucket": self.outputs["EvidenceBucketName"]}
        )

    def client(self, service: str) -> Any:
        """A boto3 client of the account's root."""
        return self.ministack.client(service)

    def idle(self) -> bool:
        """Nobody can tell from outside."""
        return True

    def log(self, function: str) -> str:
        """What a function has logged."""
        logs, group = self.client("logs"), f"/aws/lambda/{STACK}-{function}"
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group)
        return "\n".join(event["message"] for page in pages for event in page["events"])


class DeployedWorld(World):
    """A world whose bot was deployed. `sam` says what `sam deploy` has said."""

    sam: str

    def __enter__(self) -> Self:
        plan_files = PlanFiles(self.plans)
        plans = [plan_files.load(name) for name in plan_files.names()]
        with self._ending as ending:
            self._aws = ending.enter_context(Ministack(enforces=True))
            drs_server = ending.enter_context(DrsServer())
            self.slack = ending.enter_context(SlackServer(workspace(plans)))
            app = self.slack.state.app
            create_secret(self._aws, SECRET_NAME, {"bot_token": app.bot_token, "signing_secret": app.signing_secret})
            folder = Path(ending.enter_context(tempfile.TemporaryDirectory(prefix="deployed-")))
            template = write_template(folder, drs_server.endpoint_url, self.plans)
            parameters = {"SlackApiUrl": self.slack.api_url, "ChecksBySsm": "true", **LOCAL_PARAMETERS}
            self.sam = sam_deploy(self._aws, template, parameters)
            self.stack = DeployedStack(self._aws, outputs_of(self._aws))  # type: ignore[assignment]
            drs.start_afresh(self.account, self.region)
            drs.look_up_accounts(lambda _key: self.account)
            ending.callback(drs.look_up_accounts, None)
            url = ending.enter_context(Door(self._aws, self.stack.outputs["RequestUrl"])).url  # type: ignore[attr-defined]
            self.slack.request_url = url
            self.table = Table(self.stack.client("dynamodb"), self.stack.resources.table_name)
            self.store = DynamoDbStore(self.table)
            for plan in plans:
                self.seed(plan)
            self._ending = ending.pop_all()
        return self


def write_template(folder: Path, drs_endpoint: str, plans: Path) -> Path:
    """The template as it is deployed, beside artefacts for this machine's processor and Python, with these plans."""
    template = yaml_parse(TEMPLATE.read_text())
    template["Resources"] = {name: each for name, each in template["Resources"].items() if is_known(each)}
    for each in template["Resources"].values():
        _allow_plain_http(each["Properties"].get("PolicyDocument", {}))
        for policy in each["Properties"].get("Policies", ()):
            _name_batches(policy["PolicyDocument"])
    functions = [name for name, each in template["Resources"].items() if each["Type"] == "AWS::Serverless::Function"]
    for name in functions:
        template["Resources"][name].pop("Metadata", None)
        template["Resources"][name]["Properties"]["CodeUri"] = _built(folder, name, plans)
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    variables |= {f"AWS_ENDPOINT_URL_{service}": drs_endpoint for service in SIMULATED}
    path = folder / "template.json"
    path.write_text(json.dumps(template))
    return path


def _allow_plain_http(policy: dict[str, Any]) -> None:
    """On loopback there is no TLS: leave out what denies requests without it."""
    statements = policy.get("Statement", [])
    policy["Statement"] = [each for each in statements if "aws:SecureTransport" not in str(each)]


def _name_batches(policy: dict[str, Any]) -> None:
    """A batch needs `sqs:SendMessage` (SQS: API permissions). Ministack asks for an action of its own."""
    for statement in policy["Statement"]:
        if "sqs:SendMessage" in statement["Action"]:
            actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
            statement["Action"] = [*actions, "sqs:SendMessageBatch"]


def _built(folder: Path, function: str, plans: Path) -> str:
    into = folder / (function if function == artefact.DOCUMENTS else "Others")
    if not into.exists():
        artefact.build(function, into, None)
        shutil.rmtree(into / "plans")
        shutil.copytree(plans, into / "plans")
    return into.name


def sam_deploy(ministack: Ministack, template: Path, parameters: Mapping[str, str]) -> str:
    """`make deploy`'s last step, into a local AWS.

    Raises:
        RuntimeError: with what sam has said.
    """
    overrides = [f"{name}={value}" for name, value in parameters.items()]
    command = [
        str(SAM),
        "deploy",
        "--template-file",
        str(template),
        "--stack-name",
        STACK,
        "--region",
        ministack.region,
    ]
    command += ["--resolve-s3", "--no-confirm-changeset", "--capabilities", "CAPABILITY_IAM"]
    command += ["--parameter-overrides", *overrides]
    environment = {**os.environ, **ministack.environment(), "SAM_CLI_TELEMETRY": "0"}
    done = subprocess.run(command, cwd=template.parent, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout


def outputs_of(ministack: Ministack) -> dict[str, str]:
    """The deployed stack's outputs."""
    (stack,) = ministack.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


class Door:
    """An address on loopback for the deployed API, whose name ministack takes from the Host header."""

    def __init__(self, ministack: Ministack, request_url: str) -> None:
        api = request_url.removeprefix("https://").partition(".")[0]
        self._address = ministack.endpoint_url.removeprefix("http://")
        self._host = f"{api}.execute-api.{self._address}"
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        """Where Slack sends its requests."""
        return f"http://127.0.0.1:{self._server.server_port}/slack/events"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        address, host = self._address, self._host

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                connection = http.client.HTTPConnection(address, timeout=30)
                connection.request("POST", self.path, body, {**dict(self.headers), "Host": host})
                answer = connection.getresponse()
                content = answer.read()
                self.send_response_only(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in {"content-length", "transfer-encoding", "connection"}:
                        self.send_header(name, value)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)
                connection.close()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
                """Say nothing."""

        return Handler
