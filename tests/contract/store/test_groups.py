"""Who is in which user group is kept as it was last looked up."""

from __future__ import annotations

from bot.application.ports.groups import Membership
from tests.contract.store.backends import Storage
from tests.contract.store.drills import NOON

DBA = Membership(("U0ADA", "U0GRACE"), NOON)


def test_a_group_that_was_never_looked_up_is_not_known(storage: Storage) -> None:
    assert storage.groups.known(["S0DBA"]) == {}
    assert storage.groups.known([]) == {}


def test_what_is_kept_is_known_of_those_who_are_asked_for(storage: Storage) -> None:
    storage.groups.keep("S0DBA", DBA)
    storage.groups.keep("S0EMPTY", Membership((), NOON))
    assert storage.groups.known(["S0DBA", "S0NET"]) == {"S0DBA": DBA}
    assert storage.groups.known(["S0EMPTY"]) == {"S0EMPTY": Membership((), NOON)}


def test_the_newest_look_replaces_the_one_before(storage: Storage) -> None:
    storage.groups.keep("S0DBA", DBA)
    storage.groups.keep("S0DBA", Membership(("U0ADA",), NOON))
    assert storage.groups.known(["S0DBA"])["S0DBA"].members == ("U0ADA",)
