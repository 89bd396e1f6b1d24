"""Moments in texts of the domain: each reader is shown them in their own time zone.

With people and channels, named by their ids, this is all of Slack's mark-up that the domain knows. Views let it through
and nothing else; where no mark-up is shown, `plain` says moments in UTC.

Source: docs.slack.dev/messaging/formatting-message-text.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

MOMENT = r"!date\^\d{1,12}\^\{date_short_pretty\} at \{time\}\|(\d{4}-\d\d-\d\d at \d\d:\d\d UTC)"
"""What `moment` writes between its angle brackets; the group is what is shown where dates are not."""
_MOMENT = re.compile(f"<{MOMENT}>")


def moment(at: datetime) -> str:
    """A moment in the reader's own time, with the day: `today at 10:03`, `Nov 23, 2026 at 10:03`.

    No "at" or "on" goes before it.
    """
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} at {{time}}|{in_utc(at)}>"


def in_utc(at: datetime) -> str:
    """A moment where no mark-up is shown: `2026-11-23 at 10:03 UTC`."""
    return f"{at.astimezone(UTC):%Y-%m-%d at %H:%M} UTC"


def plain(text: str) -> str:
    """A text of the domain with its moments in UTC: for logs, records, and what Slack shows letter for letter."""
    return _MOMENT.sub(r"\1", text)
