"""A drill plan: which servers, in which order, approved by whom, to be recovered how fast.

A plan is written as YAML, checked whole when it is read, and frozen by content and hash into each drill
that runs it, so that a deployment cannot change a running drill. Titles, descriptions and examples here are
what an author sees: in the editor (JSON Schema), in `plans/README.md` and in the text of an error.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from bot.domain import plan_order
from bot.domain.access import Access
from bot.domain.durations import Duration
from bot.domain.expectation import Expectation
from bot.domain.launch_point import PlannedPoint
from bot.domain.model import Frozen
from bot.domain.plan_checks import MOST_CHECKS, PlanCheck, preparations
from bot.domain.plan_checks import misfits as misfits_of_checks
from bot.domain.plan_cleanup import Cleanup
from bot.domain.plan_parts import Place, Text, Title, is_group, later, refuse
from bot.domain.plan_servers import Impact
from bot.domain.plan_servers import misfits as misfits_of_servers
from bot.domain.plan_times import Freeze, misfits, times_of
from bot.domain.plan_waves import Approval, PlanWave
from bot.domain.windows import Times, Window

NAME_PATTERN = r"^[a-z0-9][a-z0-9-]{0,39}$"
Name = Annotated[str, StringConstraints(pattern=NAME_PATTERN), Field(title="plan name", examples=["payments"])]
ChannelId = Annotated[
    str,
    StringConstraints(pattern=r"^[CG][A-Z0-9]{2,20}$"),
    Field(title="Slack channel id", examples=["C0DRILLS01"]),
]
AccountId = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{12}$"), Field(title="AWS account id", examples=["123456789012"])
]
Region = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-[0-9]$"),
    Field(title="AWS Region", examples=["eu-west-1"]),
]
RoleArn = Annotated[
    str,
    StringConstraints(pattern=r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[a-zA-Z0-9_+=,.@/-]{1,576}$"),
    Field(title="IAM role ARN", examples=["arn:aws:iam::123456789012:role/drs-drill-target"]),
]
ExternalId = Annotated[
    str,
    StringConstraints(min_length=2, max_length=1_224, pattern=r"^[a-zA-Z0-9_+=,.@:/-]*$"),
    Field(title="external id", examples=["payments-drills"]),
]
"""As STS takes it (botocore model: `externalIdType`)."""


class Target(Frozen):
    """Where the source servers are. Absent in a plan means the bot's own account and Region."""

    account_id: AccountId = Field(description="The AWS account that holds the source servers. Write it in quotes.")
    region: Region = Field(description="The recovery Region, in which DRS keeps the source servers.")
    role_arn: RoleArn | None = Field(
        default=None, description="The role that the bot assumes in that account. Absent: its own rights are used."
    )
    external_id: ExternalId | None = Field(
        default=None, description="The external id that the role's trust policy asks for."
    )

    @model_validator(mode="after")
    def _role_fits(self) -> Self:
        refuse("Target", self._misfits())
        return self

    def _misfits(self) -> Iterator[tuple[Place, str]]:
        owner = self.role_arn.split(":")[4] if self.role_arn else self.account_id
        if owner != self.account_id:
            yield ("role_arn",), f"is a role of account {owner}; write a role of account_id {self.account_id}"
        if self.external_id and not self.role_arn:
            yield ("external_id",), "is of use only with a role; write role_arn too, or leave external_id out"


class Objectives(Frozen):
    """What the drill must prove: recovery time (RTO) and recovery point (RPO)."""

    rto: Duration = Field(description="Recovery time objective: from Start to the launch of the last critical server.")
    rpo: Duration = Field(
        examples=["15m"],
        description="Recovery point objective: how old the recovered data may be at the drill's start.",
    )


class Plan(Frozen):
    """One drill plan, as a file in `plans/` has it."""

    model_config = ConfigDict(title="Drill plan")

    version: Literal[1] = Field(description="The version of this format. Always 1.")
    name: Name = Field(description="What people type: `/drs drill <name>`. Must be the file's own name.")
    title: Title = Field(description="The plan in a few words.", examples=["Payments in the recovery Region"])
    description: Text = Field(
        description="What the drill is to prove, and what to know before it is started.",
        examples=["Recover the payment service and take a test payment."],
    )
    owner: Title = Field(description="The team that answers for the plan.")
    channel: ChannelId = Field(description="The Slack channel (id) in which the drill is run.")
    target: Target | None = Field(
        default=None, description="Where the source servers are. Absent: the bot's own account and Region."
    )
    objectives: Objectives = Field(description="What the drill must prove.")
    drill_every: Duration | None = Field(
        default=None,
        examples=["90d"],
        description="How often a drill of it has to pass. The App Home shows when it is overdue. Absent: no interval.",
    )
    launch_point: PlannedPoint = Field(
        default="fresh",
        description="What servers are launched from, unless whoever asks for the drill chooses otherwise. fresh: a "
        "snapshot taken at the launch. newest: the newest that DRS has at the checks before Start, of which it keeps "
        "most for an hour only: launch the last wave by then.",
    )
    warnings: Literal["tell", "waive"] = Field(
        default="tell",
        description="What becomes of what the checks before Start warn of. tell: it is shown. waive: the drill cannot "
        "be started before an operator has waived it, for a reason that is kept on record.",
    )
    allowed: tuple[Window, ...] = Field(
        default=(),
        max_length=10,
        description="When a drill may be asked for and started: days (daily, weekdays, mon-thu, mon,wed,fri), hours, "
        "time zone. One of them is enough. Absent: at any time.",
    )
    freeze: tuple[Freeze, ...] = Field(
        default=(), max_length=50, description="Days on which no drill may be asked for or started, whatever the hour."
    )
    access: Access = Field(description="Who may run the drill and who may approve its waves.")
    waves: tuple[PlanWave, ...] = Field(
        min_length=1,
        max_length=20,
        description="The waves. They are launched one after the other, unless depends_on says otherwise.",
    )
    checks: tuple[PlanCheck, ...] = Field(
        default=(), max_length=MOST_CHECKS, description="What must hold after every wave, beside the wave's own checks."
    )
    cleanup: Cleanup = Field(default=Cleanup(), description="What becomes of the drill instances afterwards.")

    @model_validator(mode="after")
    def _can_be_run(self) -> Self:
        refuse(
            "Plan",
            [
                *self._misfits_of_access(),
                *self._misfits_of_times(),
                *self._misfits_of_servers(),
                *self._misfits_of_checks(),
                *self._repeats(),
                *plan_order.misfits(self.waves),
                *self._unmet_approvals(),
            ],
        )
        return self

    def _misfits_of_access(self) -> Iterator[tuple[Place, str]]:
        return ((("access", *place), words) for place, words in self.access.misfits())

    def _misfits_of_times(self) -> Iterator[tuple[Place, str]]:
        return ((("freeze", *place), words) for place, words in misfits(self.allowed, self.freeze))

    def _misfits_of_servers(self) -> Iterator[tuple[Place, str]]:
        for n, wave in enumerate(self.waves):
            for place, words in misfits_of_servers(wave.servers, wave.select, wave.exclude):
                yield ("waves", n, *place), words

    def _misfits_of_checks(self) -> Iterator[tuple[Place, str]]:
        yield from misfits_of_checks(self.checks, frozenset(self.server_ids), selects=self.selects)
        for n, wave in enumerate(self.waves):
            named = frozenset(server.id for server in wave.servers)
            for place, words in misfits_of_checks(wave.checks, named, selects=wave.select is not None):
                yield ("waves", n, *place), words

    def _repeats(self) -> Iterator[tuple[Place, str]]:
        for place, first in later((("waves", n, "name"), wave.name) for n, wave in enumerate(self.waves)):
            yield place, f"is the name of waves[{first[1]}] too; give each wave its own name"
        for place, first in later(self._servers_by_place()):
            yield place, f"this server is in waves[{first[1]}] already; a server belongs to one wave"

    def _servers_by_place(self) -> Iterator[tuple[Place, str]]:
        for n, wave in enumerate(self.waves):
            for m, server in enumerate(wave.servers):
                yield ("waves", n, "servers", m, "id"), server.id

    def _unmet_approvals(self) -> Iterator[tuple[Place, str]]:
        waiting = [number for number in range(1, len(self.waves) + 1) if self.needs_approval(number)]
        approvers, needed = set(self.access.approvers), self.access.minimum_approvals
        if any(map(is_group, approvers)):
            return  # who is in a group is seen to when the drill is asked for and started
        if waiting and len(approvers) < needed:
            short = f"{len(approvers)} named, but waves[{waiting[0] - 1}] needs {needed}"
            yield ("access", "approvers"), f"{short}; name more approvers or lower minimum_approvals"
        elif waiting and self.access.bars_whoever_starts and self._everyone_is_barred(approvers):
            rule = "four_eyes" if self.access.four_eyes else "separation_of_duties"
            left = f"with {rule} on, whoever starts the drill leaves too few to approve it"
            yield ("access", "approvers"), f"{left}; name another approver"

    def _everyone_is_barred(self, approvers: set[str]) -> bool:
        return all(len(approvers - {starter}) < self.access.minimum_approvals for starter in self.access.operators)

    def wave(self, number: int) -> PlanWave:
        """The wave by its number; waves are numbered from 1 everywhere.

        Raises:
            IndexError: the plan has no such wave.
        """
        if number < 1:
            raise IndexError(f"waves are numbered from 1, not {number}")
        return self.waves[number - 1]

    @property
    def needs(self) -> plan_order.Needs:
        """For each wave, in their order: the numbers of the waves that must be over before it begins."""
        return plan_order.needs_of(self.waves)

    def checks_of(self, number: int) -> tuple[PlanCheck, ...]:
        """What must hold once wave `number` is launched: what the plan wants of each wave, then what the wave does."""
        return (*self.checks, *self.wave(number).checks)

    @property
    def every_check(self) -> tuple[PlanCheck, ...]:
        """All that is ever made in a drill of it, what is run before a wave too."""
        of_waves = (check for wave in self.waves for check in (*preparations(wave.before), *wave.checks))
        return (*self.checks, *of_waves)

    def after(self, number: int) -> tuple[int, ...]:
        """The numbers of the waves that wait for wave `number`."""
        return tuple(later for later, needs in enumerate(self.needs, start=1) if number in needs)

    @property
    def times(self) -> Times:
        """When a drill of it may be asked for and started."""
        return times_of(self.allowed, self.freeze)

    def needs_approval(self, number: int) -> bool:
        """Whether people must approve wave `number` (from 1) before it is launched."""
        wish = self.wave(number).approval
        return wish is Approval.REQUIRED if wish else number > 1

    @property
    def selects(self) -> bool:
        """Whether servers of it are chosen by their tags, so that which they are is known in DRS alone."""
        return any(wave.select for wave in self.waves)

    def impact(self, number: int, server_id: str) -> Impact:
        """What the failure of a server of wave `number` means: as it is named, else as the wave's tags choose it."""
        wave = self.wave(number)
        named = {server.id: server.impact for server in wave.servers}
        chosen = wave.select.impact if wave.select else Impact.CRITICAL
        return named.get(server_id, chosen)

    @property
    def server_ids(self) -> tuple[str, ...]:
        """Every server that the plan names by its id, in wave order; those chosen by tags are not among them."""
        return tuple(server.id for wave in self.waves for server in wave.servers)

    def expectations(self, servers_of_waves: Iterable[Iterable[str]]) -> dict[str, Expectation]:
        """What is expected of servers, by id; `servers_of_waves`: the server ids of each wave, in the waves' order."""
        own = {server.id: server.expect for wave in self.waves for server in wave.servers if server.expect}
        found: dict[str, Expectation | None] = {}
        for wave, server_ids in zip(self.waves, servers_of_waves, strict=True):
            for each in server_ids:
                found[each] = own[each].over(wave.expect) if each in own else wave.expect
        return {server_id: expected for server_id, expected in found.items() if expected}

    @property
    def content_hash(self) -> str:
        """SHA-256 over the plan's content in canonical JSON: the same content has the same hash."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()
