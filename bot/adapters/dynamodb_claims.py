"""Claims: the right to send one StartRecovery, made by a conditional write before anything is sent."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import datetime

from bot.adapters.dynamodb_items import SCHEMA, check, claim_key
from bot.adapters.dynamodb_requests import (
    NOT_THERE,
    Item,
    Value,
    delete,
    moment,
    number,
    put,
    read_moment,
    text,
    update,
)
from bot.adapters.dynamodb_table import ConditionFailed, Table
from bot.application.ports.storage import Claim
from bot.domain.errors import ConcurrentUpdate
from bot.domain.launch import LaunchKey


class Claims:
    """The claims in a table. Each attempt signs its claim, so that it knows its own when an answer was lost."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def make(self, drill_id: str, key: LaunchKey, now: datetime) -> Claim:
        """Claim, or find out since when it is claimed."""
        claimant = text(uuid.uuid4().hex)
        fields = {"schema": number(SCHEMA), "since": moment(now), "claimant": claimant}
        try:
            self._table.put(put({**claim_key(drill_id, key), **fields}, NOT_THERE))
        except ConditionFailed as standing:
            return _standing(key, standing.item, claimant)
        return Claim(key, is_ours=True, since=now)

    def renew(self, drill_id: str, claim: Claim, now: datetime) -> Claim:
        """Take a claim over; the later time is what makes only one of several succeed."""
        claimant = text(uuid.uuid4().hex)
        try:
            self._table.update(
                update(
                    claim_key(drill_id, claim.key),
                    {"since": moment(now), "claimant": claimant},
                    "#since = :read AND #since < :now",
                    read=moment(claim.since),
                    now=moment(now),
                )
            )
        except ConditionFailed as failed:
            if failed.item.get("claimant") != claimant:
                raise ConcurrentUpdate("Somebody else looks after this launch now.") from failed
        return Claim(claim.key, is_ours=True, since=now)

    def release(self, drill_id: str, claim: Claim) -> None:
        """Give a claim back, if it is still the one."""
        with suppress(ConditionFailed):
            self._table.delete(delete(claim_key(drill_id, claim.key), "#since = :read", read=moment(claim.since)))


def _standing(key: LaunchKey, item: Item, claimant: Value) -> Claim:
    check(item)
    return Claim(key, is_ours=item["claimant"] == claimant, since=read_moment(item["since"]))
