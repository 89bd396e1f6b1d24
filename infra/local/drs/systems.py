"""Systems Manager, as far as checks go through it: who is online, commands on instances, and runbooks.

What a document would do is not done: a command or runbook ends well after a while, unless its instance is ill
(`Faults.afflict`) or its document is to fail (`Faults.fail_document`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.responses import ActionResult
from moto.ssm.responses import SimpleSystemManagerResponse

from infra.local.drs.clock import world_now
from infra.local.drs.health import COMMAND_TAKES, RUNBOOK_TAKES, Ailment, is_online
from infra.local.drs.ids import digest
from infra.local.drs.models import DrsBackend, drs_backends
from infra.local.drs.responses import KeysOfAccounts


@dataclass(frozen=True, slots=True)
class Command:
    """A command that was sent; `failing`: the instances on which it does."""

    id: str
    document: str
    comment: str
    parameters: Mapping[str, Sequence[str]]
    instance_ids: tuple[str, ...]
    sent_at: datetime
    failing: frozenset[str]


@dataclass(frozen=True, slots=True)
class Runbook:
    """A runbook that was started."""

    id: str
    document: str
    parameters: Mapping[str, Sequence[str]]
    started_at: datetime
    fails: bool


class SystemsOfInstances(KeysOfAccounts, SimpleSystemManagerResponse):
    """moto's Systems Manager, with the instances that DRS has launched in it."""

    def describe_instance_information(self) -> ActionResult:
        """The instances whose agent is online."""
        wanted = {value for each in self._sent("Filters") or () for value in each["Values"]}
        backend, now = self._backend(), world_now()
        with backend.lock:
            found = [
                {"InstanceId": instance.id, "PingStatus": "Online", "PlatformType": "Linux", "AgentVersion": "3.3.1"}
                for instance, state in backend.existing_instances(now)
                if instance.id in wanted
                and is_online(state, instance, now)
                and not backend.faults.is_ill(instance.source_server_id, Ailment.NO_AGENT)
            ]
        return ActionResult({"InstanceInformationList": found})

    def send_command(self) -> ActionResult:
        """A command on instances that are online; others refuse it whole (botocore: InvalidInstanceId)."""
        backend, now = self._backend(), world_now()
        instance_ids = tuple(self._sent("InstanceIds") or ())
        with backend.lock:
            known = {each.id: each.source_server_id for each, state in backend.existing_instances(now)}
            if not set(instance_ids) <= set(known):
                raise JsonRESTError("InvalidInstanceId", f"Instances {list(instance_ids)} not in a valid state")
            ill = {each for each in instance_ids if backend.faults.is_ill(known[each], Ailment.SILENT)}
            command = Command(
                id=_uuid("command", len(backend.commands), self.current_account),
                document=str(self._sent("DocumentName")),
                comment=str(self._sent("Comment") or ""),
                parameters=self._sent("Parameters") or {},
                instance_ids=instance_ids,
                sent_at=now,
                failing=frozenset(ill),
            )
            backend.commands[command.id] = command
        return ActionResult({"Command": _command_wire(command)})

    def list_commands(self) -> ActionResult:
        """The commands, or those since a time."""
        since = next((each["value"] for each in self._sent("Filters") or () if each["key"] == "InvokedAfter"), None)
        first = datetime.fromisoformat(since) if since else None
        backend = self._backend()
        with backend.lock:
            commands = [each for each in backend.commands.values() if first is None or each.sent_at >= first]
        return ActionResult({"Commands": [_command_wire(each) for each in commands]})

    def list_command_invocations(self) -> ActionResult:
        """How far a command is on each of its instances."""
        backend, now = self._backend(), world_now()
        with backend.lock:
            command = backend.commands.get(str(self._sent("CommandId")))
        if command is None:
            raise JsonRESTError("InvalidCommandId", "")
        return ActionResult({"CommandInvocations": [_invocation(command, each, now) for each in command.instance_ids]})

    def start_automation_execution(self) -> ActionResult:
        """A runbook; the same token means the same one."""
        backend, now, token = self._backend(), world_now(), str(self._sent("ClientToken"))
        document = str(self._sent("DocumentName"))
        with backend.lock:
            if token not in backend.runbooks:
                backend.runbooks[token] = Runbook(
                    id=_uuid("runbook", len(backend.runbooks), self.current_account),
                    document=document,
                    parameters=self._sent("Parameters") or {},
                    started_at=now,
                    fails=backend.faults.document_fails(document),
                )
            return ActionResult({"AutomationExecutionId": backend.runbooks[token].id})

    def get_automation_execution(self) -> ActionResult:
        """How far a runbook is."""
        backend, wanted = self._backend(), self._sent("AutomationExecutionId")
        with backend.lock:
            runbook = next((each for each in backend.runbooks.values() if each.id == wanted), None)
        if runbook is None:
            raise JsonRESTError("AutomationExecutionNotFoundException", "")
        return ActionResult({"AutomationExecution": _runbook_wire(runbook, world_now())})

    def _backend(self) -> DrsBackend:
        return drs_backends[self.current_account][self.region]

    def _sent(self, name: str) -> Any:
        return json.loads(self.body).get(name)


def _uuid(kind: str, number: int, account: str) -> str:
    text = digest(kind, f"{account}/{number}")[:32]
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:32]))


def _command_wire(command: Command) -> dict[str, Any]:
    return {
        "CommandId": command.id,
        "DocumentName": command.document,
        "Comment": command.comment,
        "InstanceIds": list(command.instance_ids),
        "RequestedDateTime": command.sent_at.timestamp(),
        "Status": "InProgress",
    }


def _invocation(command: Command, instance_id: str, now: datetime) -> dict[str, Any]:
    """Botocore `CommandInvocation`."""
    said = {"CommandId": command.id, "InstanceId": instance_id, "Comment": command.comment}
    if now < command.sent_at + COMMAND_TAKES:
        return {**said, "Status": "InProgress", "StatusDetails": "InProgress", "CommandPlugins": []}
    ill = instance_id in command.failing
    status = "Failed" if ill else "Success"
    output = "It does not answer.\nfailed to run commands: exit status 1" if ill else "It answers."
    plugin = {"Name": "aws:runShellScript", "Status": status, "ResponseCode": int(ill), "Output": output}
    return {**said, "Status": status, "StatusDetails": status, "CommandPlugins": [plugin]}


def _runbook_wire(runbook: Runbook, now: datetime) -> dict[str, Any]:
    over = now >= runbook.started_at + RUNBOOK_TAKES
    status = ("Failed" if runbook.fails else "Success") if over else "InProgress"
    why = {"FailureMessage": "Step fails when it is Execute"} if over and runbook.fails else {}
    return {
        "AutomationExecutionId": runbook.id,
        "DocumentName": runbook.document,
        "AutomationExecutionStatus": status,
        "CurrentStepName": "run",
        **why,
    }
