"""Some of the same stories over DynamoDB and S3, by the product's own adapters: each HTTP request has its faults."""

from __future__ import annotations

import pytest

from bot.adapters.dynamodb_messages import DynamoDbMessages
from tests.simulation.kept_by_aws import tell_by_adapters

pytestmark = pytest.mark.ministack
SEEDS = range(1, 5)


@pytest.mark.parametrize("seed", SEEDS)
def test_over_real_adapters_every_promise_is_kept_too(seed: int) -> None:
    told = tell_by_adapters(seed)
    assert told.broken == [], f"python -m tests.simulation --adapters --only --seed {seed}"
    assert told.outcomes


def test_a_fault_in_an_adapter_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DynamoDbMessages, "messages", lambda _self, _drill_id: {})
    assert "times" in tell_by_adapters(1).broken[0], "what was forgotten is posted again"
