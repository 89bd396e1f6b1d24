"""What evidence consists of: the parts of `evidence.json`, in the order in which an auditor asks.

Version 1 of the schema. A field is never renamed or given another meaning; a new one has a default. Spans of time are
ISO 8601 durations, moments are in UTC, people are Slack ids.
"""

from __future__ import annotations

from datetime import timedelta

from pydantic import Field

from bot.domain.drill_parts import Hold
from bot.domain.facts import SettingsOfServers
from bot.domain.findings import Finding
from bot.domain.launch_point import LaunchPoint
from bot.domain.model import Frozen, Instant
from bot.domain.parts import Role
from bot.domain.person import Person
from bot.domain.states import InstanceState, Outcome, Purpose


class RecoveryFigures(Frozen):
    """The recovery time against its objective (`measures.RecoveryTime`).

    Attributes:
        net: from Start to the last critical server recovered, without the time in which people were waited for.
        launched: net, until it was launched: where checks came after that.
        recovered_at: when the last critical server was recovered.
        due_at: until when it had to be: the objective after Start, with the time in which people were waited for.
    """

    objective: timedelta
    gross: timedelta
    waiting: timedelta
    net: timedelta
    launched: timedelta | None
    recovered_at: Instant
    due_at: Instant
    is_met: bool


class PointFigures(Frozen):
    """The recovery points of the critical servers against their objective.

    Attributes:
        worst: the oldest of those that are known.
        unknown: of how many critical servers none is known.
        is_met: None where it cannot be told.
    """

    objective: timedelta
    worst: timedelta | None
    unknown: int
    is_met: bool | None


class Verdict(Frozen):
    """How the drill has ended, and the figures that say so.

    Attributes:
        passed: whether every critical server was recovered and nothing went against the plan that fails a drill.
        instances_left: how many drill instances are not gone.
        operated: how long what was launched stayed up for people to use, after the last wave.
        findings: what the bot itself found wanting, in sentences.
    """

    outcome: Outcome
    passed: bool
    purpose: Purpose
    proposed_at: Instant
    started_at: Instant | None
    ended_at: Instant
    recovery: RecoveryFigures | None
    point: PointFigures
    servers: int
    launched: int
    instances_left: int
    operated: timedelta | None
    findings: tuple[str, ...]


class Criterion(Frozen):
    """Something that must hold, in a sentence. `is_met`: None where the drill has not come so far, or nobody knows."""

    text: str
    is_met: bool | None


class ObjectiveOfDrill(Frozen):
    """What the drill was to prove, as its plan says it, and what of that was shown."""

    title: str
    description: str
    owner: str
    scenario: str
    launch_point: LaunchPoint
    criteria: tuple[Criterion, ...]


class Scope(Frozen):
    """Where the servers are, and how many in which waves."""

    account_id: str
    region: str
    role_arn: str | None
    waves: tuple[str, ...]
    servers: int
    critical: int


class Profile(Frozen):
    """Who a Slack id is, as Slack has told; empty where it does not, or the bot may not ask."""

    name: str = ""
    email: str = ""


class Participant(Frozen):
    """Somebody who has done something to the drill.

    Attributes:
        roles: what the plan names them for.
        did: the types of events that were theirs, in the order of the first of each.
    """

    user_id: str
    team_id: str
    name: str
    email: str
    roles: tuple[Role, ...]
    did: tuple[str, ...]


class Deed(Frozen):
    """Something that a person has decided, or said: the event's type, and their words where they had any."""

    version: int
    at: Instant
    by: str
    what: str
    wave: int | None
    said: str


class RefusedClick(Frozen):
    """Something that a person wanted to do, and was refused. At most one a minute for each person and action."""

    at: Instant
    by: str
    what: str
    why: str


class Waived(Frozen):
    """A warning that somebody has answered for."""

    by: str
    at: Instant
    reason: str
    checks: tuple[str, ...]


class Readiness(Frozen):
    """What the checks before Start found, and who started in spite of it. `number`: how often they were made."""

    at: Instant
    number: int
    findings: tuple[Finding, ...]
    waivers: tuple[Waived, ...]
    settings: tuple[SettingsOfServers, ...]


class Troubles(Frozen):
    """What did not go as planned: holds with what was decided and why, waves that were skipped, glass that was broken.

    Clicks on Start that led to nothing are `false_starts`, in sentences.
    """

    holds: tuple[Hold, ...]
    skipped: tuple[str, ...]
    broken_glass: tuple[Deed, ...]
    false_starts: tuple[str, ...]


class InstanceEvidence(Frozen):
    """A recovery instance of the drill: told to terminate, and gone, as DRS showed it."""

    instance_id: str
    server_id: str
    server_name: str
    ec2_instance_id: str | None
    job_id: str
    state: InstanceState
    told_at: Instant | None
    gone_at: Instant | None


class CleanupEvidence(Frozen):
    """The proof of cleanup. `never_shown`: servers that were launched, and whose instance DRS has never shown."""

    since: Instant | None
    ended_at: Instant | None
    job_ids: tuple[str, ...]
    instances: tuple[InstanceEvidence, ...]
    never_shown: tuple[str, ...]
    problems: tuple[str, ...]


class FollowUpEvidence(Frozen):
    """A finding that people have added, of this drill or of an earlier one of the plan."""

    drill_id: str
    number: int
    text: str
    owner: str
    due: str
    added_by: str
    added_at: Instant
    is_open: bool
    fixed_by: str | None
    fixed_at: Instant | None
    how: str


class NoteEvidence(Frozen):
    """A message of the thread, put on record by somebody."""

    at: Instant
    added_by: str
    author: str
    text: str
    permalink: str


class SignOffEvidence(Frozen):
    """A signature. `sha256`: of the evidence that was signed, which is an earlier one than this."""

    by: Person
    name: str
    at: Instant
    sha256: str
    comment: str


class Trend(Frozen):
    """A drill of the plan beside the others: its recovery time, and how long each wave took (by its name)."""

    drill_id: str
    ended_at: Instant
    outcome: Outcome
    net: timedelta | None
    objective: timedelta | None
    is_met: bool | None
    waves: dict[str, timedelta | None] = Field(default={})


class Moment(Frozen):
    """One event of the record, in a line. The whole event is in `record`, under the same version."""

    version: int
    at: Instant
    event: str
    by: str | None
    wave: int | None
    told: str
