"""Whose credentials reach DRS: the bot's own, or those of the target's role, renewed before they expire."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from bot.adapters.drs_clients import BotoDrsClients, CallLimits
from bot.application.ports.drs import DrsClients, DrsError, Refused
from bot.domain.launch import LaunchKey
from bot.domain.plan import Target
from infra.local.clock import ManualClock
from infra.local.drs import healthy_fleet, recorded_calls, seed, source_server_id

OWN, OTHER = "111122223333", "222233334444"
REGION = "eu-west-1"
ROLE = f"arn:aws:iam::{OTHER}:role/drs-drill-bot-target-payments"
SERVER = source_server_id("db")
HERE = Target(account_id=OWN, region=REGION)
THERE = Target(account_id=OTHER, region=REGION, role_arn=ROLE, external_id="payments-drills")
ONCE = CallLimits(attempts=1)

pytestmark = pytest.mark.usefixtures("simulated")


@pytest.fixture
def session() -> boto3.session.Session:
    for account in (OWN, OTHER):
        seed(account, REGION, healthy_fleet([SERVER]))
    return boto3.session.Session(aws_access_key_id=OWN, aws_secret_access_key="any", region_name="eu-central-1")


@pytest.fixture
def clients(session: boto3.session.Session, clock: ManualClock) -> BotoDrsClients:
    return BotoDrsClients(session, clock.now, ONCE)


@pytest.fixture
def assumed(session: boto3.session.Session) -> list[dict[str, Any]]:
    """The parameters of each AssumeRole."""
    seen: list[dict[str, Any]] = []
    session.events.register("provide-client-params.sts.AssumeRole", lambda params, **_: seen.append(params))
    return seen


def answer_assume_role(session: boto3.session.Session, answer: Callable[[], dict[str, Any]], status: int = 200) -> None:
    """Let STS give this answer; nothing is sent to it."""

    def given(**_: object) -> Any:
        return SimpleNamespace(status_code=status), answer()

    session.events.register("before-call.sts.AssumeRole", given)


def credentials(key: str, lasting: timedelta) -> dict[str, Any]:
    given = {"AccessKeyId": key, "SecretAccessKey": "any", "SessionToken": "any"}
    return {"Credentials": given | {"Expiration": datetime.now(UTC) + lasting}}


def keys_used(account: str) -> list[str]:
    return [call.access_key for call in recorded_calls(account, REGION)]


def test_without_a_role_the_bots_own_credentials_are_used(
    clients: BotoDrsClients, assumed: list[dict[str, Any]]
) -> None:
    clients.at(HERE).source_servers([SERVER])
    assert keys_used(OWN) == [OWN]
    assert assumed == []


def test_a_role_is_assumed_with_its_external_id_and_its_credentials_reach_drs(
    clients: BotoDrsClients, assumed: list[dict[str, Any]]
) -> None:
    clients.at(THERE).start_drill("drill-1", LaunchKey(wave=1, attempt=1, batch=1), [SERVER])
    assert assumed == [{"RoleArn": ROLE, "RoleSessionName": "drs-drill-bot", "ExternalId": "payments-drills"}]
    (key,) = keys_used(OTHER)
    assert key.startswith("ASIA")
    assert keys_used(OWN) == []


def test_a_role_without_an_external_id_is_assumed_without_one(
    clients: BotoDrsClients, assumed: list[dict[str, Any]]
) -> None:
    clients.at(THERE.model_copy(update={"external_id": None})).source_servers([SERVER])
    assert assumed == [{"RoleArn": ROLE, "RoleSessionName": "drs-drill-bot"}]


def test_a_role_is_assumed_in_the_bots_own_region_and_only_when_it_is_needed(
    clients: BotoDrsClients, session: boto3.session.Session
) -> None:
    hosts: list[str] = []
    session.events.register("before-send.sts", lambda request, **_: hosts.append(request.url))
    drs = clients.at(THERE)
    assert hosts == []
    drs.source_servers([SERVER])
    assert hosts == ["https://sts.eu-central-1.amazonaws.com/"]


def test_one_assumption_serves_all_calls_until_it_runs_out(
    clients: BotoDrsClients, assumed: list[dict[str, Any]]
) -> None:
    for _ in range(3):
        clients.at(THERE).source_servers([SERVER])
    assert len(assumed) == 1


def test_credentials_that_are_about_to_expire_are_renewed(
    clients: BotoDrsClients, session: boto3.session.Session
) -> None:
    """A warm function outlives its credentials: they must not be frozen into the client."""
    lives = iter([credentials(OTHER, timedelta(minutes=5)), credentials("222233335555", timedelta(hours=1))])
    answer_assume_role(session, lambda: next(lives))
    seed("222233335555", REGION, healthy_fleet([SERVER]))
    drs = clients.at(THERE)
    for _ in range(3):
        drs.source_servers([SERVER])
    assert (len(keys_used(OTHER)), len(keys_used("222233335555"))) == (1, 2)


def test_a_role_that_may_not_be_assumed_is_a_denied_call(
    clients: BotoDrsClients, session: boto3.session.Session
) -> None:
    refusal = {"Code": "AccessDenied", "Message": "not authorized to perform: sts:AssumeRole"}
    answer_assume_role(session, lambda: {"Error": refusal, "ResponseMetadata": {"HTTPStatusCode": 403}}, status=403)
    with pytest.raises(DrsError, match="DescribeJobs, in AssumeRole: AccessDenied: not authorized") as caught:
        clients.at(THERE).active_jobs()
    assert caught.value.kind is Refused.DENIED


def test_a_target_has_one_adapter_and_others_have_their_own(clients: BotoDrsClients) -> None:
    others = [
        HERE,
        HERE.model_copy(update={"region": "eu-north-1"}),
        THERE.model_copy(update={"external_id": "another"}),
    ]
    port: DrsClients = clients
    assert port.at(THERE) is port.at(THERE.model_copy())
    assert len({id(clients.at(target)) for target in [THERE, *others]}) == 4


def test_regions_are_apart(clients: BotoDrsClients) -> None:
    seed(OWN, "eu-north-1")
    assert clients.at(HERE.model_copy(update={"region": "eu-north-1"})).source_servers([SERVER]) == ()
    assert len(clients.at(HERE).source_servers([SERVER])) == 1
