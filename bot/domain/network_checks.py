"""Whether the instances have a place in the network: launch templates that are there, subnets with free addresses.

All of it warns: what EC2 shows is of this moment, and a drill that runs out of addresses fails without harm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from bot.domain.facts import LaunchSettings, Network, SourceServer, Unread
from bot.domain.findings import Check, Finding, Rule, Severity

NO_TEMPLATE = Rule(
    check=Check.NETWORK,
    severity=Severity.WARN,
    when="EC2 does not have the launch template that DRS names for a server",
    remedy="The server would not be launched. Open its launch settings in the DRS console, and save them anew.",
)
NO_SUBNET = Rule(
    check=Check.NETWORK,
    severity=Severity.WARN,
    when="launch templates name no subnet, so that EC2 chooses one of the default VPC",
    remedy="Name the subnet of the drill's network in the launch template, if the instances belong into one.",
)
SUBNET_GONE = Rule(
    check=Check.NETWORK,
    severity=Severity.WARN,
    when="EC2 does not have the subnet that launch templates name",
    remedy="The servers would not be launched. Correct the subnet in their launch templates.",
)
FULL = Rule(
    check=Check.NETWORK,
    severity=Severity.WARN,
    when="a subnet has fewer free addresses than servers of the plan are launched into it",
    limit="a free address for each server",
    remedy="Launches may fail for want of an address. Free some, or spread the servers over more subnets.",
)
NETWORK_UNREAD = Rule(
    check=Check.NETWORK,
    severity=Severity.WARN,
    when="EC2's launch templates or subnets cannot be read",
    remedy="Whether the instances have a place is not known. Let the bot read them (template.yaml, DrsReads).",
)
RULES = (NO_TEMPLATE, NO_SUBNET, SUBNET_GONE, FULL, NETWORK_UNREAD)


def examine_network(
    servers: Iterable[SourceServer],
    settings: Mapping[str, LaunchSettings] | Unread,
    network: Network | Unread,
) -> Iterator[Finding]:
    """What is wrong with where the servers are launched. Nothing where their launch settings could not be read."""
    if isinstance(settings, Unread):
        return
    if isinstance(network, Unread):
        yield NETWORK_UNREAD.finding(f"Where the servers are launched could not be read: {network.error}")
        return
    needed: Counter[str | None] = Counter()
    for server in servers:
        template = settings[server.id].template_id if server.id in settings else None
        if template and template in network.subnets:
            needed[network.subnets[template]] += 1
        elif template:
            told = f"{server.called} is launched by {template}, which EC2 does not have."
            yield NO_TEMPLATE.finding(told, server.id)
    for subnet, number in needed.items():
        yield from _place(subnet, number, network.free)


def _place(subnet: str | None, servers: int, free: Mapping[str, int]) -> Iterator[Finding]:
    of_servers = "1 server" if servers == 1 else f"{servers} servers"
    if subnet is None:
        yield NO_SUBNET.finding(f"The launch templates of {of_servers} name no subnet.")
    elif subnet not in free:
        yield SUBNET_GONE.finding(f"{of_servers} would be launched into {subnet}, which EC2 does not have.")
    elif free[subnet] < servers:
        limit = _addresses(servers)
        yield FULL.finding(f"{subnet} has {_addresses(free[subnet])} for {of_servers}.", limit=limit)


def _addresses(number: int) -> str:
    return "1 free address" if number == 1 else f"{number} free addresses"
