"""How a DRS job and its log become an observation.

The job has the order and the lengths of those whose logs were published with aws-samples/drs-tools, and made-up ids.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.adapters.drs_errors import LONGEST_TEXT
from bot.adapters.drs_jobs import PHASES, observation
from bot.domain.facts import ServerObservation
from bot.domain.states import JobStatus, ServerPhase

JOB = "drsjob-00000000000000d01"
APP, DB = "s-00000000000000a01", "s-00000000000000d01"
APP_INSTANCE, DB_INSTANCE = "i-00000000000000a01", "i-00000000000000d01"


def item(event: str, server: str | None = None, at: str = "09:05:00", **data: str) -> dict[str, Any]:
    concerned = {"sourceServerID": server} if server else {}
    moment = f"2026-03-02T{at}+00:00"
    return {"event": event, "logDateTime": moment, "eventData": {**concerned, **data}}


WHOLE_LOG = [
    item("JOB_START", at="09:00:00.357340"),
    item("SNAPSHOT_START", APP, at="09:00:00.761000"),
    item("SNAPSHOT_START", DB, at="09:00:00.787000"),
    item("SNAPSHOT_END", APP, at="09:00:00.961000"),
    item("SNAPSHOT_END", DB, at="09:00:00.987000"),
    item("CONVERSION_START", APP, at="09:00:53"),
    item("CONVERSION_START", DB, at="09:00:53.026000"),
    item("CONVERSION_END", APP, at="09:04:10.500000", conversionServerID="i-00000000000000c01"),
    item("CONVERSION_END", DB, at="09:04:10.561000", conversionServerID="i-00000000000000c02"),
    item("LAUNCH_START", APP, at="09:04:11"),
    item("LAUNCH_START", DB, at="09:04:11.190000"),
    item("LAUNCH_END", DB, at="09:08:50.125000", targetInstanceID=DB_INSTANCE),
    item("LAUNCH_END", APP, at="09:08:52.500000", targetInstanceID=APP_INSTANCE),
    item("JOB_END", at="09:08:55.310000"),
]


def job(status: str = "STARTED", **launch_statuses: str) -> dict[str, Any]:
    """The job with its servers; `DB` is PENDING if nothing else is said."""
    statuses = {"APP": APP, "DB": DB}
    servers = [
        {"sourceServerID": statuses[name], "launchStatus": said}
        for name, said in (launch_statuses or {"DB": "PENDING"}).items()
    ]
    return {"jobID": JOB, "type": "LAUNCH", "status": status, "participatingServers": servers}


def seen(log: list[dict[str, Any]] | None, status: str = "STARTED", launch: str = "PENDING") -> ServerObservation:
    """The server `DB` as it is shown."""
    shown = {server.id: server for server in observation(job(status, DB=launch), log).servers}
    return shown[DB]


@pytest.mark.parametrize(
    ("entries", "app", "db"),
    [
        (0, ServerPhase.WAITING, ServerPhase.WAITING),
        (1, ServerPhase.WAITING, ServerPhase.WAITING),
        (2, ServerPhase.SNAPSHOT, ServerPhase.WAITING),
        (5, ServerPhase.SNAPSHOT, ServerPhase.SNAPSHOT),
        (6, ServerPhase.CONVERSION, ServerPhase.SNAPSHOT),
        (7, ServerPhase.CONVERSION, ServerPhase.CONVERSION),
        (8, ServerPhase.LAUNCH, ServerPhase.CONVERSION),
        (11, ServerPhase.LAUNCH, ServerPhase.LAUNCH),
        (13, ServerPhase.LAUNCH, ServerPhase.LAUNCH),
    ],
)
def test_a_job_goes_through_its_phases_while_its_servers_are_pending(
    entries: int, app: ServerPhase, db: ServerPhase
) -> None:
    shown = observation(job(APP="PENDING", DB="PENDING"), WHOLE_LOG[:entries])
    assert shown.status is JobStatus.STARTED
    assert [(server.id, server.phase) for server in shown.servers] == [(APP, app), (DB, db)]


def test_a_job_ends_with_both_servers_launched() -> None:
    shown = observation(job("COMPLETED", APP="LAUNCHED", DB="LAUNCHED"), WHOLE_LOG)
    assert (shown.job_id, shown.status) == (JOB, JobStatus.COMPLETED)
    assert shown.servers == (
        ServerObservation(
            id=APP,
            phase=ServerPhase.LAUNCHED,
            ec2_instance_id=APP_INSTANCE,
            launched_at=datetime(2026, 3, 2, 9, 8, 52, 500000, tzinfo=UTC),
        ),
        ServerObservation(
            id=DB,
            phase=ServerPhase.LAUNCHED,
            ec2_instance_id=DB_INSTANCE,
            launched_at=datetime(2026, 3, 2, 9, 8, 50, 125000, tzinfo=UTC),
        ),
    )


def test_the_order_in_which_drs_lists_the_log_does_not_matter() -> None:
    ended = job("COMPLETED", APP="FAILED", DB="LAUNCHED")
    log = [*WHOLE_LOG]
    log += [item("LAUNCH_FAILED", APP, at=f"09:08:5{second}", rawError=f"second {second}") for second in (3, 4)]
    assert observation(ended, log[::-1]) == observation(ended, log)


@pytest.mark.parametrize(("event", "phase"), PHASES.items())
def test_each_event_says_where_the_server_is(event: str, phase: ServerPhase) -> None:
    assert seen([item(event, DB)]).phase is phase


@pytest.mark.parametrize(
    "event",
    [
        "JOB_START",
        "CLEANUP_START",
        "CLEANUP_END",
        "SERVER_SKIPPED",
        "DEPLOY_NETWORK_CONFIGURATION_START",
        "UPDATE_LAUNCH_TEMPLATE_END",
        "AN_EVENT_OF_NEXT_YEAR",
        "",
    ],
)
def test_other_events_move_nothing(event: str) -> None:
    assert seen([item(event, DB)]).phase is ServerPhase.WAITING
    assert seen([item("CONVERSION_START", DB), item(event, DB, at="09:06:00")]).phase is ServerPhase.CONVERSION


def test_a_log_item_with_nothing_in_it_breaks_nothing() -> None:
    assert seen([{}, {"event": "LAUNCH_START"}, item("CONVERSION_START", DB)]).phase is ServerPhase.CONVERSION


def test_a_step_that_drs_tries_again_does_not_take_the_server_back() -> None:
    log = [item("LAUNCH_FAILED", DB, rawError="once"), item("CONVERSION_START", DB, at="09:06:00")]
    shown = seen(log)
    assert (shown.phase, shown.failure) == (ServerPhase.LAUNCH, None)


def test_a_failed_snapshot_is_no_failure_while_an_older_one_is_used() -> None:
    log = [item("SNAPSHOT_FAIL", DB, rawError="rate"), item("USING_PREVIOUS_SNAPSHOT", DB, at="09:06:00")]
    shown = seen(log)
    assert (shown.phase, shown.failure) == (ServerPhase.SNAPSHOT, None)


def test_a_server_launched_from_an_older_snapshot_has_no_failure() -> None:
    log = [item("SNAPSHOT_FAIL", DB, rawError="rate"), *WHOLE_LOG]
    assert seen(log, "COMPLETED", "LAUNCHED").failure is None


def test_the_instance_is_known_at_launch_end_but_the_server_is_launched_only_when_drs_says_so() -> None:
    shown = seen(WHOLE_LOG[:12], launch="IN_PROGRESS")
    assert (shown.phase, shown.ec2_instance_id, shown.launched_at) == (ServerPhase.LAUNCH, DB_INSTANCE, None)


def test_a_server_that_is_launched_before_the_job_ends_is_launched() -> None:
    assert seen(WHOLE_LOG[:12], launch="LAUNCHED").phase is ServerPhase.LAUNCHED


def test_without_launch_end_the_instance_is_the_one_that_the_job_shows() -> None:
    ended = job("COMPLETED", DB="LAUNCHED")
    ended["participatingServers"][0]["recoveryInstanceID"] = DB_INSTANCE
    (shown,) = observation(ended, []).servers
    assert (shown.ec2_instance_id, shown.launched_at) == (DB_INSTANCE, None)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("SNAPSHOT_FAIL", "DRS could not take a snapshot (SNAPSHOT_FAIL): why"),
        (
            "USING_PREVIOUS_SNAPSHOT_FAILED",
            "DRS could not use the previous snapshot (USING_PREVIOUS_SNAPSHOT_FAILED): why",
        ),
        ("CONVERSION_FAIL", "DRS could not convert the server's disks (CONVERSION_FAIL): why"),
        ("LAUNCH_FAILED", "DRS could not launch the instance (LAUNCH_FAILED): why"),
        ("CLEANUP_FAIL", "DRS could not clean up after an earlier launch (CLEANUP_FAIL): why"),
        ("SERVER_SKIPPED", "DRS left this server out of the job (SERVER_SKIPPED): why"),
        ("NEXT_YEARS_STEP_FAILED", "DRS reports a failure (NEXT_YEARS_STEP_FAILED): why"),
        ("NEXT_YEARS_EVENT", "DRS reports a failure (NEXT_YEARS_EVENT): why"),
    ],
)
def test_a_failed_server_says_why_in_plain_words_and_in_drs_own(event: str, words: str) -> None:
    shown = seen([item(event, DB, rawError="why"), item("JOB_END", at="09:09:00")], "COMPLETED", "FAILED")
    assert (shown.phase, shown.failure) == (ServerPhase.FAILED, words)


def test_a_failure_without_drs_own_words_is_still_told() -> None:
    assert (
        seen([item("LAUNCH_FAILED", DB)], launch="FAILED").failure
        == "DRS could not launch the instance (LAUNCH_FAILED)."
    )


def test_the_last_trouble_is_the_cause_unless_it_is_the_cleaning_up_after_it() -> None:
    log = [
        item("SNAPSHOT_FAIL", DB, at="09:01:00", rawError="first"),
        item("LAUNCH_FAILED", DB, at="09:05:00", rawError="second"),
        item("CLEANUP_FAIL", DB, at="09:06:00", rawError="third"),
    ]
    assert seen(log, "COMPLETED", "FAILED").failure == "DRS could not launch the instance (LAUNCH_FAILED): second"


def test_the_trouble_of_another_server_is_not_this_ones() -> None:
    log = [item("LAUNCH_FAILED", APP, at="09:08:00", rawError="theirs"), item("CONVERSION_FAIL", DB, rawError="ours")]
    assert "ours" in (seen(log, "COMPLETED", "FAILED").failure or "")


def test_the_trouble_of_the_whole_job_is_each_servers() -> None:
    assert seen([item("JOB_CANCEL")], "COMPLETED", "FAILED").failure == "The job was cancelled (JOB_CANCEL)."


def test_a_long_error_is_cut() -> None:
    shown = seen([item("LAUNCH_FAILED", DB, rawError="x" * 65_536)], launch="FAILED")
    assert len(shown.failure or "") == LONGEST_TEXT


@pytest.mark.parametrize("launch", ["FAILED", "TERMINATED"])
def test_a_failure_that_the_log_does_not_explain_points_at_missing_rights(launch: str) -> None:
    log = [item("JOB_START"), item("SNAPSHOT_START", DB), item("SNAPSHOT_END", DB), item("JOB_END")]
    shown = seen(log, "COMPLETED", launch)
    assert shown.phase is ServerPhase.FAILED
    assert shown.failure == (
        f"DRS shows the launch as {launch}, and its log does not say why. "
        "A right that the bot lacks can look like this."
    )


@pytest.mark.parametrize(
    ("launch", "phase"),
    [
        ("PENDING", ServerPhase.WAITING),
        ("IN_PROGRESS", ServerPhase.WAITING),
        ("LAUNCHED", ServerPhase.LAUNCHED),
        ("FAILED", ServerPhase.FAILED),
        ("A_STATUS_OF_NEXT_YEAR", ServerPhase.WAITING),
    ],
)
def test_without_a_log_only_final_states_are_seen(launch: str, phase: ServerPhase) -> None:
    shown = seen(None, launch=launch)
    assert shown.phase is phase
    assert ("its log could not be read" in (shown.failure or "")) is (phase is ServerPhase.FAILED)


def test_a_skipped_server_waits_until_the_job_ends_and_has_failed_then() -> None:
    log = [item("SERVER_SKIPPED", DB, rawError="replication is not ready")]
    assert seen(log).phase is ServerPhase.WAITING
    ended = seen(log, "COMPLETED")
    assert ended.phase is ServerPhase.FAILED
    assert ended.failure == "DRS left this server out of the job (SERVER_SKIPPED): replication is not ready"


def test_a_skipped_server_that_the_job_no_longer_shows_is_still_observed() -> None:
    shown = observation(job("COMPLETED", APP="LAUNCHED"), [item("SERVER_SKIPPED", DB)])
    assert {server.id: server.phase for server in shown.servers} == {APP: ServerPhase.LAUNCHED, DB: ServerPhase.FAILED}


def test_a_job_that_ends_without_a_word_on_a_server_leaves_that_to_the_caller() -> None:
    shown = seen([item("SNAPSHOT_START", DB), item("JOB_END")], "COMPLETED")
    assert (shown.phase, shown.failure) == (ServerPhase.SNAPSHOT, None)


@pytest.mark.parametrize("status", ["A_STATUS_OF_NEXT_YEAR", None])
def test_a_job_status_that_is_not_known_is_not_the_end(status: str | None) -> None:
    shown = observation({"jobID": JOB, "status": status}, [])
    assert (shown.status, shown.servers) == (JobStatus.STARTED, ())


def test_a_participant_without_an_id_is_passed_over() -> None:
    assert observation({"jobID": JOB, "participatingServers": [{"launchStatus": "PENDING"}]}, []).servers == ()
