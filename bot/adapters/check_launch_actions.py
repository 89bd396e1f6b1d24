"""What DRS itself has run on the launched instances: the results of its launch actions, as its jobs show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.adapters.check_answers import failed, passed, running
from bot.domain.checks import Answer, Ask

JOB = "drs-job"
"""Stands for the job as what is looked at again."""


def look_at_launch_actions(drs: Any, asks: Sequence[Ask]) -> list[Answer]:
    """One DescribeJobs for all (botocore: `ParticipatingServer.launchActionsStatus`)."""
    job_ids = sorted({ask.job_id for ask in asks if ask.job_id})
    pages = drs.get_paginator("describe_jobs").paginate(filters={"jobIDs": job_ids}) if job_ids else ()
    servers = {
        (job["jobID"], server["sourceServerID"]): server
        for page in pages
        for job in page["items"]
        for server in job.get("participatingServers", ())
    }
    return [_answer(ask, servers.get((ask.job_id or "", ask.server_id or ""))) for ask in asks]


def _answer(ask: Ask, server: Mapping[str, Any] | None) -> Answer:
    if server is None:
        return failed(ask, f"DRS does not show the server in job {ask.job_id}.")
    runs = server.get("launchActionsStatus", {}).get("runs", [])
    if not runs:
        return failed(ask, "DRS shows no launch actions: they are not set up for the server, or have not begun yet.")
    output = "\n".join(_line(run) for run in runs)
    wanted = [run for run in runs if not run.get("action", {}).get("optional")]
    if lost := [run for run in wanted if run.get("status") == "FAILED"]:
        return failed(ask, "; ".join(_line(run) for run in lost), output)
    if any(run.get("status") == "IN_PROGRESS" for run in wanted):
        return running(ask, JOB, "DRS has not ended its launch actions yet.")
    return passed(ask, f"{len(runs)} launch actions of DRS have ended well.", output)


def _line(run: Mapping[str, Any]) -> str:
    name = run.get("action", {}).get("name") or run.get("action", {}).get("actionCode") or "an action"
    why = f": {run['failureReason']}" if run.get("failureReason") else ""
    return f"{name} {run.get('status', 'unknown')}{why}"
