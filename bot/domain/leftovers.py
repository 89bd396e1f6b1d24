"""Drill instances that are left of drills which this bot no longer has under way."""

from __future__ import annotations

from bot.domain.facts import RecoveryInstance
from bot.domain.model import Frozen


class Leftover(Frozen):
    """A drill instance whose job carries this bot's tags, and whose drill is over or not known.

    Attributes:
        drill_id: of the drill that has launched it, by the tags.
        is_known: whether the bot has a record of that drill, which says that it has ended.
    """

    instance: RecoveryInstance
    name: str = ""
    drill_id: str
    is_known: bool
