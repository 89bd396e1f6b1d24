"""What the checks before Start found: every problem with what to do about it, the same advice only once."""

from __future__ import annotations

from collections.abc import Sequence

from bot.application.ports.slack import Message
from bot.domain.commands import Topic
from bot.domain.drill import Drill
from bot.domain.facts import SettingsOfServers
from bot.domain.findings import Finding
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.checks import opens_again, waivers
from bot.views.launch_settings import launch_settings
from bot.views.naming import fact, operators
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
    warnings = drill.preflight.warnings
    verdict = _verdict(drill, blocking, warnings)
    shown = [
        blocks.section("verdict", f"{'🚫' if blocking else '✅'} *{verdict}*", opens_again(drill)),
        *blocks.sections("waivers", [*waivers(drill), *_to_waive(drill)]),
        *_groups("problem", blocking, drill),
        *_groups("warning", warnings, drill),
        *_settings(drill.preflight.settings),
        *blocks.contexts("file", "📎 All of it is in the file below." if left_out(drill) else ""),
    ]
    return blocks.message(drill, topic, f"The checks: {verdict}", shown)


def _settings(groups: Sequence[SettingsOfServers]) -> list[Block]:
    told = launch_settings(groups)
    return [blocks.context("settings", told)] if told else []


def _verdict(drill: Drill, blocking: Sequence[Finding], warnings: Sequence[Finding]) -> str:
    beside = f" and {count(len(warnings), 'warning')}" if warnings else ""
    if blocking:
        return f"Not safe to start: {count(len(blocking), 'problem')}{beside}."
    servers = drill.server_count
    ready = "The server is ready" if servers == 1 else f"All {servers} servers are ready"
    return f"{ready}, with {count(len(warnings), 'warning')}." if warnings else f"{ready}."


def _to_waive(drill: Drill) -> list[str]:
    standing = len(drill.standing_warnings)
    if not standing:
        return []
    told = f"{count(standing, 'warning')} must be waived before Start, with a reason, by {operators(drill)}: "
    return [f"✋ {told}by the card's button or `/drs waive`."]


def left_out(drill: Drill) -> int:
    """How many findings the message has no room for; they are in the file behind it."""
    if drill.preflight is None:
        return 0
    kinds = (_by_remedy(drill.preflight.blocking), _by_remedy(drill.preflight.warnings))
    shown = (min(len(found), FACTS_IN_A_GROUP) for kind in kinds for found in list(kind.values())[:GROUPS])
    return len(drill.preflight.findings) - sum(shown)


def _by_remedy(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    by_remedy: dict[str, list[Finding]] = {}
    for finding in findings:
        by_remedy.setdefault(finding.remedy, []).append(finding)
    return by_remedy


def _groups(severity: str, findings: Sequence[Finding], drill: Drill) -> list[Block]:
    shown = list(_by_remedy(findings).items())[:GROUPS]
    left = len(findings) - sum(len(found) for _, found in shown)
    icon = "🚫" if severity == "problem" else "⚠️"
    sections = [
        blocks.section(
            f"{severity}-{number}",
            bullets([fact(drill, finding, FACT_LENGTH) for finding in found], FACTS_IN_A_GROUP),
            f"{icon} _{escape(remedy, REMEDY_LENGTH)}_",
        )
        for number, (remedy, found) in enumerate(shown, start=1)
    ]
    return (
        [*sections, blocks.context(f"{severity}-more", f"and {count(left, f'more {severity}')}")] if left else sections
    )
