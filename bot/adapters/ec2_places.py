"""Where EC2 would put instances, through boto3: the default versions of launch templates, and their subnets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.domain.facts import Network

MAX_SUBNETS = 200
"""Values of a filter (AWS: EC2 API, Filter); one page of launch templates is as large."""


def network(ec2: Any, template_ids: Iterable[str]) -> Network:
    """The subnets of these launch templates.

    All templates of the account are listed: their versions can be asked for one template at a time, or for all at once
    (botocore `DescribeLaunchTemplateVersionsRequest`). DRS launches from the default version (AWS: DRS user guide).
    """
    wanted = set(template_ids)
    if not wanted:
        return Network()
    pages = ec2.get_paginator("describe_launch_template_versions").paginate(
        Versions=["$Default"], PaginationConfig={"PageSize": MAX_SUBNETS}
    )
    versions = (version for page in pages for version in page["LaunchTemplateVersions"])
    subnets = {
        version["LaunchTemplateId"]: _subnet(version["LaunchTemplateData"])
        for version in versions
        if version["LaunchTemplateId"] in wanted
    }
    return Network(subnets=subnets, free=_free(ec2, sorted({each for each in subnets.values() if each})))


def _subnet(template: Mapping[str, Any]) -> str | None:
    return next((each["SubnetId"] for each in template.get("NetworkInterfaces", ()) if each.get("SubnetId")), None)


def _free(ec2: Any, subnet_ids: list[str]) -> dict[str, int]:
    """Free addresses by subnet. By a filter, since a single id that is gone would fail the whole call otherwise."""
    found: dict[str, int] = {}
    for start in range(0, len(subnet_ids), MAX_SUBNETS):
        chosen = [{"Name": "subnet-id", "Values": subnet_ids[start : start + MAX_SUBNETS]}]
        for page in ec2.get_paginator("describe_subnets").paginate(Filters=chosen):
            found |= {subnet["SubnetId"]: subnet["AvailableIpAddressCount"] for subnet in page["Subnets"]}
    return found
