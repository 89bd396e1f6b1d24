"""The hook into moto, and botocore's model as the judge: what fails here broke with a new release of either."""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from collections.abc import Callable
from http import HTTPStatus
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import boto3
import moto
import pytest
from botocore.awsrequest import AWSRequest
from botocore.exceptions import ClientError
from botocore.model import StructureShape
from moto import backend_index, mock_aws
from moto.backends import get_backend
from moto.core.botocore_stubber import BotocoreStubber
from mypy_boto3_drs.client import DrsClient

from infra.local.drs import (
    check_replies,
    healthy_fleet,
    install,
    look_up_accounts,
    recorded_calls,
    seed,
    source_server_id,
)
from infra.local.drs.gateway import OPERATIONS
from infra.local.drs.hook import MODULE
from infra.local.drs.models import DrsBackend, drs_backends
from infra.local.drs.responses import DrsResponse
from infra.local.drs.shapes import (
    ReplyOffModelError,
    check_reply,
    operation,
    request_violations,
    service,
    shape_violations,
)

ACCOUNT, REGION = "111122223333", "eu-west-1"


def test_moto_finds_our_backend_where_it_looks_for_its_own() -> None:
    install()
    assert importlib.import_module("moto.drs").drs_backends is drs_backends
    assert get_backend("drs") is drs_backends  # type: ignore[call-overload]  # moto's overloads list its own services
    pattern = dict(backend_index.backend_url_patterns)["drs"]
    assert pattern.match("https://drs.eu-west-1.amazonaws.com/StartRecovery")


def test_moto_finds_urls_beside_models() -> None:
    backend = DrsBackend(REGION, ACCOUNT)
    assert next(iter(backend.urls.values())) == DrsResponse.dispatch
    assert backend.flask_paths


def test_installing_twice_changes_nothing() -> None:
    install()
    before = [*backend_index.backend_url_patterns], sys.modules[MODULE]
    install()
    assert ([*backend_index.backend_url_patterns], sys.modules[MODULE]) == before


def test_moto_has_no_drs_of_its_own_that_would_answer_instead() -> None:
    assert moto.__file__
    assert not (Path(moto.__file__).parent / "drs").exists()


def test_install_refuses_a_moto_that_has_its_own_drs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "drs.py").write_text("")
    monkeypatch.delitem(sys.modules, MODULE, raising=False)
    monkeypatch.setattr(moto, "__path__", [*moto.__path__, str(tmp_path)])
    assert find_spec(MODULE)
    with pytest.raises(RuntimeError, match="DRS of its own"):
        install()


def test_a_plain_client_under_mock_aws_talks_to_the_simulator() -> None:
    install()
    with mock_aws():
        seed("123456789012", REGION, healthy_fleet([source_server_id("db")]))
        assert len(boto3.client("drs", region_name=REGION).describe_source_servers()["items"]) == 1


def test_resetting_moto_wipes_what_was_seeded() -> None:
    install()
    with mock_aws():
        seed(ACCOUNT, REGION, healthy_fleet([source_server_id("db")]))
    with mock_aws():
        assert not drs_backends[ACCOUNT][REGION].initialized


@pytest.mark.usefixtures("mocked")
def test_a_role_assumed_through_moto_acts_in_its_own_account() -> None:
    sts = boto3.client("sts", region_name=REGION)
    role = f"arn:aws:iam::{ACCOUNT}:role/drill"
    keys = sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    seed(ACCOUNT, REGION)
    drs = boto3.client(
        "drs",
        region_name=REGION,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    drs.describe_jobs()
    assert [call.access_key for call in recorded_calls(ACCOUNT, REGION)] == [keys["AccessKeyId"]]


def test_the_account_of_a_foreign_key_can_be_looked_up(client_of: Callable[[str, str], DrsClient]) -> None:
    seed(ACCOUNT, REGION)
    look_up_accounts({"ASIAFROMELSEWHERE000": ACCOUNT}.get)
    try:
        client_of("ASIAFROMELSEWHERE000", REGION).describe_jobs()
        with pytest.raises(ClientError, match="UninitializedAccount"):
            client_of("ASIAUNKNOWNTOANYBODY", REGION).describe_jobs()
    finally:
        look_up_accounts(None)
    assert len(recorded_calls(ACCOUNT, REGION)) == 1


def test_every_operation_is_in_botocores_model_and_on_motos_response_class() -> None:
    methods = {name for name, _ in inspect.getmembers(DrsResponse, inspect.isfunction)}
    for name in OPERATIONS:
        assert name in service().operation_names
        assert operation(name).http["requestUri"] in (getattr(DrsResponse, _snake(name)).__doc__ or "")
        assert _snake(name) in methods


def test_the_model_has_the_parameters_that_the_operations_read() -> None:
    expected = {
        "DescribeJobLogItems": {"jobID", "maxResults", "nextToken"},
        "DescribeJobs": {"filters", "maxResults", "nextToken"},
        "DescribeRecoveryInstances": {"filters", "maxResults", "nextToken"},
        "DescribeRecoverySnapshots": {"sourceServerID", "filters", "order", "maxResults", "nextToken"},
        "DescribeSourceServers": {"filters", "maxResults", "nextToken"},
        "GetLaunchConfiguration": {"sourceServerID"},
        "ListTagsForResource": {"resourceArn"},
        "StartRecovery": {"sourceServers", "isDrill", "tags"},
        "TagResource": {"resourceArn", "tags"},
        "TerminateRecoveryInstances": {"recoveryInstanceIDs"},
        "UntagResource": {"resourceArn", "tagKeys"},
    }
    assert {name: _members(f"{name}Request") for name in OPERATIONS} == expected
    assert _members("StartRecoveryRequestSourceServer") == {"sourceServerID", "recoverySnapshotID"}
    assert _members("DescribeJobsRequestFilters") == {"jobIDs", "fromDate", "toDate"}
    assert _members("DescribeSourceServersRequestFilters") == {"sourceServerIDs", "hardwareId", "stagingAccountIDs"}
    assert _members("DescribeRecoveryInstancesRequestFilters") == {"recoveryInstanceIDs", "sourceServerIDs"}
    assert _members("DescribeRecoverySnapshotsRequestFilters") == {"fromDateTime", "toDateTime"}


@pytest.mark.usefixtures("servers")
def test_an_operation_that_is_not_there_is_a_clear_error(drs: DrsClient) -> None:
    with pytest.raises(ClientError) as caught:
        drs.delete_job(jobID="drsjob-0123456789abcdef0")
    assert caught.value.response["Error"]["Code"] == "NotImplemented"
    assert "does not have DeleteJob" in caught.value.response["Error"]["Message"]
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.NOT_IMPLEMENTED


@pytest.mark.parametrize("body", ['{"sourceServers": 5}', '["list"]', "5", '{"sourceServers": [[]]}', "{broken"])
@pytest.mark.usefixtures("mocked")
def test_a_body_that_does_not_fit_is_a_validation_error_and_no_stack_trace(body: str) -> None:
    seed("123456789012", REGION)
    request = AWSRequest("POST", f"https://drs.{REGION}.amazonaws.com/StartRecovery", data=body).prepare()
    reply = BotocoreStubber().process_request(request)
    assert reply
    status, headers, text = reply
    assert (status, headers["X-Amzn-Errortype"]) == (400, "ValidationException")
    assert json.loads(text)["reason"] in {"cannotParse", "fieldValidationFailed"}


@pytest.mark.parametrize(
    ("name", "reply", "wrong"),
    [
        ("DescribeJobs", {"jobs": []}, "jobs"),
        ("DescribeJobs", {"items": [{"jobID": "drsjob-0123456789abcdef0", "status": "FAILED"}]}, "items[0].status"),
        ("DescribeJobs", {"items": [{"status": "PENDING"}]}, "items[0].jobID"),
        ("DescribeJobs", {"items": {}}, "items"),
        ("GetLaunchConfiguration", {"copyTags": "yes"}, "copyTags"),
        ("ListTagsForResource", {"tags": {"a": 1}}, "tags.a"),
        ("TagResource", {"tags": {}}, "no reply"),
    ],
)
def test_a_reply_that_the_model_does_not_allow_is_caught(name: str, reply: dict[str, Any], wrong: str) -> None:
    with pytest.raises(ReplyOffModelError) as caught:
        check_reply(name, reply)
    assert wrong in str(caught.value)


@pytest.mark.usefixtures("servers")
def test_replies_are_checked_on_their_way_out_when_asked(drs: DrsClient) -> None:
    arn = drs.describe_source_servers()["items"][0]["arn"]
    vars(drs_backends[ACCOUNT][REGION])["tags"][arn]["Tier"] = 1
    with pytest.raises(ReplyOffModelError, match=r"tags\.Tier"):
        drs.describe_source_servers()
    check_replies(on=False)
    assert drs.describe_source_servers()["items"]


def test_launch_end_and_offset_times_are_allowed_though_the_model_lacks_them() -> None:
    assert "LAUNCH_END" not in service().shape_for("JobLogEvent").metadata["enum"]
    entry = {"event": "LAUNCH_END", "logDateTime": "2022-12-07T19:15:38.846723+00:00", "eventData": {}}
    assert shape_violations("JobLog", entry) == []


@pytest.mark.parametrize(
    ("name", "params", "member"),
    [
        ("StartRecovery", {}, "sourceServers"),
        ("StartRecovery", {"sourceServers": []}, "sourceServers"),
        ("StartRecovery", {"sourceServers": [{}]}, "sourceServers[0].sourceServerID"),
        ("StartRecovery", {"sourceServers": [{"sourceServerID": "s-1"}]}, "sourceServers[0].sourceServerID"),
        ("TerminateRecoveryInstances", {"recoveryInstanceIDs": ["ri-0123456789"]}, "recoveryInstanceIDs[0]"),
        ("DescribeJobs", {"maxResults": 0}, "maxResults"),
        ("DescribeRecoverySnapshots", {"sourceServerID": source_server_id("x"), "order": "NEWEST"}, "order"),
    ],
)
def test_requests_are_held_to_everything_the_model_states(name: str, params: dict[str, Any], member: str) -> None:
    assert member in {violation.member for violation in request_violations(name, params)}


def _members(shape: str) -> set[str]:
    found = service().shape_for(shape)
    assert isinstance(found, StructureShape)
    return set(found.members)


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
