"""Which Slack message shows what is kept together with the work that drew it, or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.application.ports.storage import Posted
from bot.application.ports.work import WorkItem
from bot.domain.commands import Lane, Topic, TopicKind
from bot.domain.errors import AlreadyDone
from tests.contract.store.backends import Storage
from tests.contract.store.drills import plan_of, proposal, running, save

CARD = Topic(kind=TopicKind.CARD)
APPROVAL = Topic(kind=TopicKind.APPROVAL, wave=2, number=1)
SHOWN = Posted(ts="1772452800.000100", looks="a1b2")


def drawings(storage: Storage) -> list[WorkItem]:
    return list(storage.outbox.pending("d-1", Lane.SLACK))


def test_a_drill_without_messages_has_none(storage: Storage) -> None:
    assert storage.messages.messages("d-1") == {}


def test_a_message_is_kept_and_its_work_is_done(storage: Storage) -> None:
    save(storage.store, None, proposal("d-1"))
    (drawing,) = drawings(storage)
    storage.messages.keep("d-1", CARD, SHOWN, drawing)
    assert storage.messages.messages("d-1") == {"card": SHOWN}
    assert drawings(storage) == []


def test_each_topic_has_its_message_and_the_latest_counts(storage: Storage) -> None:
    running(storage.store, "d-1", plan_of(1, 1))
    redrawn = replace(SHOWN, looks="c3d4")
    for topic, posted, drawing in zip((CARD, APPROVAL, CARD), (SHOWN, SHOWN, redrawn), drawings(storage), strict=False):
        storage.messages.keep("d-1", topic, posted, drawing)
    assert storage.messages.messages("d-1") == {"card": redrawn, "approval/2/1": SHOWN}


def test_a_message_is_kept_without_work_too_and_takes_none_out_of_the_lane(storage: Storage) -> None:
    save(storage.store, None, proposal("d-1"))
    before = drawings(storage)
    storage.messages.keep("d-1", CARD, SHOWN, None)
    again = replace(SHOWN, ts="1772452800.000200")
    storage.messages.keep("d-1", CARD, again, None)
    assert storage.messages.messages("d-1") == {"card": again}
    assert drawings(storage) == before != []


def test_a_drawing_that_is_done_leaves_no_message(storage: Storage) -> None:
    save(storage.store, None, proposal("d-1"))
    (drawing,) = drawings(storage)
    storage.messages.keep("d-1", CARD, SHOWN, drawing)
    with pytest.raises(AlreadyDone):
        storage.messages.keep("d-1", CARD, replace(SHOWN, ts="1772452800.000200"), drawing)
    assert storage.messages.messages("d-1") == {"card": SHOWN}


def test_each_drill_has_messages_of_its_own(storage: Storage) -> None:
    save(storage.store, None, proposal("d-1"))
    (drawing,) = drawings(storage)
    storage.messages.keep("d-1", CARD, SHOWN, drawing)
    assert storage.messages.messages("d-2") == {}
