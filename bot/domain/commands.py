"""Work that a decision causes, in the imperative.

It is saved with the decision and done afterwards, in order, until it is done; doing it twice does no harm.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from bot.domain.launch import LaunchKey
from bot.domain.model import Frozen, Instant
from bot.domain.person import Person


class Lane(StrEnum):
    """Who does the work. Lanes of one drill go side by side, so that a slow Slack never delays a launch."""

    WORK = "work"
    SLACK = "slack"


class TopicKind(StrEnum):
    """What a Slack message is about. Each is drawn from the drill as it is when it is drawn."""

    CARD = "card"
    PREFLIGHT = "preflight"
    FINDINGS = "findings"
    FALSE_START = "false_start"
    STARTED = "started"
    APPROVAL = "approval"
    REMINDER = "reminder"
    BREAK_GLASS = "break_glass"
    DEFERRAL = "deferral"
    WAVE = "wave"
    CONFIRMATION = "confirmation"
    HOLD = "hold"
    ABORTED = "aborted"
    OPERATION = "operation"
    STILL_UP = "still_up"
    CLEANUP = "cleanup"
    RESULT = "result"
    REPORT = "report"
    TIMELINE = "timeline"
    REPORT_FILE = "report_file"


class Topic(Frozen):
    """One Slack message of a drill: the card, or a message in its thread. Drawn anew, it is the same message."""

    kind: TopicKind
    wave: int | None = None
    number: int | None = None

    @property
    def key(self) -> str:
        """A short name, unique in the drill: `approval/2/1`."""
        return "/".join(str(part) for part in (self.kind, self.wave, self.number) if part is not None)


class RunPreflight(Frozen):
    """Make the checks before Start."""

    type: Literal["run_preflight"] = "run_preflight"

    @property
    def lane(self) -> Lane:
        """The executor's."""
        return Lane.WORK


class FindLeftovers(Frozen):
    """Look for drill instances that belong to no open drill."""

    type: Literal["find_leftovers"] = "find_leftovers"

    @property
    def lane(self) -> Lane:
        """The executor's."""
        return Lane.WORK


class SelectAgain(Frozen):
    """Look up once more which servers the plan's tags choose, before a drill that somebody has started runs."""

    type: Literal["select_again"] = "select_again"

    @property
    def lane(self) -> Lane:
        """The executor's."""
        return Lane.WORK


class LaunchBatch(Frozen):
    """Start one DRS job, or find out that it has been started, or that it may not be any more."""

    type: Literal["launch_batch"] = "launch_batch"
    key: LaunchKey
    not_before: Instant | None = None

    @property
    def lane(self) -> Lane:
        """The executor's."""
        return Lane.WORK


class RunChecks(Frozen):
    """Make the checks of a wave that are open, or look at how far they are."""

    type: Literal["run_checks"] = "run_checks"
    wave: int
    round: int
    not_before: Instant | None = None

    @property
    def lane(self) -> Lane:
        """The executor's."""
        return Lane.WORK


class TagInstances(Frozen):
    """Tag the recovery instances of a wave with the drill, once DRS shows them."""

    type: Literal["tag_instances"] = "tag_instances"
    wave: int

    @property
    def lane(self) -> Lane:
        """The executor's."""
        return Lane.WORK


class CleanUp(Frozen):
    """Look at what is left of the drill's instances and terminate it.

    `turn` counts the times that somebody wanted it sooner: each leads to a row of looks, which ends the one before.
    """

    type: Literal["clean_up"] = "clean_up"
    turn: int = 0
    not_before: Instant | None = None

    @property
    def lane(self) -> Lane:
        """The executor's."""
        return Lane.WORK


class AnchorRecord(Frozen):
    """Put the hash of the newest record into the bucket, where nobody can change it any more."""

    type: Literal["anchor_record"] = "anchor_record"
    not_before: Instant | None = None

    @property
    def lane(self) -> Lane:
        """The executor's."""
        return Lane.WORK


class MakeReport(Frozen):
    """Make the report of a drill that has ended, and put it into the bucket. `number`: as in `ReportRun`."""

    type: Literal["make_report"] = "make_report"
    number: int
    not_before: Instant | None = None

    @property
    def lane(self) -> Lane:
        """The executor's."""
        return Lane.WORK


class Draw(Frozen):
    """Post the message on a topic, or bring it up to date."""

    type: Literal["draw"] = "draw"
    topic: Topic

    @property
    def lane(self) -> Lane:
        """The notifier's."""
        return Lane.SLACK


class DrawHome(Frozen):
    """Bring somebody's App Home up to date. It belongs to no drill: each person's Home has a lane of its own."""

    type: Literal["draw_home"] = "draw_home"
    person: Person

    @property
    def lane(self) -> Lane:
        """The notifier's."""
        return Lane.SLACK


Afterwards = AnchorRecord | MakeReport
"""What comes behind all other work: it moves no drill, and may delay none."""
Work = RunPreflight | FindLeftovers | SelectAgain | LaunchBatch | TagInstances | RunChecks | CleanUp | Afterwards
Command = Annotated[Work | Draw | DrawHome, Field(discriminator="type")]

COMMAND: TypeAdapter[Command] = TypeAdapter(Command)
"""Reads and writes any command."""
