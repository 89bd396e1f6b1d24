"""A drill as items: a head, and a part for each of its larger pieces, so that a save writes only what has changed.

The head keeps the version at which each part was last written. A query is no snapshot (AWS: DynamoDB transactions are
not isolated from Query), so a reader compares and reads again when head and parts are not of one version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.adapters.dynamodb_items import body, content, head_key, part_key
from bot.adapters.dynamodb_requests import NOT_THERE, Item, moment, number, put, read_moment, text, update
from bot.adapters.dynamodb_table import UNFINISHED, Write
from bot.application.ports.storage import Change, StoredDrill
from bot.application.ports.work import Due, DueKind
from bot.domain.commands import Lane
from bot.domain.drill import Drill
from bot.domain.errors import ConcurrentUpdate
from bot.domain.model import Frozen
from bot.domain.states import DrillState

_OWN_ITEMS = {"plan", "preflight", "waves"}
_PART = "part:"
_COMES_AND_GOES = {UNFINISHED, "due_at", "poll", "wake_at", "body", "body_gzip"}
_NEVER = datetime.max.replace(tzinfo=UTC)


def moved_on() -> ConcurrentUpdate:
    """The drill is not the one that was read."""
    return ConcurrentUpdate("The drill has moved on meanwhile. Read it again and decide again.")


def drill_writes(change: Change) -> tuple[Write, ...]:
    """The head, conditioned on the version that was read, and the parts that have changed."""
    before, after = change.before, change.after
    changed = _changed_parts(before.drill if before else None, after)
    fields = _head_fields(after, change.record.hash) | {f"{_PART}{name}": number(after.version) for name in changed}
    gone = sorted(_COMES_AND_GOES - fields.keys())
    condition, values = ("#version = :read", {"read": number(before.drill.version)}) if before else (NOT_THERE, {})
    head = update(head_key(after.id), fields, condition, remove=gone, **values)
    return (Write("Update", head, moved_on()), *(_part_write(after, name, part) for name, part in changed.items()))


def _changed_parts(before: Drill | None, after: Drill) -> Mapping[str, Frozen]:
    known = _parts(before) if before else {}
    return {name: part for name, part in _parts(after).items() if known.get(name) != part}


def _parts(drill: Drill) -> Mapping[str, Frozen]:
    waves = {f"WAVE#{wave.number:03}": wave for wave in drill.waves}
    checked = {"PREFLIGHT": drill.preflight} if drill.preflight else {}
    return {"PLAN": drill.plan, **checked, **waves}


def _part_write(drill: Drill, name: str, part: Frozen) -> Write:
    item = {**part_key(drill.id, name), **content(part.model_dump_json()), "version": number(drill.version)}
    return Write("Put", put(item))


def _head_fields(drill: Drill, audit_head: str) -> Item:
    return {
        **content(drill.model_dump_json(exclude=_OWN_ITEMS)),
        "kind": text(DueKind.DRILL),
        "drill_id": text(drill.id),
        "version": number(drill.version),
        "audit_head": text(audit_head),
        "account_id": text(drill.target.account_id),
        "region": text(drill.target.region),
        **_index_fields(drill),
    }


def _index_fields(drill: Drill) -> Item:
    if drill.state is DrillState.ENDED:
        return {}
    polled = drill.poll_every
    # A drill whose jobs are polled is always due; any moment in the past says so.
    due_at = drill.proposed_at if polled else drill.wake_at or _NEVER
    poll = {"poll": number(int(polled.total_seconds()))} if polled else {}
    wake = {"wake_at": moment(drill.wake_at)} if drill.wake_at else {}
    return {UNFINISHED: text("1"), "due_at": moment(due_at), **poll, **wake}


def assemble(items: Sequence[Item]) -> StoredDrill | None:
    """The drill from its head and parts; None when they are not of one version."""
    head, *parts = items
    if _written(head) != {part["sk"]["S"].removeprefix("DRILL#"): part["version"] for part in parts}:
        return None
    bodies = {part["sk"]["S"].removeprefix("DRILL#"): body(part) for part in parts}
    waves = ",".join(wave for name, wave in bodies.items() if name.startswith("WAVE#"))
    fields = f'"plan":{bodies["PLAN"]},"preflight":{bodies.get("PREFLIGHT", "null")},"waves":[{waves}]'
    drill = Drill.model_validate_json(f"{body(head)[:-1]},{fields}}}")
    return StoredDrill(drill, head["audit_head"]["S"])


def _written(head: Item) -> Item:
    return {name.removeprefix(_PART): version for name, version in head.items() if name.startswith(_PART)}


def due(item: Item) -> Due:
    """An entry of the index of unfinished things.

    Raises:
        KeyError, ValueError: it is none that this release can read.
    """
    given = {name: value["S"] for name, value in item.items() if "S" in value}
    return Due(
        kind=DueKind(given["kind"]),
        drill_id=given["drill_id"],
        due_at=read_moment(item["due_at"]),
        lane=Lane(given["lane"]) if "lane" in given else None,
        account_id=given.get("account_id"),
        region=given.get("region"),
        poll_seconds=int(item["poll"]["N"]) if "poll" in item else None,
        wake_at=read_moment(item["wake_at"]) if "wake_at" in item else None,
    )
