"""The local stack: what AWS and Slack are to the bot, on one machine. Never shipped; `bot` never imports it."""
