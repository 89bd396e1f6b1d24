from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from bot.adapters.accounts import BotoAccounts
from infra.local.drs import install, start_afresh
from infra.local.drs.rights import DENIED

ACCOUNT, REGION = "111122223333", "eu-west-1"


@pytest.fixture
def accounts() -> Iterator[BotoAccounts]:
    """The real adapter, before the simulator in moto's mock mode."""
    install()
    with mock_aws():
        start_afresh(ACCOUNT, REGION)
        yield BotoAccounts(
            boto3.session.Session(aws_access_key_id=ACCOUNT, aws_secret_access_key="any", region_name=REGION)
        )
        start_afresh(ACCOUNT, REGION)
        DENIED.clear()
