"""The people of a drill."""

from __future__ import annotations

from bot.domain.model import Frozen


class Person(Frozen):
    """Somebody in Slack, by id: names can be changed, ids cannot."""

    user_id: str
    team_id: str
