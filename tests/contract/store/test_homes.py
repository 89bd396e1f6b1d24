"""Who looks at their App Home, what it shows, and the work of drawing it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.application.ports.homes import Viewer, home_lane
from bot.application.ports.work import DueKind, WorkItem
from bot.domain.commands import DrawHome, Lane
from bot.domain.errors import AlreadyDone
from bot.domain.person import Person
from tests.contract.store.backends import DynamoDb, Storage

ADA, GRACE = (Person(user_id=user, team_id="T0TEAM") for user in ("U0ADA", "U0GRACE"))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def drawings(storage: Storage, person: Person = ADA) -> list[WorkItem]:
    return list(storage.outbox.pending(home_lane(person), Lane.SLACK))


def test_whoever_opens_their_home_is_known_and_it_is_to_be_drawn(storage: Storage) -> None:
    storage.homes.open(ADA, NOON)
    assert storage.homes.viewer(ADA) == Viewer(ADA, opened_at=NOON)
    (drawing,) = drawings(storage)
    assert (drawing.command, drawing.due_at) == (DrawHome(person=ADA), NOON)
    assert drawings(storage, GRACE) == []
    assert storage.homes.viewer(GRACE) is None


def test_a_home_that_waits_to_be_drawn_is_unfinished_work_and_no_drill(storage: Storage) -> None:
    storage.homes.open(ADA, NOON)
    (due,) = storage.store.unfinished()
    assert (due.kind, due.drill_id, due.lane) == (DueKind.WORK, home_lane(ADA), Lane.SLACK)


def test_what_is_asked_for_at_one_moment_is_drawn_as_often_as_it_was_asked_for(storage: Storage) -> None:
    storage.homes.open(ADA, NOON)
    storage.homes.refresh(ADA, NOON)
    storage.homes.refresh(ADA, NOON + SECOND)
    assert [drawing.due_at for drawing in drawings(storage)] == [NOON, NOON, NOON + SECOND]


def test_what_a_home_shows_is_kept_with_the_end_of_the_work_that_drew_it(storage: Storage) -> None:
    storage.homes.open(ADA, NOON)
    (drawing,) = drawings(storage)
    storage.homes.keep(ADA, "a1b2", drawing)
    assert storage.homes.viewer(ADA) == Viewer(ADA, opened_at=NOON, looks="a1b2")
    assert drawings(storage) == []
    with pytest.raises(AlreadyDone):
        storage.homes.keep(ADA, "c3d4", drawing)
    assert storage.homes.viewer(ADA) == Viewer(ADA, opened_at=NOON, looks="a1b2")


def test_of_a_home_that_is_blank_it_is_forgotten_what_it_shows(storage: Storage) -> None:
    storage.homes.open(ADA, NOON, is_blank=True)
    storage.homes.keep(ADA, "a1b2", drawings(storage)[0])
    storage.homes.open(ADA, NOON + SECOND)
    assert storage.homes.viewer(ADA) == Viewer(ADA, opened_at=NOON + SECOND, looks="a1b2")
    storage.homes.open(ADA, NOON + SECOND * 2, is_blank=True)
    assert storage.homes.viewer(ADA) == Viewer(ADA, opened_at=NOON + SECOND * 2)


def test_a_notice_is_kept_beside_what_is_shown(storage: Storage) -> None:
    storage.homes.open(ADA, NOON)
    storage.homes.keep(ADA, "a1b2", drawings(storage)[0])
    storage.homes.tell(ADA, "You may not.", NOON + SECOND)
    told = Viewer(ADA, opened_at=NOON + SECOND, looks="a1b2", notice="You may not.", notice_at=NOON + SECOND)
    assert storage.homes.viewer(ADA) == told
    assert len(drawings(storage)) == 1
    assert storage.homes.viewers() == (told,)


def test_everybody_who_looks_is_found(storage: Storage) -> None:
    assert storage.homes.viewers() == ()
    for person in (GRACE, ADA):
        storage.homes.open(person, NOON)
    assert {viewer.person for viewer in storage.homes.viewers()} == {ADA, GRACE}


@pytest.mark.ministack
def test_opening_costs_one_write_and_the_item_goes_by_itself(dynamodb: DynamoDb) -> None:
    storage = dynamodb.storage()
    dynamodb.watch()
    storage.homes.open(ADA, NOON)
    assert [operation for operation, _ in dynamodb.calls] == ["TransactWriteItems"]
    key: Any = {"pk": {"S": "HOMES"}, "sk": {"S": "VIEWER#U0ADA"}}
    item = dynamodb.client.get_item(TableName=dynamodb.name, Key=key)["Item"]
    assert int(item["expires_at"]["N"]) == (storage.wall() + timedelta(hours=12)).timestamp()
