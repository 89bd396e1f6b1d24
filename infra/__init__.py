"""What the bot runs on: local stack, generators, and what is deployed beside it. `bot` never imports it."""
