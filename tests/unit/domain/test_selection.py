"""Which servers tags choose, what is wrong with what they choose, and how that changes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.drill import Drill
from bot.domain.facts import SourceServer
from bot.domain.false_starts import ServerChange
from bot.domain.findings import Check
from bot.domain.plan import Plan
from bot.domain.plan_servers import MOST_SERVERS, Exclusion, Impact, Selector
from bot.domain.selection import changes, choose, examine_selection, with_servers
from tests.unit.domain.orders import a_plan, a_wave, server
from tests.unit.domain.story import Story, ids_of

WEB = {"Tier": ("web",)}


def there(number: int, name: str = "", **tags: str) -> SourceServer:
    return SourceServer(id=server(number), name=name or f"host-{number}", replication_state="CONTINUOUS", tags=tags)


def excluding(plan: Plan, **left_out: Any) -> Plan:
    """The plan, with this left out of its last wave."""
    last = plan.waves[-1].model_copy(update={"exclude": Exclusion(**left_out)})
    return plan.model_copy(update={"waves": (*plan.waves[:-1], last)})


def test_servers_need_every_key_with_one_of_its_values() -> None:
    plan = a_plan(a_wave("Web", 0, tags={"Tier": ("web", "edge"), "Environment": ("prod",)}))
    fleet = [
        there(1, Tier="web", Environment="prod"),
        there(2, Tier="edge", Environment="prod", Name="another tag"),
        there(3, Tier="web", Environment="stage"),
        there(4, Tier="web"),
        there(5, Tier="Web", Environment="prod"),
        there(6),
    ]
    assert choose(plan, fleet) == ids_of([[1, 2]])


def test_an_empty_value_is_a_value_and_not_that_the_key_is_missing() -> None:
    plan = a_plan(a_wave("Web", 0, tags={"Decommissioned": ("",)}))
    assert choose(plan, [there(1), there(2, Decommissioned=""), there(3, Decommissioned="yes")]) == ids_of([[2]])


def test_named_servers_come_first_then_those_that_are_chosen_by_name() -> None:
    plan = a_plan(a_wave("Web", 1, tags=WEB))
    fleet = [there(9, "a", Tier="web"), there(8, "c", Tier="web"), there(7, "b", Tier="web"), there(1, "z", Tier="web")]
    assert choose(plan, fleet) == ids_of([[1, 9, 7, 8]])


def test_a_named_server_that_drs_does_not_know_stays_for_the_checks_to_find() -> None:
    assert choose(a_plan(a_wave("Web", 1, tags=WEB)), [there(5, Tier="web")]) == ids_of([[1, 5]])


def test_servers_are_left_out_by_id_or_by_all_of_their_tags() -> None:
    fleet = [
        there(5, Tier="web"),
        there(6, Tier="web", Drill="never", Owner="ops"),
        there(7, Tier="web", Drill="never"),
        there(8, Tier="web"),
    ]
    plan = a_plan(a_wave("Web", 0, tags=WEB))
    assert choose(excluding(plan, servers=(server(8),)), fleet) == ids_of([[5, 6, 7]])
    assert choose(excluding(plan, tags={"Drill": ("never",)}), fleet) == ids_of([[5, 8]])
    both = {"Drill": ("never",), "Owner": ("ops", "sre")}
    assert choose(excluding(plan, tags=both, servers=(server(5),)), fleet) == ids_of([[7, 8]])


tags = st.dictionaries(st.sampled_from(["Tier", "Env", "Drill"]), st.sampled_from(["a", "b", ""]), max_size=3)
wanted = st.dictionaries(
    st.sampled_from(["Tier", "Env", "Drill"]),
    st.lists(st.sampled_from(["a", "b", ""]), min_size=1, max_size=2).map(tuple),
    min_size=1,
    max_size=2,
)
fleets = st.lists(st.tuples(st.integers(1, 40), tags), max_size=30, unique_by=lambda each: each[0])


@given(fleets, st.lists(wanted, min_size=1, max_size=3), wanted, st.randoms(use_true_random=False))
def test_what_is_chosen_fits_and_does_not_depend_on_the_order_in_which_drs_lists(
    fleet: list[tuple[int, dict[str, str]]], selects: list[dict[str, tuple[str, ...]]], out: Any, chance: Any
) -> None:
    orders = [a_wave(f"Wave {n}", n % 2, tags=each) for n, each in enumerate(selects)]
    plan = excluding(a_plan(*orders), tags=out)
    servers = [there(number, **each) for number, each in fleet]
    chosen = choose(plan, servers)
    shuffled = list(servers)
    chance.shuffle(shuffled)
    assert choose(plan, shuffled) == chosen
    for wave, server_ids in zip(plan.waves, chosen, strict=True):
        assert len(set(server_ids)) == len(server_ids)
        named = {each.id for each in wave.servers}
        assert named <= set(server_ids)
        assert wave.select
        for each in servers:
            fits = all(each.tags.get(key) in values for key, values in wave.select.tags.items())
            left_out = wave.exclude and all(each.tags.get(key) in values for key, values in out.items())
            assert (each.id in server_ids) == (each.id in named or (fits and not left_out))


def chosen(plan: Plan, *waves: list[int]) -> Drill:
    return with_servers(Story(plan).drill, ids_of(waves), {server(5): "shop-web-1"})


def test_servers_are_taken_into_the_drill_with_their_names_and_what_their_failure_means() -> None:
    plan = a_plan(a_wave("Web", 0, 1, tags=WEB))
    assert plan.waves[0].select
    optional = plan.waves[0].model_copy(update={"select": Selector(tags=WEB, impact=Impact.CRITICAL)})
    drill = chosen(plan.model_copy(update={"waves": (optional,)}), [1, 5])
    assert [(each.id, each.name, each.impact) for each in drill.servers] == [
        (server(1), "", Impact.OPTIONAL),
        (server(5), "shop-web-1", Impact.CRITICAL),
    ]


def two() -> Plan:
    return a_plan(a_wave("Database", 1), a_wave("Web", 0, tags={"Tier": ("web", "edge"), "Env": ("prod",)}))


def test_nothing_is_wrong_with_servers_of_one_wave_each() -> None:
    assert list(examine_selection(chosen(two(), [1], [5, 6]))) == []
    assert list(examine_selection(Story(a_plan(a_wave("Database", 2))).drill)) == []


def test_a_wave_for_which_tags_choose_nothing_blocks() -> None:
    (found,) = examine_selection(chosen(two(), [1], []))
    assert (found.check, found.blocks, found.server_id) == (Check.SELECTION, True, None)
    assert found.fact == "No source server is chosen for wave 2 (Web) by Tier = web or edge, Env = prod."


def test_a_server_in_two_waves_blocks_and_is_named_with_both() -> None:
    (found,) = examine_selection(chosen(two(), [1, 5], [5, 6]))
    assert (found.check, found.blocks, found.server_id) == (Check.SELECTION, True, server(5))
    assert found.fact == f"{server(5)} is in wave 1 (Database) and in wave 2 (Web)."


@pytest.mark.parametrize(("number", "problems"), [(MOST_SERVERS, 0), (MOST_SERVERS + 1, 1)])
def test_a_wave_of_more_servers_than_drs_takes_blocks(number: int, problems: int) -> None:
    found = list(examine_selection(chosen(two(), [1], list(range(2, number + 2)))))
    assert [each.fact for each in found] == ["Wave 2 (Web) has 501 servers."][:problems]


def test_changes_are_told_by_wave() -> None:
    drill = chosen(two(), [1], [5, 6])
    assert changes(drill, ids_of([[1], [6, 5]]), {}) == ()
    assert changes(drill, ids_of([[1], [6, 7]]), {server(7): "shop-web-9"}) == (
        ServerChange(wave=2, server_id=server(7), name="shop-web-9", is_added=True),
        ServerChange(wave=2, server_id=server(5), name="shop-web-1", is_added=False),
    )
