"""What to do about errors that a launch often ends with: those of EC2 with which DRS cannot launch an instance.

Source: docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html, and for what can be set in DRS
docs.aws.amazon.com/drs/latest/userguide/launching-target-servers.html.
"""

from __future__ import annotations

from bot.domain.drill_parts import Hold
from bot.domain.states import HoldReason

_ABOUT_A_LAUNCH = {HoldReason.SERVERS_FAILED, HoldReason.LAUNCH_REFUSED}
_QUOTA = "Ask AWS for a higher quota of running On-Demand instances, or end what this account does not need."
_ADVICE = {
    "InsufficientInstanceCapacity": (
        "EC2 has no room for this instance type in the Availability Zone just now. Retry in a few minutes, or choose "
        "another instance type or subnet in the server's launch settings."
    ),
    "VcpuLimitExceeded": f"This account may run no more vCPUs in this Region. {_QUOTA}",
    "InstanceLimitExceeded": f"This account may run no more instances of this type in this Region. {_QUOTA}",
    "InsufficientFreeAddressesInSubnet": (
        "The subnet has no free address. Free some, or choose a larger subnet in the server's launch settings."
    ),
    "UnauthorizedOperation": (
        "EC2 was not allowed to do what the launch needs. Look whether a service control policy, or a policy of the "
        "role or the key in the launch settings, forbids it."
    ),
}


def advice(held: Hold) -> str:
    """What to do about the errors that a hold tells of, each once; nothing where none of them is well known."""
    if held.reason not in _ABOUT_A_LAUNCH:
        return ""
    return "\n".join(f"💡 {told}" for code, told in _ADVICE.items() if code in held.detail)
