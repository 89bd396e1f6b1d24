"""Ids, ARNs and variation, all derived from what they belong to: the same story gives the same ids and lengths."""

from __future__ import annotations

import hashlib

from moto.utilities.utils import get_partition

ID_LENGTH = 17


def digest(*parts: object) -> str:
    """Hexadecimal digest of `parts`: the only source of variety in the simulator."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()


def fraction(*parts: object) -> float:
    """A number from 0 up to 1, always the same for the same `parts`."""
    return int(digest(*parts)[:8], 16) / 0x1_0000_0000


def source_server_id(*parts: object) -> str:
    """A well-formed `s-…` id for any name, for plans and tests that need many."""
    return f"s-{digest('server', *parts)[:ID_LENGTH]}"


def job_id(*parts: object) -> str:
    """A well-formed `drsjob-…` id."""
    return f"drsjob-{digest('job', *parts)[:ID_LENGTH]}"


def instance_id(*parts: object) -> str:
    """A well-formed `i-…` id. DRS gives a recovery instance the id of its EC2 instance (AWS CLI's examples)."""
    return f"i-{digest('instance', *parts)[:ID_LENGTH]}"


def snapshot_id(*parts: object) -> str:
    """A well-formed `pit-…` id."""
    return f"pit-{digest('snapshot', *parts)[:ID_LENGTH]}"


def ebs_snapshot_id(*parts: object) -> str:
    """A well-formed `snap-…` id."""
    return f"snap-{digest('ebs', *parts)[:ID_LENGTH]}"


def arn(account: str, region: str, kind: str, resource: str) -> str:
    """ARN of a DRS resource; `kind` is `source-server`, `job` or `recovery-instance`."""
    return f"arn:{get_partition(region)}:drs:{region}:{account}:{kind}/{resource}"
