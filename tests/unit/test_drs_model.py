"""Every member, limit and word of DRS that the adapter relies on is in botocore's own model of DRS."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

import botocore.session
import pytest
from botocore.exceptions import ClientError
from botocore.model import ListShape, ServiceModel, Shape, StringShape, StructureShape

from bot.adapters import drs
from bot.adapters.drs_errors import translated
from bot.adapters.drs_jobs import PHASES, TROUBLES, active_job, launch_tags, observation, tagged_job
from bot.adapters.drs_replies import recovery_instance, source_server
from bot.application.ports.drs import Refused
from bot.domain.launch import MAX_SERVERS_PER_JOB, LaunchKey
from bot.domain.preflight import IDLE_FAILBACK_STATES
from bot.domain.replication_checks import DEGRADED_STATES, READY_STATES
from bot.domain.states import JobStatus

REAL_BUT_NOT_IN_THE_MODEL = {"LAUNCH_END"}


@pytest.fixture(scope="module")
def model() -> ServiceModel:
    return botocore.session.get_session().get_service_model("drs")


class Sample(Mapping[str, Any]):
    """A reply with every member that the model has. Asking for any other is an error, even by `get`."""

    def __init__(self, shape: Shape) -> None:
        self._members = cast("StructureShape", shape).members
        self._name = shape.name

    def __getitem__(self, name: str) -> Any:
        assert name in self._members, f"{self._name} has no member {name}"
        return sample(self._members[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)


def sample(shape: Shape) -> Any:
    makers: dict[str, Callable[[], Any]] = {
        "structure": lambda: Sample(shape),
        "list": lambda: [sample(cast("ListShape", shape).member)],
        "map": lambda: {"Name": "db", **launch_tags("drill-1", LaunchKey(wave=1, attempt=1, batch=1))},
        "string": lambda: (cast("StringShape", shape).enum or ["text"])[0],
        "boolean": lambda: True,
    }
    return makers[shape.type_name]()


def enum(model: ServiceModel, shape: str) -> set[str]:
    return set(cast("StringShape", model.shape_for(shape)).enum)


@pytest.mark.parametrize(
    ("shape", "read"),
    [
        ("SourceServer", source_server),
        ("RecoveryInstance", recovery_instance),
        ("Job", tagged_job),
        ("Job", active_job),
        ("Job", lambda job: observation(job, None)),
    ],
)
def test_only_members_of_the_model_are_read(
    model: ServiceModel, shape: str, read: Callable[[Mapping[str, Any]], object]
) -> None:
    assert read(Sample(model.shape_for(shape)))


def test_only_members_of_the_model_are_read_from_a_log(model: ServiceModel) -> None:
    log = [Sample(model.shape_for("JobLog"))]
    (server,) = observation(Sample(model.shape_for("Job")), log).servers
    assert server.ec2_instance_id == "text"


def test_a_member_that_the_model_does_not_have_would_be_noticed(model: ServiceModel) -> None:
    with pytest.raises(AssertionError, match="Job has no member jobId"):
        Sample(model.shape_for("Job")).get("jobId")


@pytest.mark.parametrize(
    ("shape", "limit"),
    [
        ("DescribeSourceServersRequestFiltersIDs", drs.MAX_SERVERS_PER_FILTER),
        ("DescribeJobsRequestFiltersJobIDs", drs.MAX_JOBS_PER_FILTER),
        ("RecoveryInstancesForTerminationRequest", drs.MAX_INSTANCES_PER_TERMINATION),
    ],
)
def test_lists_are_as_long_as_the_model_allows(model: ServiceModel, shape: str, limit: int) -> None:
    assert model.shape_for(shape).metadata["max"] == limit


def test_the_filter_of_recovery_instances_has_no_smaller_limit(model: ServiceModel) -> None:
    assert (
        model.shape_for("SourceServerIDs").metadata.get("max", drs.MAX_SERVERS_PER_FILTER) >= drs.MAX_SERVERS_PER_FILTER
    )


def test_the_quota_of_servers_in_a_job_is_within_the_models_array(model: ServiceModel) -> None:
    assert model.shape_for("StartRecoveryRequestSourceServers").metadata["max"] >= MAX_SERVERS_PER_JOB


def test_the_tags_fit_the_model(model: ServiceModel) -> None:
    tags = launch_tags("d" * 26, LaunchKey(wave=20, attempt=99, batch=5))
    longest = {name: model.shape_for(name).metadata["max"] for name in ("TagKey", "TagValue")}
    assert all(len(key) <= min(longest["TagKey"], 128) for key in tags)
    assert all(len(value) <= longest["TagValue"] for value in tags.values())
    assert not any(key.lower().startswith("aws:") for key in tags)


def test_job_statuses_are_the_models(model: ServiceModel) -> None:
    assert enum(model, "JobStatus") == set(JobStatus)


def test_job_types_and_launch_statuses_that_are_compared_with_exist(model: ServiceModel) -> None:
    assert "LAUNCH" in enum(model, "JobType")
    assert {"LAUNCHED", "FAILED", "TERMINATED"} <= enum(model, "LaunchStatus")


def test_every_event_that_is_understood_is_in_the_model_or_known_to_be_missing_there(model: ServiceModel) -> None:
    assert (set(PHASES) | set(TROUBLES)) - enum(model, "JobLogEvent") == REAL_BUT_NOT_IN_THE_MODEL


def test_every_event_of_the_model_that_tells_of_a_failing_server_is_understood_or_read_by_its_ending(
    model: ServiceModel,
) -> None:
    failing = {event for event in enum(model, "JobLogEvent") if "FAIL" in event}
    assert all(event.endswith(("_FAIL", "_FAILED")) for event in failing)


def test_states_that_preflight_trusts_are_the_models(model: ServiceModel) -> None:
    assert enum(model, "DataReplicationState") >= READY_STATES | DEGRADED_STATES
    assert IDLE_FAILBACK_STATES - {None} <= enum(model, "FailbackState")


def test_every_error_of_the_model_is_known_by_name(model: ServiceModel) -> None:
    kinds = {shape.name: translated("X", model_error(shape.name, 599)).kind for shape in model.error_shapes}
    assert kinds == {
        "AccessDeniedException": Refused.DENIED,
        "ConflictException": Refused.CONFLICT,
        "InternalServerException": Refused.UNCLEAR,
        "ResourceNotFoundException": Refused.INVALID,
        "ServiceQuotaExceededException": Refused.OVER_QUOTA,
        "ThrottlingException": Refused.THROTTLED,
        "UninitializedAccountException": Refused.INVALID,
        "ValidationException": Refused.INVALID,
    }


def model_error(code: str, status: int) -> Exception:
    response: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "X")
