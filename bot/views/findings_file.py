"""All that the checks before Start found, as a file: where the message in the thread has no room for all of it.

CSV, as every spreadsheet opens it and Slack shows it as a table: with a byte order mark, without which Excel takes
UTF-8 for something else (support.microsoft.com, "Opening CSV UTF-8 files correctly in Excel").
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO

from bot.application.ports.slack import Attachment
from bot.domain.checked import Waiver
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.findings import Finding
from bot.views.naming import plan_title
from bot.views.preflight import left_out
from bot.views.text import count

COLUMNS = ("severity", "waived", "check", "server id", "server name", "what was found", "what to do")
_BYTE_ORDER_MARK = "\ufeff"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is computed by spreadsheets, and anybody may have named a server so (OWASP, CSV injection)."""


def findings_file(drill: Drill, topic: Topic) -> Attachment | None:
    """The file as it was when it was asked for: number 1 after the checks, one more after each waiver or check.

    A file in Slack cannot be changed, so that the newest one is the one that counts.
    """
    if drill.preflight is None or not left_out(drill):
        return None
    made = drill.waivers[: max((topic.number or 1) - drill.preflight.number, 0)]
    waivers = tuple(waiver for waiver in made if waiver.preflight == drill.preflight.number)
    number = f"-{topic.number}" if (topic.number or 1) > 1 else ""
    findings = count(len(drill.preflight.findings), "finding")
    return Attachment(
        name=f"{drill.id}-findings{number}.csv",
        title=f"{findings} of {drill.id}{', as waived' if waivers else ''}",
        text=f"All {findings} of the checks for {plan_title(drill.plan)}{', as waived' if waivers else ''}.",
        content=(_BYTE_ORDER_MARK + _written(drill, waivers)).encode(),
    )


def _written(drill: Drill, waivers: tuple[Waiver, ...]) -> str:
    kept = StringIO()
    rows = csv.writer(kept)
    rows.writerow(COLUMNS)
    rows.writerows(tuple(map(_harmless, row)) for row in _rows(drill, waivers))
    return kept.getvalue()


def _rows(drill: Drill, waivers: tuple[Waiver, ...]) -> Iterator[tuple[str, ...]]:
    names = {server.id: server.name for server in drill.servers}
    for finding in drill.preflight.findings if drill.preflight else ():
        server = finding.server_id or ""
        severity = "problem" if finding.blocks else "warning"
        waived = _waived(finding, waivers)
        yield severity, waived, finding.check, server, names.get(server, ""), finding.fact, finding.remedy


def _waived(finding: Finding, waivers: tuple[Waiver, ...]) -> str:
    for waiver in waivers:
        if finding.check in waiver.checks and not finding.blocks:
            return f"by {waiver.by.user_id} at {waiver.at:%Y-%m-%d %H:%M} UTC: {waiver.reason}"
    return "no"


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
