"""Work items: how a decision's commands are written into the lanes, and how they are read from them."""

from __future__ import annotations

from datetime import datetime

from bot.adapters.dynamodb_items import body, content, position, work_key
from bot.adapters.dynamodb_requests import Item, moment, number, put, read_moment, text
from bot.adapters.dynamodb_table import UNFINISHED, Write
from bot.application.ports.storage import Change
from bot.application.ports.work import DueKind, WorkItem
from bot.domain.commands import COMMAND, AnchorRecord, CleanUp, Command, LaunchBatch, MakeReport, RunChecks


def work_writes(change: Change) -> tuple[Write, ...]:
    """The commands of a change, each into its lane, in order. No condition: the head's version guards them."""
    return tuple(work_write(_work(change, index, command)) for index, command in enumerate(change.commands, start=1))


def work_write(work: WorkItem) -> Write:
    """A piece of work, into its lane."""
    return Write("Put", put(_item(work)))


def _work(change: Change, index: int, command: Command) -> WorkItem:
    return WorkItem(
        drill_id=change.after.id,
        lane=command.lane,
        position=position(change.after.version, index),
        command=command,
        due_at=_not_before(command) or change.record.at,
    )


_CAN_WAIT = LaunchBatch | CleanUp | RunChecks | AnchorRecord | MakeReport


def _not_before(command: Command) -> datetime | None:
    return command.not_before if isinstance(command, _CAN_WAIT) else None


def _item(work: WorkItem) -> Item:
    return {
        **key_of(work),
        **content(COMMAND.dump_json(work.command).decode()),
        "kind": text(DueKind.WORK),
        "drill_id": text(work.drill_id),
        "lane": text(work.lane),
        UNFINISHED: text("1"),
        "due_at": moment(work.due_at),
        "attempts": number(work.attempts),
    }


def key_of(work: WorkItem) -> Item:
    """The key of a piece of work."""
    return work_key(work.drill_id, work.lane, work.position)


def read_work(item: Item) -> WorkItem:
    """A piece of work from its item."""
    command = COMMAND.validate_json(body(item))
    return WorkItem(
        drill_id=item["drill_id"]["S"],
        lane=command.lane,
        position=item["sk"]["S"].removeprefix(f"OUT#{command.lane}#"),
        command=command,
        due_at=read_moment(item["due_at"]),
        attempts=int(item["attempts"]["N"]),
        last_error=item["last_error"]["S"] if "last_error" in item else None,
    )
