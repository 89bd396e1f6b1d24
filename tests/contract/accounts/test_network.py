"""Where EC2 would put the instances, through the real adapter before the simulator in moto's mock mode."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError

from bot.adapters.accounts import AccountAdapter, BotoAccounts
from bot.adapters.drs import DrsAdapter
from bot.domain.facts import Network, Unread
from bot.domain.plan import Target
from infra.local.clock import ManualClock
from infra.local.drs import Settings, configure, healthy_fleet, seed, source_server_id
from tests.contract.accounts.conftest import ACCOUNT, REGION

HOME = Target(account_id=ACCOUNT, region=REGION)
IDS = [source_server_id(name) for name in ("db-1", "db-2")]
SUBNET = "subnet-0123456789abcdef0"


@pytest.fixture
def templates(accounts: BotoAccounts) -> list[str]:
    """The launch templates of two servers, as DRS names them."""
    del accounts
    seed(ACCOUNT, REGION, healthy_fleet([*IDS, source_server_id("other")]))
    session = boto3.session.Session(aws_access_key_id=ACCOUNT, aws_secret_access_key="any", region_name=REGION)
    client = session.client("drs")
    found = DrsAdapter(client, client, ManualClock().now).launch_settings(IDS).values()
    return [each.template_id for each in found if each.template_id]


def test_templates_lead_into_subnets_with_free_addresses(accounts: BotoAccounts, templates: list[str]) -> None:
    configure(ACCOUNT, REGION, Settings(subnet=SUBNET, free_addresses=3))
    assert accounts.at(HOME).network(templates) == Network(subnets=dict.fromkeys(templates, SUBNET), free={SUBNET: 3})


def test_a_template_that_names_no_subnet_is_told_so(accounts: BotoAccounts, templates: list[str]) -> None:
    configure(ACCOUNT, REGION, Settings(subnet=None))
    assert accounts.at(HOME).network(templates) == Network(subnets=dict.fromkeys(templates))


def test_a_template_that_ec2_does_not_have_is_left_out(accounts: BotoAccounts, templates: list[str]) -> None:
    found = accounts.at(HOME).network(["lt-00000000000000000", templates[0]])
    assert isinstance(found, Network)
    assert set(found.subnets) == {templates[0]}


def test_nothing_is_asked_when_nothing_is_wanted() -> None:
    assert AccountAdapter(HOME).network([]) == Network()


class Refusing:
    """A client of EC2 that answers nothing."""

    def get_paginator(self, operation: str) -> object:
        raise ClientError({"Error": {"Code": "UnauthorizedOperation", "Message": "no"}}, operation)


def test_what_may_not_be_read_is_told_so() -> None:
    unread = AccountAdapter(HOME, ec2=Refusing()).network(["lt-0"])
    assert isinstance(unread, Unread)
    assert unread.error.endswith("UnauthorizedOperation: no")
