"""What the checks before Start found: every problem with what to do about it, the same advice only once."""

from __future__ import annotations

from collections.abc import Sequence

from bot.application.ports.slack import Message
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.findings import Finding, Severity
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.naming import NAME_LENGTH, plan_title
from bot.views.text import bullets, count, escape

FACTS_IN_A_GROUP = 4
GROUPS = 3
FACT_LENGTH = 230
REMEDY_LENGTH = 250


def preflight(drill: Drill, topic: Topic) -> Message | None:
    """The findings, those that refuse the drill first."""
    if drill.preflight is None:
        return None
    names = {server.id: server.name for server in drill.servers if server.name}
    blocking = drill.preflight.blocking
    warnings = tuple(finding for finding in drill.preflight.findings if finding.severity is Severity.WARN)
    verdict = _verdict(drill, blocking, warnings)
    shown = [
        blocks.section("verdict", f"{'🚫' if blocking else '✅'} *{verdict}*"),
        *_groups("problem", blocking, names),
        *_groups("warning", warnings, names),
    ]
    return blocks.message(drill, topic, f"Checks for the drill of {plan_title(drill.plan)}: {verdict}", shown)


def _verdict(drill: Drill, blocking: Sequence[Finding], warnings: Sequence[Finding]) -> str:
    beside = f" and {count(len(warnings), 'warning')}" if warnings else ""
    if blocking:
        return f"Not safe to start: {count(len(blocking), 'problem')}{beside}."
    servers = len(drill.plan.server_ids)
    ready = "The server is ready" if servers == 1 else f"All {servers} servers are ready"
    return f"{ready}, with {count(len(warnings), 'warning')}." if warnings else f"{ready}."


def _groups(severity: str, findings: Sequence[Finding], names: dict[str, str]) -> list[Block]:
    by_remedy: dict[str, list[str]] = {}
    for finding in findings:
        by_remedy.setdefault(finding.remedy, []).append(_fact(finding, names))
    shown = list(by_remedy.items())[:GROUPS]
    left = len(findings) - sum(len(facts) for _, facts in shown)
    icon = "🚫" if severity == "problem" else "⚠️"
    sections = [
        blocks.section(
            f"{severity}-{number}", bullets(facts, FACTS_IN_A_GROUP), f"{icon} _{escape(remedy, REMEDY_LENGTH)}_"
        )
        for number, (remedy, facts) in enumerate(shown, start=1)
    ]
    return (
        [*sections, blocks.context(f"{severity}-more", f"and {count(left, f'more {severity}')}")] if left else sections
    )


def _fact(finding: Finding, names: dict[str, str]) -> str:
    """The fact, with the server's name where it has only the id."""
    name = names.get(finding.server_id or "", "")[:NAME_LENGTH]
    fact = finding.fact
    if name and finding.server_id and name not in fact:
        fact = fact.replace(finding.server_id, f"{name} ({finding.server_id})", 1)
    return escape(fact, FACT_LENGTH)
