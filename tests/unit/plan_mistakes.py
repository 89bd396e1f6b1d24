"""What the author of a plan can get wrong, and what they are told."""

from __future__ import annotations

from tests.unit.plan_mistakes_in_waves import MISTAKES_IN_WAVES

PLAN = """\
version: 1
name: payments
title: Payments
description: Recover the payment service.
owner: Payments platform
channel: C0DRILLS01
objectives: {rto: 1h30m, rpo: 15m}
access:
  operators: [U0ADA00001]
  approvers: [U0GRACE001]
waves:
  - name: Database
    servers:
      - id: s-3c1730a9e0771ea14
  - name: Web
    servers:
      - id: s-7e92f40b6c1d8a357
        impact: optional
"""

FIRST = "version, name, title, description, owner, channel"
REQUIRED = f"{FIRST}, objectives, access, waves"
KEYS = (
    f"{FIRST}, target, objectives, drill_every, launch_point, warnings, allowed, freeze, access, waves, checks, cleanup"
)
ACCESS_KEYS = (
    "operators, approvers, minimum_approvals, four_eyes, separation_of_duties, approval_timeout, escalation, "
    "break_glass"
)
HOURS = "weekdays 08:00-18:00 Europe/Berlin"
COUNT = "a whole number from 1 to 20, without quotes"
UNREAD = "anchors, aliases and tags (&, *, !) are not read; write the value itself"

MISTAKES = {
    # what the author did: (the text that was there, what they wrote instead, what they are told)
    "unknown choice": (
        "impact: optional",
        "impact: high",
        "18:17: waves[1].servers[0].impact: 'high' is not known; write critical or optional",
    ),
    "unknown key, near a known one": (
        "impact: optional",
        "impakt: optional",
        "18:9: waves[1].servers[0].impakt: unknown key; did you mean impact?",
    ),
    "unknown key, near none": (
        "  approvers:",
        "  quorum: 2\n  approvers:",
        f"10:3: access.quorum: unknown key; the keys here: {ACCESS_KEYS}",
    ),
    "hours without a zone": (
        "access:",
        "allowed: [weekdays 08:00-18:00]\naccess:",
        f"8:11: allowed[0]: 'weekdays 08:00-18:00' is no window of hours; write it like {HOURS}",
    ),
    "hours in no known zone": (
        "access:",
        "allowed: [daily 08:00-18:00 Europe/Berlim]\naccess:",
        "8:11: allowed[0]: 'Europe/Berlim' is no time zone; write it like Europe/Berlin, by its IANA name",
    ),
    "no hours": (
        "access:",
        "allowed: [daily 08:00-08:00 UTC]\naccess:",
        "8:11: allowed[0]: 08:00-08:00 is no time at all; write 00:00-24:00 for the whole day",
    ),
    "hours that are no list": (
        "access:",
        "allowed: daily 08:00-18:00 UTC\naccess:",
        "8:10: allowed: 'daily 08:00-18:00 UTC' is a text; write a list, each item after a dash",
    ),
    "more windows than anybody reads": (
        "access:",
        f"allowed: [{', '.join(['daily 08:00-18:00 UTC'] * 11)}]\naccess:",
        "8:10: allowed: has 11 items; write 0 to 10",
    ),
    "freeze on no day": (
        "access:",
        "freeze: [{from: 15.12.2026, to: 2026-12-32, why: year end, zone: UTC}]\naccess:",
        """\
8:17: freeze[0].from: '15.12.2026' is no day; write it like 2026-12-15
plans/payments.yaml:8:33: freeze[0].to: '2026-12-32' is no day; write it like 2026-12-15""",
    ),
    "freeze of a number": (
        "access:",
        "freeze: [{from: 2026, to: 2026-12-31, why: year end, zone: UTC}]\naccess:",
        "8:17: freeze[0].from: 2026 is no day; write it like 2026-12-15",
    ),
    "freeze in no known zone": (
        "access:",
        "freeze: [{from: 2026-12-15, to: 2026-12-31, why: year end, zone: Europe}]\naccess:",
        "8:66: freeze[0].zone: 'Europe' is no time zone; write it like Europe/Berlin, by its IANA name",
    ),
    "freeze that ends before it begins": (
        "access:",
        "freeze: [{from: 2026-12-15, to: 2026-01-06, why: year end, zone: UTC}]\naccess:",
        "8:33: freeze[0].to: is before from (2026-12-15); write that day or a later one",
    ),
    "freeze for good": (
        "access:",
        "freeze: [{from: 2026-12-15, to: 2027-12-16, why: year end, zone: UTC}]\naccess:",
        "8:33: freeze[0].to: is more than 366 days after from (2026-12-15); write an earlier day",
    ),
    "freeze without a zone": (
        "access:",
        "freeze: [{from: 2026-12-15, to: 2027-01-06, why: year end}]\naccess:",
        "8:10: freeze[0]: needs a zone, since allowed names no time zone; write one, like zone: Europe/Berlin",
    ),
    "freeze of two zones": (
        "access:",
        """\
allowed: [mon 08:00-18:00 UTC, tue 08:00-18:00 Asia/Tokyo]
freeze: [{from: 2026-12-15, to: 2027-01-06, why: year end}]
access:""",
        "9:10: freeze[0]: needs a zone, since allowed names UTC and Asia/Tokyo; write one, like zone: Europe/Berlin",
    ),
    "merge key": (
        "owner:",
        "<<: {title: x}\nowner:",
        f"5:1: <<: unknown key; the keys here: {KEYS}",
    ),
    "no version": ("version: 1\n", "", "1:1: version: is missing; write 1"),
    "other version": ("version: 1", "version: 2", "1:10: version: 2 is not known; write 1"),
    "version as a text": ("version: 1", 'version: "1"', "1:10: version: '1' is not known; write 1"),
    "name of another file": (
        "name: payments",
        "name: payment",
        "2:7: name: 'payment' is not the file's own name; write payments",
    ),
    "malformed name": (
        "name: payments",
        "name: Payments",
        "2:7: name: 'Payments' is not a valid plan name; write it like payments",
    ),
    "blank": ("title: Payments", "title: ' '", "3:8: title: is too short; write 1 to 80 characters"),
    "too long": ("title: Payments", f"title: {'x' * 95}", "3:8: title: has 95 characters; write 1 to 80 characters"),
    "two lines": (
        "title: Payments",
        'title: "one\\ntwo"',
        "3:8: title: 'one\\ntwo' is not a valid single line of text; write it like Payments in the recovery Region",
    ),
    "number for a text": ("title: Payments", "title: 2026", '3:8: title: 2026 is a number; write it in quotes: "2026"'),
    "boolean for a text": (
        "title: Payments",
        "title: true",
        '3:8: title: true is true or false; write it in quotes: "true"',
    ),
    "list for a text": (
        "title: Payments",
        "title: [Payments]",
        "3:8: title: this is a list; write it like Payments in the recovery Region",
    ),
    "channel name for its id": (
        "channel: C0DRILLS01",
        "channel: '#drills'",
        "6:10: channel: '#drills' is not a valid Slack channel id; write it like C0DRILLS01",
    ),
    "long values are cut": (
        "channel: C0DRILLS01",
        f"channel: {'x' * 200}",
        f"6:10: channel: '{'x' * 59}… is not a valid Slack channel id; write it like C0DRILLS01",
    ),
    "missing key, told at its parent": (
        "objectives: {rto: 1h30m, rpo: 15m}",
        "objectives: {rto: 1h30m}",
        "7:1: objectives.rpo: is missing; write it like 15m",
    ),
    "text for keys": (
        "objectives: {rto: 1h30m, rpo: 15m}",
        "objectives: 1h30m",
        "7:13: objectives: '1h30m' is a text; write its keys beneath it: rto, rpo",
    ),
    "number for a length of time": (
        "rpo: 15m",
        "rpo: 15",
        "7:31: objectives.rpo: 15 is not a length of time; write it like 90s, 30m, 1h30m or 2d",
    ),
    "more than a year": ("rpo: 15m", "rpo: 400d", "7:31: objectives.rpo: must be longer than zero and at most 366d"),
    "empty list": (
        "  operators: [U0ADA00001]",
        "  operators: []",
        "9:14: access.operators: has 0 items; write 1 or more",
    ),
    "text for a list": (
        "  operators: [U0ADA00001]",
        "  operators: U0ADA00001",
        "9:14: access.operators: 'U0ADA00001' is a text; write a list, each item after a dash",
    ),
    "the only item is bad": (
        "  operators: [U0ADA00001]",
        "  operators: ['@ada']",
        "9:15: access.operators[0]: '@ada' is not a valid Slack member or user group id; write it like U0ADA00001",
    ),
    "nobody can approve": (
        "  approvers: [U0GRACE001]\n",
        "",
        "8:1: access.approvers: 0 named, but waves[1] needs 1; name more approvers or lower minimum_approvals",
    ),
    "too small": (
        "access:\n",
        "access:\n  minimum_approvals: 0\n",
        f"9:22: access.minimum_approvals: 0 is out of range; write {COUNT}",
    ),
    "too large": (
        "access:\n",
        "access:\n  minimum_approvals: 99999999999999999999\n",
        f"9:22: access.minimum_approvals: 99999999999999999999 is out of range; write {COUNT}",
    ),
    "text for a number": (
        "access:\n",
        "access:\n  minimum_approvals: '2'\n",
        f"9:22: access.minimum_approvals: '2' is a text; write {COUNT}",
    ),
    "fraction": (
        "access:\n",
        "access:\n  minimum_approvals: 1.5\n",
        f"9:22: access.minimum_approvals: 1.5 is a number; write {COUNT}",
    ),
    "YAML 1.1 boolean": (
        "access:\n",
        "access:\n  four_eyes: no\n",
        "9:14: access.four_eyes: 'no' is a text; write true or false, without quotes",
    ),
    "account id without quotes": (
        "owner:",
        "target: {account_id: 012345678901, region: eu-west-1}\nowner:",
        '5:22: target.account_id: 012345678901 is a number; write it in quotes: "012345678901"',
    ),
    "missing account id": (
        "owner:",
        "target: {region: eu-west-1}\nowner:",
        '5:1: target.account_id: is missing; write it in quotes, like "123456789012"',
    ),
    "text for keys that may all be left out": (
        "owner:",
        "cleanup: at-once\nowner:",
        "5:10: cleanup: 'at-once' is a text; write its keys beneath it: when, after, remind_every, check_every",
    ),
    "unknown choice of three": (
        "owner:",
        "cleanup: {when: later}\nowner:",
        "5:17: cleanup.when: 'later' is not known; write at-once or after or on-click",
    ),
    "key without value": (
        "owner: Payments platform",
        "owner:",
        "5:7: owner: has no value; write one, or leave the key out",
    ),
    "null for what may be left out": (
        "owner:",
        "target: ~\nowner:",
        "5:9: target: has no value; write one, or leave the key out",
    ),
    "key twice": ("owner:", "title: Again\nowner:", "5:1: title: written twice, first on line 3; keep one"),
    "anchor": (
        "owner: Payments platform",
        "owner: &team Payments platform",
        f"5:8: owner: {UNREAD}",
    ),
    "alias": (
        "owner: Payments platform",
        "owner: *team",
        f"5:8: owner: {UNREAD}",
    ),
    "tag": (
        "owner: Payments platform",
        "owner: !!python/object:os.system x",
        f"5:8: owner: {UNREAD}",
    ),
    "no keys at all": (
        PLAN,
        "just words\n",
        f"1:1: plan: 'just words' is a text; write its keys beneath it: {REQUIRED}",
    ),
    **MISTAKES_IN_WAVES,
}
