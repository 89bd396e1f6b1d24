"""The storage suite's three backends, each with an empty table of its own for each test.

- memory: the fake in `tests/fakes`.
- moto: DynamoDB in this process. Not for concurrency: with moto 5.2.5, 33 to 47 of 200 acknowledged writes were lost
  beside a failing transaction. Not for lost answers: it applies a repeated ClientRequestToken twice. Not for streams.
- ministack: DynamoDB in a process of its own.

A test that cannot run on all says so: `@pytest.mark.parametrize("storage", CONCURRENT, indirect=True)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from infra.local.aws.ministack import REGION, Ministack
from infra.local.aws.resources import TEMPLATE, create_resources
from infra.local.aws.template import transform
from tests.contract.store.backends import BACKENDS, DynamoDb, Storage, memory

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture(scope="session")
def ministack_client(ministack: Ministack) -> DynamoDBClient:
    return ministack.client("dynamodb")


@pytest.fixture(scope="session")
def session() -> boto3.Session:
    """One for all of moto's clients: most of the time that a client takes to make is in its session."""
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)


@pytest.fixture
def moto_table(session: boto3.Session) -> Iterator[DynamoDb]:
    with mock_aws():
        client = session.client("dynamodb")
        client.create_table(TableName="drills", **table_properties())
        yield DynamoDb(client, "drills")


@pytest.fixture
def ministack_table(ministack: Ministack, ministack_client: DynamoDBClient) -> DynamoDb:
    return DynamoDb(ministack_client, create_resources(ministack).table_name)


def table_properties() -> Any:
    """The template's table as CreateTable takes it. Without its stream: moto copies the whole table for each record."""
    resources = transform(TEMPLATE.read_text(), REGION)["Resources"].values()
    (properties,) = (found["Properties"] for found in resources if found["Type"] == "AWS::DynamoDB::Table")
    names = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    return {name: properties[name] for name in names}


@pytest.fixture
def dynamodb(ministack_table: DynamoDb) -> Iterator[DynamoDb]:
    """For what is the adapter's own and no part of the contract. Faults are taken out of the client at the end."""
    yield ministack_table
    ministack_table.mend()


@pytest.fixture(params=BACKENDS)
def storage(request: pytest.FixtureRequest) -> Storage:
    """The three stores over one empty table."""
    if request.param == "memory":
        return memory()
    table: DynamoDb = request.getfixturevalue(f"{request.param}_table")
    return table.storage()
