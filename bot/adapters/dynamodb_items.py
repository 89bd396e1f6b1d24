"""What every item of the table has in common: its key by what it is, its schema version, and its content as JSON.

`docs/reference/items.md` describes each item; the reasons for their shapes are there.
"""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

from bot.adapters.dynamodb_requests import Item, key, number, stamp, text
from bot.application.ports.storage import Refusal, StoreUnavailable
from bot.domain.commands import Lane
from bot.domain.launch import LaunchKey
from bot.domain.plan import Target
from bot.domain.results import DrillResult

SCHEMA = 1
"""The version of the items' layout. A release that cannot read its predecessor's items counts it up."""
PACK_ABOVE = 16 * 1024
"""Longer content (in bytes of JSON) is kept gzipped.

An item holds 400 KB at most, and a partition takes 1,000 write units of 1 KB a second, of which a transaction uses two
per KB (AWS: DynamoDB quotas): a wave of 500 failed servers would come near to both as plain text.
"""


VIEWERS = "HOMES"
"""The partition of those who have opened their App Home."""
VIEWER = "VIEWER#"
PLANS = "PLANS"
"""The partition of the newest results of every plan."""
PLAN = "PLAN#"
RESULT = "RESULT#"


def drill_pk(drill_id: str) -> str:
    """The partition of everything that belongs to a drill."""
    return f"DRILL#{drill_id}"


def head_key(drill_id: str) -> Item:
    """The drill's head."""
    return key(drill_pk(drill_id), "DRILL")


def part_key(drill_id: str, part: str) -> Item:
    """A part of the drill that has an item of its own."""
    return key(drill_pk(drill_id), f"DRILL#{part}")


def event_key(drill_id: str, version: int) -> Item:
    """The audit record of the event that made `version`."""
    return key(drill_pk(drill_id), f"EVENT#{version:010}")


def position(version: int, index: int) -> str:
    """The place of a command in its lane: by the drill's version, then by its number in that decision (from 1)."""
    return f"{version:010}#{index:03}"


def work_key(drill_id: str, lane: Lane, place: str) -> Item:
    """A piece of work."""
    return key(drill_pk(drill_id), f"OUT#{lane}#{place}")


def lane_key(drill_id: str, lane: Lane) -> Item:
    """Who holds a lane."""
    return key(drill_pk(drill_id), f"LANE#{lane}")


def wake_key(drill_id: str, lane: Lane, now: datetime) -> Item:
    """A wake-up of a lane."""
    return key(drill_pk(drill_id), f"WAKE#{lane}#{stamp(now)}")


def claim_key(drill_id: str, launch: LaunchKey) -> Item:
    """The right to send one StartRecovery."""
    return key(drill_pk(drill_id), f"CLAIM#{launch}")


def gathered_prefix(check: int) -> str:
    """How the keys of what a check of a drill has read begin."""
    return f"GATHERED#{check:03}#"


def gathered_key(drill_id: str, check: int, now: datetime) -> Item:
    """What one step of a check has read."""
    return key(drill_pk(drill_id), f"{gathered_prefix(check)}{stamp(now)}")


def refusal_key(refusal: Refusal) -> Item:
    """A refused click; one a minute for each person and action."""
    minute = refusal.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
    return key(drill_pk(refusal.drill_id), f"REFUSED#{minute}#{refusal.actor.user_id}#{refusal.action}")


def viewer_key(user_id: str) -> Item:
    """Somebody who has opened their App Home."""
    return key(VIEWERS, f"{VIEWER}{user_id}")


def results_pk(plan_name: str) -> str:
    """The partition of a plan's results."""
    return f"{PLAN}{plan_name}"


def result_key(result: DrillResult) -> Item:
    """How a drill has ended; those of a plan sort by time."""
    return key(results_pk(result.plan), f"{RESULT}{stamp(result.ended_at)}#{result.drill_id}")


def plan_key(plan_name: str) -> Item:
    """The newest results of a plan."""
    return key(PLANS, f"{PLAN}{plan_name}")


def messages_key(drill_id: str) -> Item:
    """The drill's Slack messages."""
    return key(drill_pk(drill_id), "VIEW")


def locks_key(target: Target) -> Item:
    """What is held in an account and Region."""
    return key(f"LOCKS#{target.account_id}#{target.region}", "LOCKS")


def group_key(group_id: str) -> Item:
    """Who is in a user group."""
    return key(f"GROUP#{group_id}", "GROUP")


def replay_key(digest: str) -> Item:
    """A request that was taken."""
    return key(f"REPLAY#{digest}", "REPLAY")


def content(json: str) -> Item:
    """Schema version and content, the latter gzipped where it is long."""
    raw = json.encode()
    if len(raw) <= PACK_ABOVE:
        return {"schema": number(SCHEMA), "body": text(json)}
    # Without a time in it, the same content is the same item: a transaction sent twice must not differ.
    return {"schema": number(SCHEMA), "body_gzip": {"B": gzip.compress(raw, mtime=0)}}


def body(item: Item) -> str:
    """An item's content.

    Raises:
        StoreUnavailable: a newer release has written it.
    """
    check(item)
    return item["body"]["S"] if "body" in item else gzip.decompress(item["body_gzip"]["B"]).decode()


def check(item: Item) -> None:
    """See that this release knows how to read the item.

    Raises:
        StoreUnavailable: it does not.
    """
    if item["schema"] != number(SCHEMA):
        raise StoreUnavailable(
            f"{item['pk']['S']} {item['sk']['S']} has schema {item['schema']['N']}; this release reads {SCHEMA}",
            retryable=False,
        )
