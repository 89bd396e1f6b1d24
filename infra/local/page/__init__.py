"""The server of the simulated workspace's page: the people's view of the simulated Slack, and the world's controls.

What it and the page say to each other is written in `infra/local/web/src/protocol.ts`. It decides nothing: every act
goes through `infra.local.slack.client.Person`, as a signed request to the bot, and what is shown is what the simulators
hold.
"""
