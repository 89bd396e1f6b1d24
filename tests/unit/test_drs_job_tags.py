"""Whose a DRS job is, by its tags, and which servers it occupies."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.drs_jobs import active_job, launch_tags, tagged_job
from bot.domain.facts import ActiveJob, TaggedJob
from bot.domain.launch import LaunchKey

JOB = "drsjob-00000000000000d01"
APP, DB = "s-00000000000000a01", "s-00000000000000d01"
SERVERS = [{"sourceServerID": APP, "launchStatus": "PENDING"}, {"sourceServerID": DB, "launchStatus": "LAUNCHED"}, {}]
KEY = LaunchKey(wave=2, attempt=1, batch=3)
TAGS = launch_tags("drill-1", KEY)


def test_the_tags_of_a_launch_lead_back_to_it() -> None:
    tags = launch_tags("drill-1", KEY)
    assert tags == {
        "drs-drill-bot:drill": "drill-1",
        "drs-drill-bot:wave": "2",
        "drs-drill-bot:attempt": "1",
        "drs-drill-bot:batch": "3",
    }
    assert tagged_job({"jobID": JOB, "type": "LAUNCH", "tags": tags}) == TaggedJob(
        job_id=JOB, drill_id="drill-1", key=KEY
    )


@pytest.mark.parametrize(
    "found",
    [
        {},
        {"tags": {}},
        {"tags": {"Owner": "somebody"}},
        {"tags": TAGS | {"drs-drill-bot:drill": ""}},
        {"tags": TAGS | {"drs-drill-bot:wave": "two"}},
        {"tags": {key: value for key, value in TAGS.items() if not key.endswith("batch")}},
        {"tags": TAGS, "type": "TERMINATE"},
    ],
)
def test_a_job_that_is_not_tagged_in_full_or_no_launch_is_nobodys(found: dict[str, Any]) -> None:
    assert tagged_job({"jobID": JOB, "type": "LAUNCH", **found}) is None


@pytest.mark.parametrize(
    ("status", "active"),
    [("PENDING", True), ("STARTED", True), ("A_STATUS_OF_NEXT_YEAR", True), ("COMPLETED", False)],
)
def test_a_job_occupies_its_servers_until_it_is_completed(status: str, *, active: bool) -> None:
    expected = ActiveJob(job_id=JOB, server_ids=(APP, DB)) if active else None
    assert active_job({"jobID": JOB, "status": status, "participatingServers": SERVERS}) == expected
