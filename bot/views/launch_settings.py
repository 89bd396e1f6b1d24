"""How DRS is set to launch the servers of a drill, in a line: it applies that by itself, and nobody changes it here."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.facts import LaunchSettings, SettingsOfServers
from bot.views.text import count, escape

WAYS = 3
_WORD_LENGTH = 20


def launch_settings(groups: Sequence[SettingsOfServers]) -> str:
    """`Launch settings: 5 servers STARTED, right-sizing BASIC; 1 server STOPPED, …`; nothing where none were read."""
    told = [f"{count(len(group.server_ids), 'server')} {_way(group.settings)}" for group in groups[:WAYS]]
    left = sum(len(group.server_ids) for group in groups[WAYS:])
    rest = [f"{count(left, 'server')} in other ways"] if left else []
    return f"Launch settings in DRS: {'; '.join([*told, *rest])}." if told else ""


def _way(settings: LaunchSettings) -> str:
    parts = [
        escape(settings.launch_disposition or "in an unknown state", _WORD_LENGTH),
        f"right-sizing {escape(settings.right_sizing or 'unknown', _WORD_LENGTH)}",
        "private IP kept" if settings.copy_private_ip else "",
        "own licence" if settings.os_byol else "",
        "post-launch actions" if settings.post_launch_enabled else "",
        "without conversion (FAST)" if settings.recovery_mode == "FAST" else "",
    ]
    return ", ".join(part for part in parts if part)
