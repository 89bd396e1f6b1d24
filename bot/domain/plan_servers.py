"""The servers of a wave, as a plan names or describes them: by id, by their tags in DRS, or both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any

from annotated_types import Len
from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from bot.domain.expectation import Expectation
from bot.domain.model import Frozen
from bot.domain.plan_parts import Place

ServerId = Annotated[
    str,
    StringConstraints(pattern=r"^s-[0-9a-zA-Z]{17}$"),
    Field(title="DRS source server id", examples=["s-3c1730a9e0771ea14"]),
]
"""A DRS source server id, as botocore's model has it (`SourceServerID`)."""
MOST_SERVERS = 500
"""Of a wave: DRS takes no more in all its jobs at once (quota L-0588D03B)."""
TagKey = Annotated[
    str, StringConstraints(min_length=1, max_length=128), Field(title="tag key", examples=["Environment"])
]
TagValue = Annotated[str, StringConstraints(max_length=256), Field(title="tag value", examples=["prod"])]
"""As AWS limits tags (docs.aws.amazon.com/tag-editor, "Tag naming limits and requirements")."""


def _several(value: Any) -> Any:
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


MOST_VALUES = 50
TagValues = Annotated[
    tuple[TagValue, ...],
    BeforeValidator(_several),
    Len(1, MOST_VALUES),
    WithJsonSchema(
        {
            "type": ["string", "array"],
            "title": "tag value, or list of them",
            "items": {"type": "string", "title": "tag value", "maxLength": 256, "examples": ["prod"]},
            "maxLength": 256,
            "minItems": 1,
            "maxItems": MOST_VALUES,
            "examples": ["prod"],
        }
    ),
]
"""One value, or a list of which any will do."""
TagFilter = Annotated[dict[TagKey, TagValues], Field(min_length=1, max_length=10)]
"""Tag keys to values: a server fits if it has every key with one of its values."""


class Impact(StrEnum):
    """What a server's failure means, in the words of DRS recovery plans."""

    CRITICAL = "critical"
    OPTIONAL = "optional"


class PlanServer(Frozen):
    """A DRS source server and what its failure means for the drill."""

    id: ServerId = Field(description="The DRS source server id. A server belongs to one wave.")
    impact: Impact = Field(
        default=Impact.CRITICAL,
        description="critical: its failure puts the drill on hold. optional: its failure is a finding.",
    )
    expect: Expectation | None = Field(
        default=None, description="As the wave's, for this server: what it says wins over what the wave's says."
    )


class Selector(Frozen):
    """Source servers that are chosen by their tags in DRS, when the drill is asked for and again at Start."""

    tags: TagFilter = Field(
        examples=[{"Environment": "prod"}],
        description="The tags that a source server must have in DRS: every key, with its value, or with one of "
        "a list of values. Upper and lower case are different.",
    )
    impact: Impact = Field(
        default=Impact.CRITICAL, description="What the failure of one of them means, as for a server named by its id."
    )


class Exclusion(Frozen):
    """Source servers that are left out of what the tags choose."""

    tags: TagFilter | None = Field(
        default=None,
        examples=[{"Drill": "never"}],
        description="Servers that have all of these tags are left out.",
    )
    servers: tuple[ServerId, ...] = Field(
        default=(), max_length=MOST_SERVERS, description="Servers with these ids are left out."
    )


def fits(wanted: Mapping[str, tuple[str, ...]], tags: Mapping[str, str]) -> bool:
    """Whether a server with these tags has every wanted key with one of its values."""
    return all(tags.get(key) in values for key, values in wanted.items())


def misfits(
    servers: tuple[PlanServer, ...], select: Selector | None, exclude: Exclusion | None
) -> Iterator[tuple[Place, str]]:
    """What does not fit together in the servers of one wave, each at its place in the wave."""
    if not servers and select is None:
        yield ("servers",), "has no servers; write their ids, or choose them by their tags with select"
    if exclude is None:
        return
    if select is None:
        yield ("exclude",), "leaves out some of what select chooses; write select too, or take it away"
    elif exclude.tags is None and not exclude.servers:
        yield ("exclude",), "leaves nothing out; write tags or servers beneath it, or take it away"
    named = {server.id for server in servers}
    for n, server_id in enumerate(exclude.servers):
        if server_id in named:
            yield ("exclude", "servers", n), "is a server that the wave names by its id; take it out of one of the two"
