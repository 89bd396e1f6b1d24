"""Worlds that follow each other in one process, as those of the tests do."""

from __future__ import annotations

import boto3

from infra.local import drs
from infra.local.aws.ministack import Ministack
from infra.local.world import World


def launch(world: World, server_id: str) -> str:
    """Somebody's drill job in DRS, the bot not asked; its id."""
    client = boto3.client(
        "drs",
        endpoint_url=world.stack.drs_endpoint,
        region_name=world.region,
        aws_access_key_id=world.account,
        aws_secret_access_key="any",
    )
    return client.start_recovery(sourceServers=[{"sourceServerID": server_id}], isDrill=True)["job"]["jobID"]


def test_a_world_finds_no_job_and_no_trouble_of_the_one_before(ministack: Ministack) -> None:
    """An earlier world's time ran ahead: by the clock of this one its jobs would run on, and count against quotas."""
    with World(speed=600, ministack=ministack) as before:
        job = launch(before, drs.source_servers(before.account, before.region)[0]["sourceServerID"])
        before.faults.fail_call("DescribeJobs", error="InternalServerException", times=None)
        assert [each["jobID"] for each in drs.jobs(before.account, before.region)] == [job]
    with World(ministack=ministack) as world:
        assert drs.jobs(world.account, world.region) == []
        assert launch(world, drs.source_servers(world.account, world.region)[0]["sourceServerID"])
