"""What is asked of IAM for a plan's checks: whether they could be made at all (AWS: Service Authorization Reference).

A check that IAM refuses fails like any other, when the servers are launched and cost money: it is better known before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.domain.plan_checks import AutomationCheck, CheckKind, PlanCheck
from bot.domain.rights import ANY, ITS_TAG, Question

PROBE = "drs-drill-bot-probe"
"""The name of the probe's function, in each account and Region in which it is installed."""
ACTIONS = frozenset(
    {
        "ec2:DescribeInstanceStatus",
        "ec2:DescribeInstances",
        "lambda:InvokeFunction",
        "ssm:DescribeInstanceInformation",
        "ssm:GetAutomationExecution",
        "ssm:ListCommandInvocations",
        "ssm:ListCommands",
        "ssm:SendCommand",
        "ssm:StartAutomationExecution",
    }
)
"""All that checks may call."""
_SHELL = "AWS-RunShellScript"
"""What a port or an address is asked by. Which instances run Windows is not known before."""


_READ_COMMANDS = ("ssm:DescribeInstanceInformation", "ssm:ListCommands", "ssm:ListCommandInvocations")
_OF_DRS = {f"{key}/{ITS_TAG}": "drs.amazonaws.com" for key in ("ssm:resourceTag", "aws:ResourceTag")}


def check_questions(partition: str, account_id: str, region: str, checks: Iterable[PlanCheck]) -> Iterator[Question]:
    """What is asked for these checks; nothing where there are none that call AWS."""
    checks, place = tuple(checks), f"arn:{partition}:{{service}}:{region}:{account_id}:"
    if any(check.kind is CheckKind.STATUS for check in checks):
        yield Question(actions=("ec2:DescribeInstanceStatus",), resources=("*",))
    yield from _commands(place, account_id, [check for check in checks if _is_command(check)])
    yield from _runbooks(place, account_id, [check.automation for check in checks if check.automation])
    if any(check.via == "probe" for check in checks):
        yield Question(actions=("ec2:DescribeInstances",), resources=("*",))
        function = f"{place.format(service='lambda')}function:{PROBE}"
        yield Question(actions=("lambda:InvokeFunction",), resources=(function,))


def _commands(place: str, account_id: str, checks: list[PlanCheck]) -> Iterator[Question]:
    if not checks:
        return
    documents = dict.fromkeys(map(_document, checks))
    sent = tuple(_owned(place, account_id, "document", each) for each in documents)
    instance = f"{place.format(service='ec2')}instance/i-{ANY}"
    yield Question(actions=_READ_COMMANDS, resources=("*",))
    yield Question(actions=("ssm:SendCommand",), resources=sent)
    yield Question(actions=("ssm:SendCommand",), resources=(instance,), context=_OF_DRS)


def _runbooks(place: str, account_id: str, runbooks: list[AutomationCheck]) -> Iterator[Question]:
    if not runbooks:
        return
    names = dict.fromkeys(f"{runbook.document}:$DEFAULT" for runbook in runbooks)
    started = tuple(_owned(place, account_id, "automation-definition", each) for each in names)
    execution = f"{place.format(service='ssm')}automation-execution/{ANY}"
    yield Question(actions=("ssm:StartAutomationExecution",), resources=started)
    yield Question(actions=("ssm:GetAutomationExecution",), resources=(execution,))


def _is_command(check: PlanCheck) -> bool:
    over_the_network = check.kind in {CheckKind.TCP, CheckKind.HTTP}
    return check.kind is CheckKind.COMMAND or (over_the_network and check.via == "instance")


def _document(check: PlanCheck) -> str:
    return check.command.document if check.command else _SHELL


def _owned(place: str, account_id: str, kind: str, name: str) -> str:
    """The ARN of a document: one that is named by its ARN, one of AWS's own, or one of the account's."""
    if name.startswith("arn:"):
        return name
    own = place.format(service="ssm")
    return f"{own.replace(account_id, '') if name.startswith('AWS') else own}{kind}/{name}"
