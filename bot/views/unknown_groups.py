"""What somebody is told while it is not known whether they are in a user group that plans name."""

from __future__ import annotations

from bot.domain.approval import mention
from bot.domain.home import Home
from bot.domain.parts import unsure
from bot.views import blocks
from bot.views.blocks import Block
from bot.views.text import listed

GROUPS_SHOWN = 2
NAMES_SHOWN = 15


def unknown_groups(home: Home) -> list[Block]:
    """Since when it is not known who is in which groups, and which plans that is about; nothing if it is known."""
    plans = [plan for plan in home.plans if unsure(plan.access, home.person)]
    if not plans:
        return []
    groups = listed([mention(group) for group in home.person.unsure], GROUPS_SHOWN)
    since = f"since {home.person.unsure_since:%H:%M} UTC" if home.person.unsure_since else "so far"
    told = f"⚠️ The members of {groups} could not be looked up {since}: you may have more rights than this says in "
    return [blocks.section("unsure", f"{told}{listed([plan.name for plan in plans], NAMES_SHOWN)}.")]
