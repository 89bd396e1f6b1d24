"""Plans written for one story each, as YAML files like anybody's."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from bot.adapters.plan_files import PlanFiles
from bot.domain.plan import Plan

ADA, GRACE, LINUS, MALLORY = "U0ADA00001", "U0GRACE001", "U0LINUS001", "U0MALLORY1"
CHANNEL = "C0DRILLS01"
CHANNEL_ONLY: Mapping[str, Any] = {}

Wave = Sequence[str]
"""`critical` or `optional` for each server."""


def server_id(plan: str, wave: int, number: int) -> str:
    """The id of a story's server; waves and servers count from 1."""
    return "s-" + hashlib.sha256(f"{plan}/{wave}/{number}".encode()).hexdigest()[:17]


def write_plan(folder: Path, name: str, written: Mapping[str, Any]) -> Plan:
    """Write a plan: one wave with one critical server, run by Ada and Linus, approved by Grace and Linus, but for what
    `written` says otherwise (`waves`: a list of waves; `wave`: fields for each; `access`, `target`, `servers`,
    `fields`: more of the plan's own)."""
    waves: Sequence[Wave] = written.get("waves", [["critical"]])
    content = {
        "version": 1,
        "name": name,
        "title": f"The plan {name}",
        "description": "Made for one test.",
        "owner": "Tests",
        "channel": CHANNEL,
        "objectives": {"rto": "2h", "rpo": "15m"},
        "access": {"operators": [ADA, LINUS], "approvers": [GRACE, LINUS], **written.get("access", {})},
        "waves": [
            {
                "name": f"Wave {number}",
                "servers": [
                    {"id": written.get("servers", {}).get((number, n)) or server_id(name, number, n), "impact": impact}
                    for n, impact in enumerate(wave, start=1)
                ],
                **written.get("wave", {}),
            }
            for number, wave in enumerate(waves, start=1)
        ],
        **written.get("fields", {}),
    }
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(content, sort_keys=False))
    return PlanFiles(folder).load(name)
