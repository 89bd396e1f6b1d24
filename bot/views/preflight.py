"""What the checks before Start found: every problem with what to do about it, the same advice only once."""

from __future__ import annotations

from collections.abc import Sequence

from bot.application.ports.slack import Message
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.facts import SettingsOfServers
from bot.domain.findings import Finding, Severity
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.launch_settings import launch_settings
from bot.views.naming import fact, plan_title
from bot.views.text import bullets, count, escape

FACTS_IN_A_GROUP = 4
GROUPS = 3
FACT_LENGTH = 230
REMEDY_LENGTH = 250


def preflight(drill: Drill, topic: Topic) -> Message | None:
    """The findings, those that refuse the drill first."""
    if drill.preflight is None:
        return None
    blocking = drill.preflight.blocking
    warnings = tuple(finding for finding in drill.preflight.findings if finding.severity is Severity.WARN)
    verdict = _verdict(drill, blocking, warnings)
    shown = [
        blocks.section("verdict", f"{'🚫' if blocking else '✅'} *{verdict}*"),
        *_groups("problem", blocking, drill),
        *_groups("warning", warnings, drill),
        *_settings(drill.preflight.settings),
    ]
    return blocks.message(drill, topic, f"Checks for the drill of {plan_title(drill.plan)}: {verdict}", shown)


def _settings(groups: Sequence[SettingsOfServers]) -> list[Block]:
    told = launch_settings(groups)
    return [blocks.context("settings", told)] if told else []


def _verdict(drill: Drill, blocking: Sequence[Finding], warnings: Sequence[Finding]) -> str:
    beside = f" and {count(len(warnings), 'warning')}" if warnings else ""
    if blocking:
        return f"Not safe to start: {count(len(blocking), 'problem')}{beside}."
    servers = len(drill.plan.server_ids)
    ready = "The server is ready" if servers == 1 else f"All {servers} servers are ready"
    return f"{ready}, with {count(len(warnings), 'warning')}." if warnings else f"{ready}."


def _groups(severity: str, findings: Sequence[Finding], drill: Drill) -> list[Block]:
    by_remedy: dict[str, list[str]] = {}
    for finding in findings:
        by_remedy.setdefault(finding.remedy, []).append(fact(drill, finding, FACT_LENGTH))
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
