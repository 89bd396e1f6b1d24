from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from infra.local.aws.ministack import Ministack
from infra.local.aws.resources import TEMPLATE
from infra.local.aws.template import Json, transform


@pytest.fixture(scope="session")
def ministack() -> Iterator[Ministack]:
    with Ministack() as running:
        yield running


@pytest.fixture(scope="session")
def transformed() -> Json:
    return transform(TEMPLATE.read_text(), "eu-west-1")


@pytest.fixture(scope="session")
def resources(transformed: Json) -> Json:
    return transformed["Resources"]


@pytest.fixture(scope="session")
def functions(resources: Json) -> dict[str, Any]:
    return of_type(resources, "AWS::Lambda::Function")


def of_type(resources: Json, kind: str) -> dict[str, Any]:
    """The properties of all resources of a type, by logical id."""
    return {name: item["Properties"] for name, item in resources.items() if item["Type"] == kind}
