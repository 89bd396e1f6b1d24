"""Links into the AWS console.

No document gives the addresses: a job's is as aws-samples/drs-tools has it, an instance's as the EC2 console itself
shows it in the browser.
"""

from __future__ import annotations

from urllib.parse import quote

from bot.domain.plan import Target

_DOMAINS = {"cn": "console.amazonaws.cn", "us-gov": "console.amazonaws-us-gov.com"}
"""Consoles of the partitions other than AWS's public one, by how their Regions' names begin (botocore, partitions)."""


def job_link(target: Target, job_id: str) -> str:
    """A DRS job, as mrkdwn that leads to its page."""
    job = quote(job_id, safe="")
    return _link(target, "drs", f"/launchHistory/{job}", job)


def instance_link(target: Target, ec2_instance_id: str, words: str = "") -> str:
    """An EC2 instance, as mrkdwn that leads to its page; `words`, without mark-up, to be shown instead of its id."""
    instance = quote(ec2_instance_id, safe="")
    return _link(target, "ec2", f"InstanceDetails:instanceId={instance}", words or instance)


def _link(target: Target, service: str, page: str, words: str) -> str:
    kind = next((prefix for prefix in _DOMAINS if target.region.startswith(f"{prefix}-")), "")
    domain = _DOMAINS.get(kind, "console.aws.amazon.com")
    return f"<https://{target.region}.{domain}/{service}/home?region={target.region}#{page}|{words}>"
