"""The probe's own template: what it deploys is what the bot looks for, and can do nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.domain.check_rights import PROBE
from infra.probe import probe

ROOT = Path(__file__).parents[3]


class _Loader(yaml.SafeLoader):
    """Takes CloudFormation's short forms for what they hold."""


_Loader.add_multi_constructor("!", lambda _loader, _suffix, node: getattr(node, "value", None))


def resources() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load((ROOT / "infra/probe.yaml").read_text(), _Loader)  # noqa: S506 - a SafeLoader
    found: dict[str, Any] = loaded["Resources"]
    return found


def test_the_function_is_the_one_that_the_bot_looks_for() -> None:
    properties = resources()["Probe"]["Properties"]
    assert properties["FunctionName"] == PROBE
    module, handler = properties["Handler"].split(".")
    assert (module, handler) == (probe.__name__.rsplit(".", 1)[1], probe.lambda_handler.__name__)
    assert (ROOT / "infra" / properties["CodeUri"] / f"{module}.py").is_file()


def test_it_ends_after_its_slowest_target() -> None:
    """To connect, TLS, the request and the answer each have their time."""
    assert resources()["Probe"]["Properties"]["Timeout"] >= 3 * probe.SECONDS


def test_the_code_itself_may_only_write_its_log() -> None:
    (policy,) = resources()["ProbeRole"]["Properties"]["Policies"]
    log, network, denied = policy["PolicyDocument"]["Statement"]
    assert log["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert set(network["Action"]) == set(denied["Action"])
    assert denied["Effect"] == "Deny"
