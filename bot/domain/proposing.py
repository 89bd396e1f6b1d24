"""What a drill is when it is proposed, whatever its purpose."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.drill import Drill
from bot.domain.events import DrillProposed
from bot.domain.wave_run import WaveRun


def proposed(event: DrillProposed, now: datetime, valid: timedelta, waves: tuple[WaveRun, ...]) -> Drill:
    """The drill as it was asked for; unless somebody starts it, it is over after `valid`."""
    return Drill(
        id=event.drill_id,
        version=1,
        plan=event.plan,
        plan_hash=event.plan.content_hash,
        target=event.target,
        requester=event.actor,
        directory=event.directory,
        launch_point=event.launch_point,
        purpose=event.purpose,
        proposed_at=now,
        expires_at=now + valid,
        waves=waves,
    )
