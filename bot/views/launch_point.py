"""What a drill launches its servers from, in a few words."""

from __future__ import annotations

from typing import assert_never

from bot.domain.drill import Drill
from bot.domain.launch_point import Fresh, NewestBefore, NewestExisting
from bot.views.text import ago, moment


def launches_from(drill: Drill) -> str:
    """`fresh snapshots`, or the recovery points that were asked for and, once they are chosen, the oldest of them."""
    chosen = [server.snapshot.at for server in drill.servers if server.snapshot]
    match drill.launch_point:
        case Fresh():
            return "fresh snapshots"
        case NewestExisting():
            return "newest existing recovery points" + (f", the oldest taken {ago(min(chosen))}" if chosen else "")
        case NewestBefore(at=at):
            oldest = f", the oldest of {moment(min(chosen))}" if chosen else ""
            return f"recovery points of {moment(at)} or before{oldest}"
        case unknown:
            assert_never(unknown)
