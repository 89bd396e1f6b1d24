"""Who is in which user group, in DynamoDB: an item for each group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import TypeAdapter

from bot.adapters.dynamodb_items import body, content, group_key
from bot.adapters.dynamodb_requests import put
from bot.adapters.dynamodb_table import Table
from bot.application.ports.groups import Membership

_MEMBERSHIP: TypeAdapter[Membership] = TypeAdapter(Membership)


class DynamoDbGroups:
    """Fulfils `Groups`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def known(self, group_ids: Iterable[str]) -> Mapping[str, Membership]:
        """What is kept of these groups; a plan names a handful, so each is read by itself."""
        items = {group: self._table.get(group_key(group)) for group in group_ids}
        return {group: _MEMBERSHIP.validate_json(body(item)) for group, item in items.items() if item}

    def keep(self, group_id: str, membership: Membership) -> None:
        """Keep what a group is now. Only the finder writes it, so the newest look is the last one."""
        kept = content(_MEMBERSHIP.dump_json(membership).decode())
        self._table.put(put({**group_key(group_id), **kept}))
