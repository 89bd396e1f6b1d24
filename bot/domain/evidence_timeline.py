"""Parts of evidence that come from the record: the timeline, and what became of each instance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.audit import Record
from bot.domain.cleanup_events import CleanupHindered, InstancesObserved
from bot.domain.cleanup_rules import unseen
from bot.domain.drill import Drill
from bot.domain.evidence_parts import CleanupEvidence, InstanceEvidence, Moment
from bot.domain.evidence_people import actor_of, wave_of
from bot.domain.launch import Instance, ServerRun
from bot.domain.states import InstanceState

LONGEST = 300
"""Characters of a line of the timeline. The event itself is in the record, whole."""
_ELSEWHERE = frozenset({"type", "actor", "wave"})
"""Fields that the line has a place of its own for."""

_NAMES = ("name", "id", "job_id", "key", "fact", "type")
"""Fields by which a part of an event is called."""


def timeline(records: Sequence[Record]) -> tuple[Moment, ...]:
    """Every event, each in a line: its type, and what its fields say."""
    return tuple(_moment(record) for record in records)


def _moment(record: Record) -> Moment:
    actor = actor_of(record)
    told = "; ".join(_fields(record.event.model_dump(mode="json")))
    return Moment(
        version=record.version,
        at=record.at,
        event=record.event.type,
        by=actor.user_id if actor else None,
        wave=wave_of(record),
        told=told if len(told) <= LONGEST else f"{told[: LONGEST - 1]}…",
    )


def _fields(event: Mapping[str, Any]) -> Iterator[str]:
    """What is set, whatever the event: a text or number as it is, of what is more how much it is."""
    for name, value in event.items():
        if name not in _ELSEWHERE and value:
            yield f"{name.replace('_', ' ')}: {_said(value)}"


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_said, value)) if len(value) <= 3 else str(len(value))  # noqa: PLR2004 - fits a line
    if isinstance(value, dict):
        named = next((str(value[name]) for name in _NAMES if value.get(name)), "")
        is_key = all(isinstance(each, int) for each in value.values())
        return named or ("#".join(map(str, value.values())) if is_key else str(len(value)))
    return str(value)


def cleanup(drill: Drill, records: Sequence[Record]) -> CleanupEvidence:
    """What became of the drill's instances, each by itself."""
    gone = _gone_at(records)
    shown = ((server, server.instance) for server in drill.servers if server.instance)
    problems = (_problem(record) for record in records)
    return CleanupEvidence(
        since=drill.cleanup.since if drill.cleanup else None,
        ended_at=drill.ended_at if drill.cleanup else None,
        job_ids=drill.cleanup.job_ids if drill.cleanup else (),
        instances=tuple(_instance(server, instance, gone) for server, instance in shown),
        never_shown=tuple(server.name or server.id for server in unseen(drill)),
        problems=tuple(dict.fromkeys(problem for problem in problems if problem)),
    )


def _instance(server: ServerRun, instance: Instance, gone: Mapping[str, datetime]) -> InstanceEvidence:
    is_gone = instance.state is InstanceState.GONE
    return InstanceEvidence(
        instance_id=instance.id,
        server_id=server.id,
        server_name=server.name,
        ec2_instance_id=instance.ec2_instance_id,
        job_id=instance.job_id,
        state=instance.state,
        told_at=instance.terminating_since,
        gone_at=gone.get(instance.id) if is_gone else None,
    )


def _gone_at(records: Sequence[Record]) -> dict[str, datetime]:
    """When each instance was first not shown any more: a look shows all that are left."""
    gone: dict[str, datetime] = {}
    seen: set[str] = set()
    for record in records:
        if not isinstance(record.event, InstancesObserved):
            continue
        present = {instance.id for instance in record.event.present}
        gone = {each: at for each, at in gone.items() if each not in present}
        gone |= {each: record.at for each in seen - present if each not in gone}
        seen |= present
    return gone


def _problem(record: Record) -> str | None:
    if isinstance(record.event, CleanupHindered):
        return record.event.error
    return record.event.problem if isinstance(record.event, InstancesObserved) else None
