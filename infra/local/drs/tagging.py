"""Tags of source servers, jobs and recovery instances, by ARN."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from infra.local.drs.errors import not_found
from infra.local.drs.models import DrsBackend


def tag_resource(backend: DrsBackend, params: Mapping[str, Any], _now: datetime) -> dict[str, Any]:
    """Add these tags, or change their values."""
    _tags(backend, params["resourceArn"]).update(params["tags"])
    return {}


def untag_resource(backend: DrsBackend, params: Mapping[str, Any], _now: datetime) -> dict[str, Any]:
    """Take away the tags with these keys, where they are."""
    tags = _tags(backend, params["resourceArn"])
    for key in params["tagKeys"]:
        tags.pop(key, None)
    return {}


def list_tags_for_resource(backend: DrsBackend, params: Mapping[str, Any], _now: datetime) -> dict[str, Any]:
    """The tags of a resource."""
    return {"tags": dict(_tags(backend, params["resourceArn"]))}


def _tags(backend: DrsBackend, arn: str) -> dict[str, str]:
    if arn not in backend.tags:
        raise not_found(arn, "resource")
    return backend.tags[arn]
