"""When people are reminded of a request for approval: seldom at first, a last time shortly before it is too late."""

from __future__ import annotations

from datetime import datetime, timedelta

CLOSEST = timedelta(minutes=5)
"""No two messages about a request are planned closer to each other than this."""
LAST_CALL = timedelta(minutes=10)
"""How long before the end the last reminder comes."""
_SHARES = (0.25, 0.5, 0.75)


def reminder_times(
    asked_at: datetime, expires_at: datetime, escalates_at: datetime | None = None
) -> tuple[datetime, ...]:
    """When to remind, in order: at the escalation, before the end, and at each quarter of the time.

    What would come too close to the request, to its end or to a more important reminder is left out. The escalation
    comes when the plan says, however close that is.
    """
    planned = [escalates_at] if escalates_at else []
    for moment in (expires_at - LAST_CALL, *(asked_at + (expires_at - asked_at) * share for share in _SHARES)):
        if all(abs(moment - other) >= CLOSEST for other in (asked_at, expires_at, *planned)) and moment > asked_at:
            planned.append(moment)
    return tuple(sorted(planned))
