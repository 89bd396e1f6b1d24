"""What the author of a plan can get wrong in its waves, and what they are told."""

from __future__ import annotations

ONE_KIND = "write exactly one of status, tcp, http, command, automation, launch_actions, manual"
CIRCLE = "can never begin, since the waves wait for each other"
STAY_UP = "to keep the instances up at the end, write cleanup: {when: after}"

MISTAKES_IN_WAVES = {
    # what the author did: (the text that was there, what they wrote instead, what they are told)
    "check of nothing": (
        "  - name: Web\n",
        "  - name: Web\n    checks:\n      - within: 5m\n",
        f"17:9: waves[1].checks[0]: looks at nothing; {ONE_KIND}",
    ),
    "check of two things": (
        "  - name: Web\n",
        "  - name: Web\n    checks:\n      - {tcp: 22, manual: It works}\n",
        f"17:9: waves[1].checks[0]: looks at tcp and manual; {ONE_KIND}",
    ),
    "check of another wave's server": (
        "  - name: Web\n",
        "  - name: Web\n    checks:\n      - {tcp: 22, servers: [s-3c1730a9e0771ea14]}\n",
        "17:29: waves[1].checks[0].servers[0]: is no server of this wave; write one of its ids, or leave it out",
    ),
    "check of no server of the plan": (
        "waves:\n",
        "checks:\n  - {tcp: 22, servers: [s-00000000000000000]}\nwaves:\n",
        "12:25: checks[0].servers[0]: is no server of this wave; write one of its ids, or leave it out",
    ),
    "question to one server": (
        "  - name: Web\n",
        "  - name: Web\n    checks:\n      - {manual: It works, servers: [s-7e92f40b6c1d8a357]}\n",
        "17:37: waves[1].checks[0].servers: is of no use with manual, which is made once for the wave; leave it out",
    ),
    "probe of a status": (
        "  - name: Web\n",
        "  - name: Web\n    checks:\n      - {status: ok, via: probe}\n",
        "17:27: waves[1].checks[0].via: is of use only with tcp or http; leave it out",
    ),
    "a wave after one that is not there": (
        "  - name: Web\n",
        "  - name: Web\n    depends_on: [Datbase]\n",
        "16:18: waves[1].depends_on[0]: is no wave of this plan; there are: Database, Web",
    ),
    "a wave after itself": (
        "  - name: Web\n",
        "  - name: Web\n    depends_on: [Web]\n",
        f"16:17: waves[1].depends_on: {CIRCLE}: Web after Web",
    ),
    "waves in a circle": (
        "  - name: Database\n",
        "  - name: Database\n    depends_on: [Web]\n",
        f"13:17: waves[0].depends_on: {CIRCLE}: Database after Web after Database",
    ),
    "bare server id": (
        "      - id: s-3c1730a9e0771ea14",
        "      - s-3c1730a9e0771ea14",
        "14:9: waves[0].servers[0]: 's-3c1730a9e0771ea14' is a text; write its keys beneath it: id",
    ),
    "missing key of a list item": (
        "  - name: Web\n    servers:",
        "  - servers:",
        "15:5: waves[1].name: is missing; write it like Database",
    ),
    "wave without servers": (
        "      - id: s-7e92f40b6c1d8a357\n        impact: optional",
        "      []",
        "17:7: waves[1].servers: has no servers; write their ids, or choose them by their tags with select",
    ),
    "neither servers nor select": (
        "  - name: Web\n    servers:\n      - id: s-7e92f40b6c1d8a357\n        impact: optional",
        "  - name: Web",
        "15:5: waves[1].servers: has no servers; write their ids, or choose them by their tags with select",
    ),
    "select without tags": (
        "  - name: Web",
        "  - name: Web\n    select: {}",
        "16:5: waves[1].select.tags: is missing; write its keys beneath it, like Environment: prod",
    ),
    "no tag to select by": (
        "  - name: Web",
        "  - name: Web\n    select: {tags: {}}",
        "16:20: waves[1].select.tags: has 0 keys; write 1 to 10",
    ),
    "a list for tags": (
        "  - name: Web",
        "  - name: Web\n    select: {tags: [web]}",
        "16:20: waves[1].select.tags: this is a list; write its keys beneath it, like Environment: prod",
    ),
    "empty tag key": (
        "  - name: Web",
        '  - name: Web\n    select: {tags: {"": web}}',
        "16:21: waves[1].select.tags: a key of it is too short; write 1 to 128 characters",
    ),
    "no value for a tag": (
        "  - name: Web",
        "  - name: Web\n    select: {tags: {Tier: []}}",
        "16:27: waves[1].select.tags.Tier: has 0 items; write 1 to 50",
    ),
    "number for a tag's value": (
        "  - name: Web",
        "  - name: Web\n    select: {tags: {Tier: 1}}",
        '16:27: waves[1].select.tags.Tier: 1 is a number; write it in quotes: "1"',
    ),
    "exclude without select": (
        "  - name: Web",
        "  - name: Web\n    exclude: {servers: [s-3c1730a9e0771ea14]}",
        "16:14: waves[1].exclude: leaves out some of what select chooses; write select too, or take it away",
    ),
    "exclude that excludes nothing": (
        "  - name: Web",
        "  - name: Web\n    select: {tags: {Tier: web}}\n    exclude: {}",
        "17:14: waves[1].exclude: leaves nothing out; write tags or servers beneath it, or take it away",
    ),
    "exclude of a server that is named": (
        "  - name: Web",
        "  - name: Web\n    select: {tags: {Tier: web}}\n    exclude: {servers: [s-7e92f40b6c1d8a357]}",
        "17:25: waves[1].exclude.servers[0]: is a server that the wave names by its id; take it out of one of the two",
    ),
    "wait after the last wave": (
        "  - name: Web",
        "  - name: Web\n    wait_after: 10m",
        f"16:17: waves[1].wait_after: is of use only before another wave; {STAY_UP}",
    ),
    "cleanup after no time": (
        "owner:",
        "cleanup: {when: after}\nowner:",
        "5:1: cleanup.after: is missing; write how long the instances stay up, like 2h",
    ),
    "cleanup at once after a time": (
        "owner:",
        "cleanup: {after: 2h}\nowner:",
        "5:18: cleanup.after: is of use only with when: after; write that too, or leave after out",
    ),
    "server in two waves": (
        "s-7e92f40b6c1d8a357",
        "s-3c1730a9e0771ea14",
        "17:13: waves[1].servers[0].id: this server is in waves[0] already; a server belongs to one wave",
    ),
}
