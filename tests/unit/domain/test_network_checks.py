"""Where the servers are launched: at the last free address, over it, and where EC2 does not say."""

from __future__ import annotations

from bot.domain.facts import Network, SourceServer, Unread
from bot.domain.findings import Check, Severity
from bot.domain.network_checks import examine_network
from tests.fakes.drs_records import USUAL
from tests.unit.domain.orders import server

SERVERS = [SourceServer(id=server(n), name=f"db-{n}", replication_state="CONTINUOUS") for n in (1, 2, 3)]
SETTINGS = {each.id: USUAL.model_copy(update={"template_id": f"lt-{each.name}"}) for each in SERVERS}


def leading(*subnets: str | None, free: dict[str, int]) -> Network:
    return Network(subnets={f"lt-db-{n}": subnet for n, subnet in enumerate(subnets, 1)}, free=free)


def facts(network: Network | Unread) -> list[str]:
    found = list(examine_network(SERVERS, SETTINGS, network))
    assert {(each.check, each.severity) for each in found} <= {(Check.NETWORK, Severity.WARN)}
    return [each.fact for each in found]


def test_addresses_are_enough_at_one_for_each_server() -> None:
    assert facts(leading("subnet-1", "subnet-1", "subnet-2", free={"subnet-1": 2, "subnet-2": 1})) == []


def test_a_subnet_with_fewer_addresses_than_servers_is_told() -> None:
    network = leading("subnet-1", "subnet-1", "subnet-2", free={"subnet-1": 1, "subnet-2": 0})
    assert facts(network) == [
        "subnet-1 has 1 free address for 2 servers.",
        "subnet-2 has 0 free addresses for 1 server.",
    ]


def test_a_subnet_that_is_not_there_is_told() -> None:
    network = leading("subnet-1", "subnet-1", "subnet-2", free={"subnet-1": 9})
    assert facts(network) == ["1 server would be launched into subnet-2, which EC2 does not have."]


def test_templates_without_a_subnet_are_told_together() -> None:
    assert facts(leading(None, None, "subnet-2", free={"subnet-2": 9})) == [
        "The launch templates of 2 servers name no subnet."
    ]


def test_a_template_that_is_not_there_is_told_of_its_server() -> None:
    (found,) = examine_network(SERVERS, SETTINGS, leading("subnet-1", "subnet-1", free={"subnet-1": 9}))
    assert found.server_id == server(3)
    assert found.fact == f"db-3 ({server(3)}) is launched by lt-db-3, which EC2 does not have."


def test_a_server_whose_template_is_not_known_is_told_by_another_check() -> None:
    nameless = {server(1): USUAL.model_copy(update={"template_id": None})}
    assert list(examine_network(SERVERS, nameless, Network())) == []


def test_a_network_that_cannot_be_read_is_told_unless_the_settings_could_not_be_read_either() -> None:
    unread = Unread(error="UnauthorizedOperation")
    assert facts(unread) == ["Where the servers are launched could not be read: UnauthorizedOperation"]
    assert list(examine_network(SERVERS, unread, unread)) == []
