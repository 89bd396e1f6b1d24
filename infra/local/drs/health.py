"""How launched instances are, as EC2's status checks, SSM's agent and what is asked of them show it: pure.

How long they take is a guess: AWS says that status checks run every minute, and nothing of how long a boot takes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from infra.local.drs.ids import digest
from infra.local.drs.instances import InstanceState, RecoveryInstance

BOOTS_FOR = timedelta(seconds=100)
"""Until both status checks have passed."""
AGENT_AFTER = timedelta(seconds=70)
"""Until the agent of SSM is online."""
COMMAND_TAKES = timedelta(seconds=12)
RUNBOOK_TAKES = timedelta(seconds=45)


class Ailment(StrEnum):
    """What can be wrong with an instance that runs."""

    IMPAIRED = "impaired"
    """One of its status checks never passes."""
    NO_AGENT = "no_agent"
    """SSM never hears of it."""
    SILENT = "silent"
    """What is asked of it, by SSM or over the network, fails."""


def status_checks(state: InstanceState, instance: RecoveryInstance, now: datetime, *, impaired: bool) -> dict[str, str]:
    """The system's and the instance's own status check (botocore EC2 `SummaryStatus`)."""
    if state is not InstanceState.RUNNING:
        return {"SystemStatus": "not-applicable", "InstanceStatus": "not-applicable"}
    if now < instance.launched_at + BOOTS_FOR:
        return {"SystemStatus": "initializing", "InstanceStatus": "initializing"}
    return {"SystemStatus": "ok", "InstanceStatus": "impaired" if impaired else "ok"}


def is_online(state: InstanceState, instance: RecoveryInstance, now: datetime) -> bool:
    """Whether its agent has come to SSM by now."""
    return state is InstanceState.RUNNING and now >= instance.launched_at + AGENT_AFTER


def private_address(instance_id: str) -> str:
    """An address of 10.0.0.0/8, always the same for an instance."""
    parts = [int(digest("address", instance_id)[place : place + 2], 16) for place in (0, 2, 4)]
    return "10." + ".".join(str(part % 254 + 1) for part in parts)
