"""Commands of SSM on the launched instances: sent once for many, looked at later, and never sent twice.

SendCommand has no token by which a second one is known to be the same. So each command carries the drill and the check
in its comment, and before one is sent, the commands since the beginning of the checks are looked through for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.adapters.check_answers import UNKNOWN_INSTANCE, failed, passed, running
from bot.domain.checks import Answer, Ask

INSTANCES_OF_A_COMMAND = 50
"""botocore model: `InstanceIds` of SendCommand."""
INSTANCES_OF_A_FILTER = 50
COMMENT_LENGTH = 100
DELIVERY = 60
"""Seconds within which the agent must take the command (`TimeoutSeconds`; 30 at least)."""
SENT = "A command runs on it."
NOT_MANAGED = (
    "SSM does not see its agent online. Should it stay so, look at the agent, its way to SSM, and the instance profile."
)
_OF_THE_AGENT = ("----------ERROR", "failed to run commands:")
_UNDER_WAY = frozenset({"Pending", "InProgress", "Delayed", "Cancelling"})


@dataclass(frozen=True, slots=True)
class Command:
    """A document of SSM with its parameters, and what its output must contain, if anything."""

    document: str
    parameters: Mapping[str, Sequence[str]]
    says: str | None = None


@dataclass(frozen=True, slots=True)
class Commands:
    """Sends commands, and looks at them. `ssm`: boto3's client."""

    ssm: Any

    def look(self, drill_id: str, asks: Sequence[Ask]) -> list[Answer]:
        """Begin what has no `ref` yet, and look at the rest."""
        begun = [ask for ask in asks if ask.ref]
        fresh = [ask for ask in asks if not ask.ref]
        return [*self._look(begun), *(self._begin(drill_id, fresh) if fresh else ())]

    def platforms(self, instance_ids: Sequence[str]) -> dict[str, str]:
        """The instances whose agent is online, with their platform (botocore `PlatformType`)."""
        found: dict[str, str] = {}
        pages = self.ssm.get_paginator("describe_instance_information")
        for start in range(0, len(instance_ids), INSTANCES_OF_A_FILTER):
            named = list(instance_ids[start : start + INSTANCES_OF_A_FILTER])
            for page in pages.paginate(Filters=[{"Key": "InstanceIds", "Values": named}]):
                online = (each for each in page["InstanceInformationList"] if each.get("PingStatus") == "Online")
                found |= {each["InstanceId"]: each.get("PlatformType", "Linux") for each in online}
        return found

    def _begin(self, drill_id: str, asks: Sequence[Ask]) -> Iterator[Answer]:
        platforms = self.platforms([ask.ec2_instance_id for ask in asks if ask.ec2_instance_id])
        sent = self._sent_before(drill_id, asks)
        together: dict[tuple[str, str], list[Ask]] = defaultdict(list)
        for ask in asks:
            comment, instance = _comment(drill_id, ask), ask.ec2_instance_id
            if instance is None:
                yield failed(ask, UNKNOWN_INSTANCE)
            elif ref := sent.get((comment, instance)):
                yield running(ask, ref, SENT)
            elif instance not in platforms:
                yield failed(ask, NOT_MANAGED)
            else:
                together[comment, platforms[instance]].append(ask)
        for (comment, platform), group in together.items():
            for start in range(0, len(group), INSTANCES_OF_A_COMMAND):
                yield from self._send(comment, platform, group[start : start + INSTANCES_OF_A_COMMAND])

    def _sent_before(self, drill_id: str, asks: Sequence[Ask]) -> dict[tuple[str, str], str]:
        """Commands of these checks that were sent by a look whose answer was lost, by comment and instance."""
        wanted = {_comment(drill_id, ask) for ask in asks}
        since = min(ask.since for ask in asks).strftime("%Y-%m-%dT%H:%M:%SZ")
        pages = self.ssm.get_paginator("list_commands").paginate(Filters=[{"key": "InvokedAfter", "value": since}])
        ours = [each for page in pages for each in page["Commands"] if each.get("Comment") in wanted]
        return {
            (each["Comment"], instance_id): each["CommandId"] for each in ours for instance_id in each["InstanceIds"]
        }

    def _send(self, comment: str, platform: str, asks: Sequence[Ask]) -> Iterator[Answer]:
        command = command_of(asks[0], platform)
        sent = self.ssm.send_command(
            InstanceIds=[ask.ec2_instance_id for ask in asks],
            DocumentName=command.document,
            Parameters={name: list(texts) for name, texts in command.parameters.items()},
            TimeoutSeconds=DELIVERY,
            Comment=comment,
        )
        return (running(ask, sent["Command"]["CommandId"], SENT) for ask in asks)

    def _look(self, asks: Iterable[Ask]) -> Iterator[Answer]:
        by_command: dict[str, list[Ask]] = defaultdict(list)
        for ask in asks:
            by_command[ask.ref or ""].append(ask)
        pages = self.ssm.get_paginator("list_command_invocations")
        for ref, group in by_command.items():
            found = [
                each for page in pages.paginate(CommandId=ref, Details=True) for each in page["CommandInvocations"]
            ]
            invocations = {each["InstanceId"]: each for each in found}
            yield from (_answer(ask, ref, invocations.get(ask.ec2_instance_id or "")) for ask in group)


def command_of(ask: Ask, platform: str) -> Command:
    """What is run on an instance for a check."""
    from bot.adapters.check_scripts import script_of  # noqa: PLC0415 - only for checks of the network

    command = ask.check.command
    if command:
        return Command(command.document, command.parameters, command.says)
    document = "AWS-RunPowerShellScript" if platform == "Windows" else "AWS-RunShellScript"
    return Command(document, {"commands": [script_of(ask.check, platform)], "executionTimeout": ["120"]})


def _comment(drill_id: str, ask: Ask) -> str:
    """The drill and the check, the same for all of its servers at the same try."""
    wave, round_, number, _server, tries = ask.key.split("#")
    return f"{wave}#{round_}#{number}#{tries} {drill_id}"[:COMMENT_LENGTH]


def _answer(ask: Ask, ref: str, invocation: Mapping[str, Any] | None) -> Answer:
    status = invocation.get("Status", "Pending") if invocation else "Pending"
    if invocation is None or status in _UNDER_WAY:
        return running(ask, ref, SENT)
    output = "\n".join(str(each.get("Output", "")) for each in invocation.get("CommandPlugins", ()))
    if status != "Success":
        detail = invocation.get("StatusDetails") or status
        return failed(ask, f"{_last_line(output) or 'The command said nothing.'} ({detail})", output)
    says = ask.check.command.says if ask.check.command else None
    if says and says not in output:
        return failed(ask, f"The command has succeeded, but its output has no “{says}”.", output)
    return passed(ask, _last_line(output) or "The command has succeeded.", output)


def _last_line(output: str) -> str:
    """The last thing that was said, but for what SSM's agent adds to it."""
    lines = [line.strip() for line in output.splitlines() if line.strip() and not line.startswith(_OF_THE_AGENT)]
    return lines[-1] if lines else ""
