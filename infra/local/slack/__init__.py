"""A Slack on loopback: the Web API with state, limits and faults, and people who click as Slack's users do.

`server.SlackServer` runs it, `client.person` acts in it, `transcript.transcript` reads it, `blockkit` checks what an
app wants to show. Nothing here leaves the machine.
"""
