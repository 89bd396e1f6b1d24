"""Links into the AWS console."""

from __future__ import annotations

from urllib.parse import quote

from bot.domain.plan import Target

_DOMAINS = {"cn": "console.amazonaws.cn", "us-gov": "console.amazonaws-us-gov.com"}
"""Consoles of the partitions other than AWS's public one, by how their Regions' names begin (botocore, partitions)."""


def job_link(target: Target, job_id: str) -> str:
    """A DRS job, as mrkdwn that leads to its page (the address as aws-samples/drs-tools has it)."""
    kind = next((prefix for prefix in _DOMAINS if target.region.startswith(f"{prefix}-")), "")
    domain = _DOMAINS.get(kind, "console.aws.amazon.com")
    job = quote(job_id, safe="")
    return f"<https://{target.region}.{domain}/drs/home?region={target.region}#/launchHistory/{job}|{job}>"
