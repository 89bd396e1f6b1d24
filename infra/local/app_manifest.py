"""The app's own manifest: what the simulated workspace offers is what the real one would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

MANIFEST = Path(__file__).parents[1] / "slack" / "manifest.yaml"


def features() -> dict[str, Any]:
    """The manifest's features: `app_home`, `slash_commands`, `shortcuts`, as far as it has them."""
    found: dict[str, Any] = yaml.safe_load(MANIFEST.read_text())["features"]
    return found


def commands() -> tuple[str, ...]:
    """The slash commands, with the slash."""
    return tuple(command["command"] for command in features().get("slash_commands", []))
