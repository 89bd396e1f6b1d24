"""Which Slack message shows what, in DynamoDB: an item for each drill, an attribute for each topic."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import TypeAdapter

from bot.adapters.dynamodb_items import SCHEMA, check, messages_key
from bot.adapters.dynamodb_requests import THERE, delete, number, text, update
from bot.adapters.dynamodb_table import Table, Write
from bot.adapters.dynamodb_work import key_of
from bot.application.ports.storage import Posted
from bot.application.ports.work import WorkItem
from bot.domain.commands import Topic
from bot.domain.errors import AlreadyDone

_TOPIC = "topic:"
_POSTED: TypeAdapter[Posted] = TypeAdapter(Posted)


class DynamoDbMessages:
    """Fulfils `MessageStore`."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def messages(self, drill_id: str) -> Mapping[str, Posted]:
        """The drill's messages by topic key."""
        item = self._table.get(messages_key(drill_id))
        if item is None:
            return {}
        check(item)
        kept = {name.removeprefix(_TOPIC): value for name, value in item.items() if name.startswith(_TOPIC)}
        return {topic: _POSTED.validate_json(value["S"]) for topic, value in kept.items()}

    def keep(self, drill_id: str, topic: Topic, posted: Posted, done: WorkItem | None) -> None:
        """Record what a topic's message shows now, and take the work (if any) out of the lane, in one transaction."""
        fields = {"schema": number(SCHEMA), f"{_TOPIC}{topic.key}": text(_POSTED.dump_json(posted).decode())}
        kept = Write("Update", update(messages_key(drill_id), fields))
        self._table.transact((kept, _done(done)) if done else (kept,))


def _done(work: WorkItem) -> Write:
    gone = AlreadyDone("This message has been brought up to date by somebody else.")
    return Write("Delete", delete(key_of(work), THERE), gone)
