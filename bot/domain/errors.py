"""What can be refused, in one hierarchy. The text of a `DrillError` is fit to be shown to a person."""

from __future__ import annotations

from collections.abc import Mapping


class DrillError(Exception):
    """Something that was refused or cannot be done: says what happened and what to do."""


class IllegalTransition(DrillError):
    """The event does not apply to the drill as it is now. Nothing has changed."""


class NotAllowed(DrillError):
    """This person may not do this. Says why, and who can."""


class ApprovalDenied(NotAllowed):
    """This click does not count as an approval. Says why."""


class UnfitText(DrillError):
    """What somebody has written is missing, too short or too long. Says which, and how long it may be."""


class UnfitTime(DrillError):
    """The time that somebody has chosen cannot be used. Says why."""


class UnsafePlan(DrillError):
    """The plan cannot be run as it is written."""


class UnknownPlan(DrillError):
    """There is no plan of that name. Says which there are."""


class UnknownDrill(DrillError):
    """There is no drill of that id."""


class UnreadableDrill(DrillError):
    """What is stored of a drill cannot be read by this release. It is left as it is, and no other is held up by it."""

    def __init__(self, drill_id: str, why: str) -> None:
        self.why = why
        super().__init__(
            f"The drill {drill_id} cannot be read by this release of the bot, and is left as it is. Whoever operates "
            "the bot finds in its log what is wrong with it."
        )


class ConcurrentUpdate(DrillError):
    """The drill has moved on since it was read. Read it again and decide again."""


class AlreadyDone(DrillError):
    """This very piece of work has been completed by somebody else."""


class Replayed(DrillError):
    """A signed request came a second time. Slack never does that; nothing was changed."""


class ServersLocked(DrillError):
    """Servers of this plan are in another active drill.

    Attributes:
        owners: server id (or `plan:<name>`) to the id of the drill that holds it.
    """

    def __init__(self, owners: Mapping[str, str]) -> None:
        self.owners = dict(owners)
        super().__init__(f"held by another active drill: {', '.join(sorted(self.owners))}")
