"""What people see in Slack: pure functions from a drill to Block Kit. No client, no clock, no decisions."""

from bot.views.home import home
from bot.views.topics import render

__all__ = ["home", "render"]
