"""Makes the checks of launched servers, through boto3 (port `Checkers`). How each kind is made is in `check_*`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.config import Config

from bot.adapters.check_answers import all_failed
from bot.adapters.check_commands import Commands
from bot.adapters.check_launch_actions import look_at_launch_actions
from bot.adapters.check_probe import look_by_probe
from bot.adapters.check_runbooks import look_at_runbooks
from bot.adapters.check_status import look_at_status
from bot.adapters.drs_errors import CALL_ERRORS, translated
from bot.adapters.role_sessions import session_for
from bot.domain.checks import Answer, Ask
from bot.domain.plan import Target
from bot.domain.plan_checks import CheckKind

if TYPE_CHECKING:
    import boto3

_PATIENCE = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2})
_FOR_THE_PROBE = Config(connect_timeout=2, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 1})
"""The probe itself ends within its 15 seconds."""
_Look = Callable[[str, Sequence[Ask]], list[Answer]]


class CheckerAdapter:
    """What looks at servers in one account and Region.

    Args:
        ec2: boto3's client for EC2.
        ssm: for Systems Manager.
        drs: for DRS.
        functions: for Lambda.
    """

    def __init__(self, ec2: Any, ssm: Any, drs: Any, functions: Any) -> None:
        commands = Commands(ssm)
        self._ways: Mapping[str, _Look] = {
            CheckKind.STATUS: lambda _drill_id, asks: look_at_status(ec2, asks),
            CheckKind.COMMAND: commands.look,
            CheckKind.AUTOMATION: lambda drill_id, asks: look_at_runbooks(ssm, drill_id, asks),
            CheckKind.LAUNCH_ACTIONS: lambda _drill_id, asks: look_at_launch_actions(drs, asks),
            "instance": commands.look,
            "probe": lambda _drill_id, asks: look_by_probe(ec2, functions, asks),
        }

    def look(self, drill_id: str, asks: Sequence[Ask]) -> tuple[Answer, ...]:
        """Each way of asking once; what AWS refuses is the answer of all that were asked in that way."""
        by_way: dict[str, list[Ask]] = defaultdict(list)
        for ask in asks:
            by_way[_way(ask)].append(ask)
        answers: list[Answer] = []
        for way, group in by_way.items():
            try:
                answers += self._ways[way](drill_id, group)
            except CALL_ERRORS as error:
                answers += all_failed(group, translated(_CALLED[way], error).words)
        return tuple(answers)


def _way(ask: Ask) -> str:
    return ask.check.via if ask.check.kind in {CheckKind.TCP, CheckKind.HTTP} else ask.check.kind


_CALLED = {
    CheckKind.STATUS: "DescribeInstanceStatus",
    CheckKind.COMMAND: "SSM Run Command",
    CheckKind.AUTOMATION: "SSM Automation",
    CheckKind.LAUNCH_ACTIONS: "DescribeJobs",
    "instance": "SSM Run Command",
    "probe": "DescribeInstances",
}


class BotoCheckers:
    """What looks at servers wherever a plan's servers are (port `Checkers`). Clients are made once for each target.

    Args:
        session: the bot's own credentials; used as they are for targets without a role, else to assume the role.
    """

    def __init__(self, session: boto3.session.Session) -> None:
        self._session = session
        self._known: dict[Target, CheckerAdapter] = {}

    def at(self, target: Target) -> CheckerAdapter:
        """Of an account and Region, through its role if it has one. The role is assumed at the first call."""
        if target not in self._known:
            session = session_for(target, self._session, _PATIENCE)
            ec2, ssm, drs = (
                session.client(service, region_name=target.region, config=_PATIENCE)
                for service in ("ec2", "ssm", "drs")
            )
            functions = session.client("lambda", region_name=target.region, config=_FOR_THE_PROBE)
            self._known[target] = CheckerAdapter(ec2, ssm, drs, functions)
        return self._known[target]
