"""Parts of evidence: who took part and what they decided, what was known at the start, what did not go as planned."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.domain.audit import Record
from bot.domain.drill import Drill
from bot.domain.evidence_parts import Deed, Participant, Profile, Readiness, Troubles, Waived
from bot.domain.mark_up import in_utc
from bot.domain.parts import parts
from bot.domain.person import Person
from bot.domain.states import WaveState

_WORDS = ("comment", "reason", "text", "how")
"""The fields of events in which people's own words are."""


def actor_of(record: Record) -> Person | None:
    """Whose doing an event was; None: nobody's. Any kind of event with an `actor` is somebody's."""
    actor = getattr(record.event, "actor", None)
    return actor if isinstance(actor, Person) else None


def wave_of(record: Record) -> int | None:
    """The number of the wave that an event is about, if it is about one."""
    key = getattr(record.event, "key", record.event)
    wave = getattr(key, "wave", None)
    return wave if isinstance(wave, int) else None


def words_of(record: Record) -> str:
    """What a person has said with an event."""
    said = (getattr(record.event, name, None) for name in _WORDS)
    return next((words for words in said if isinstance(words, str) and words), "")


def participants(drill: Drill, records: Sequence[Record], profiles: Mapping[str, Profile]) -> tuple[Participant, ...]:
    """Everybody who has done something, in the order of their first deed."""
    people: dict[str, Person] = {}
    did: dict[str, dict[str, None]] = {}
    for record in records:
        if actor := actor_of(record):
            known = people.setdefault(actor.user_id, actor)
            groups = tuple(dict.fromkeys((*known.groups, *actor.groups)))
            people[actor.user_id] = known.model_copy(update={"groups": groups})
            did.setdefault(actor.user_id, {})[record.event.type] = None
    return tuple(_participant(drill, person, profiles, tuple(did[who])) for who, person in people.items())


def _participant(drill: Drill, person: Person, profiles: Mapping[str, Profile], did: tuple[str, ...]) -> Participant:
    profile = profiles.get(person.user_id, Profile())
    return Participant(
        user_id=person.user_id,
        team_id=person.team_id,
        name=profile.name,
        email=profile.email,
        roles=tuple(part.role for part in parts(drill.plan.access, person)),
        did=did,
    )


def deeds(records: Sequence[Record]) -> tuple[Deed, ...]:
    """What people have decided and said, in order."""
    return tuple(_deed(record, actor) for record in records if (actor := actor_of(record)))


def _deed(record: Record, actor: Person) -> Deed:
    return Deed(
        version=record.version,
        at=record.at,
        by=actor.user_id,
        what=record.event.type,
        wave=wave_of(record),
        said=words_of(record),
    )


def readiness(drill: Drill) -> Readiness | None:
    """What the newest checks before Start found; None: they were not made."""
    if drill.preflight is None:
        return None
    waivers = tuple(
        Waived(by=each.by.user_id, at=each.at, reason=each.reason, checks=each.checks)
        for each in drill.standing_waivers
    )
    found = drill.preflight
    return Readiness(
        at=found.at, number=found.number, findings=found.findings, waivers=waivers, settings=found.settings
    )


def troubles(drill: Drill, records: Sequence[Record]) -> Troubles:
    """What did not go as planned."""
    skipped = tuple(f"Wave {wave.number} ({wave.name})" for wave in drill.waves if wave.state is WaveState.SKIPPED)
    glass = tuple(deed for deed in deeds(records) if deed.what == "glass_broken")
    return Troubles(holds=drill.holds, skipped=skipped, broken_glass=glass, false_starts=tuple(_false_starts(drill)))


def _false_starts(drill: Drill) -> Iterator[str]:
    for each in drill.false_starts:
        clicked = f"Start was clicked {in_utc(each.click.at)} by {each.click.by.user_id}"
        why = each.error or f"its tags chose other servers ({len(each.changes)} changed)"
        yield f"{clicked}, and nothing was started: {why}."
