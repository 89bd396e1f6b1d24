"""The composition root: puts the parts of each function together, once per container and on its first event.

World time (drills, deadlines, schedules) is the clock given to `use_world_clock`; wall time (signatures, claims,
Slack's message ids) is always the wall's.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from bot.adapters.dynamodb import DynamoDbStore
from bot.adapters.dynamodb_outbox import DynamoDbOutbox
from bot.adapters.dynamodb_table import Table
from bot.application.deciding import Decider
from bot.application.ports import Clock
from bot.bootstrap_reports import QUICK, earlier_drills, reporting, shelf
from bot.domain.plan import Target
from bot.settings import (
    ExecutorSettings,
    FinderSettings,
    NotifierSettings,
    PollerSettings,
    Settings,
    SlackEventsSettings,
    VerifySettings,
)

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.adapters.secrets import GivenSecrets, KeptSecrets
    from bot.application.executor import Executor
    from bot.application.finder import Finder
    from bot.application.homes import Homes
    from bot.application.notifier import Notifier
    from bot.application.ports.figures import Meter
    from bot.application.ports.groups import GroupDirectory
    from bot.application.ports.homes import HomePages
    from bot.application.proving import Proving
    from bot.application.reconcile import Poller
    from bot.application.refreshing import Refreshing

PLANS = Path(__file__).parent.parent / "plans"


def wall_clock() -> datetime:
    """Wall time, in UTC."""
    return datetime.now(UTC)


class _World:
    """The world clock in force."""

    clock: Clock = staticmethod(wall_clock)


def use_world_clock(clock: Clock) -> None:
    """Let world time be what `clock` says. To be called before the first event."""
    _World.clock = staticmethod(clock)


def world_clock() -> datetime:
    """World time, in UTC."""
    return _World.clock()


@cache
def slack_events() -> App:
    """The Bolt app behind the HTTP API."""
    from bot.adapters.dynamodb_groups import DynamoDbGroups
    from bot.adapters.dynamodb_homes import DynamoDbHomes
    from bot.adapters.dynamodb_messages import DynamoDbMessages
    from bot.adapters.dynamodb_results import DynamoDbResults
    from bot.adapters.identity import new_drill_id
    from bot.adapters.plan_files import PlanFiles
    from bot.application.drills import Drills
    from bot.slack.app import build_app

    settings = SlackEventsSettings()
    table = _table(settings)
    drills = Drills(
        decider=_decider(table),
        plan_source=PlanFiles(PLANS),
        home=Target(account_id=settings.account_id, region=settings.aws_region),
        new_id=new_drill_id,
        homes=DynamoDbHomes(table),
        groups=DynamoDbGroups(table),
        results=DynamoDbResults(table),
        messages=DynamoDbMessages(table),
    )
    return build_app(
        drills,
        secrets=_slack_secrets(settings),
        slack_api_url=settings.slack_api_url,
        team_id=settings.slack_team_id or None,
    )


@cache
def executor() -> Executor:
    """The consumer of the work lane."""
    from bot.adapters.accounts import BotoAccounts
    from bot.adapters.checks import BotoCheckers
    from bot.adapters.drs_clients import BotoDrsClients
    from bot.adapters.dynamodb_gathered import DynamoDbGathered
    from bot.application.checking import Checking
    from bot.application.cleaning import Cleaning
    from bot.application.executor import Executor
    from bot.application.gathering import Gathering
    from bot.application.launching import Launching
    from bot.application.reconcile import Poller
    from bot.application.sweeping import Sweeping
    from bot.application.tagging import Tagging
    from bot.application.verifying import Verifying

    settings = ExecutorSettings()
    table = _table(settings)
    decider = _decider(table)
    session = boto3.Session()
    drs = BotoDrsClients(session, world_clock, meter=_meter())
    return Executor(
        decider=decider,
        outbox=DynamoDbOutbox(table),
        checking=Checking(
            store=decider.store,
            drs=drs,
            accounts=BotoAccounts(session),
            gathering=Gathering(DynamoDbGathered(table), wall_clock),
            earlier=earlier_drills(table),
            clock=world_clock,
        ),
        sweeping=Sweeping(store=decider.store, drs=drs),
        launching=Launching(store=decider.store, drs=drs, wall=wall_clock, timeout=settings.timeout),
        tagging=Tagging(drs),
        verifying=Verifying(checkers=BotoCheckers(session), clock=world_clock),
        cleaning=Cleaning(drs=drs, clock=world_clock),
        reporting=reporting(settings, table, lambda: _slack_secrets(settings).bot_token(), world_clock),
        poller=Poller(decider=decider, drs=drs),
        owner=_owner(),
    )


def proving() -> Proving:
    """What verifies a drill, for `python -m bot.verify`."""
    from bot.application.proving import Proving

    settings = VerifySettings()
    table = Table(boto3.client("dynamodb", config=QUICK), settings.table_name)
    return Proving(store=DynamoDbStore(table), shelf=shelf(settings.evidence_bucket))


def notifier() -> Notifier:
    """The consumer of the Slack lane, with the bot token in force."""
    settings = NotifierSettings()
    return _notifier(settings, _slack_secrets(settings).bot_token())


@lru_cache(maxsize=1)
def _notifier(settings: NotifierSettings, bot_token: str) -> Notifier:
    from bot.adapters.dynamodb_messages import DynamoDbMessages
    from bot.adapters.dynamodb_results import DynamoDbResults
    from bot.adapters.slack import SlackChannel
    from bot.application.notifier import Notifier
    from bot.views import render

    table = _table(settings)
    slack = SlackChannel(bot_token, settings.slack_api_url)
    return Notifier(
        store=DynamoDbStore(table),
        outbox=DynamoDbOutbox(table),
        messages=DynamoDbMessages(table),
        results=DynamoDbResults(table),
        channel=slack,
        shelf=shelf(settings.evidence_bucket),
        render=render,
        homes=_homes(table, slack),
        clock=world_clock,
        wall=wall_clock,
        owner=_owner(),
        meter=_meter(),
    )


def _homes(table: Table, pages: HomePages) -> Homes:
    from bot.adapters.dynamodb_groups import DynamoDbGroups
    from bot.adapters.dynamodb_homes import DynamoDbHomes
    from bot.adapters.dynamodb_results import DynamoDbResults
    from bot.adapters.plan_files import PlanFiles
    from bot.application.homes import Homes
    from bot.views import home

    return Homes(
        store=DynamoDbStore(table),
        results=DynamoDbResults(table),
        homes=DynamoDbHomes(table),
        groups=DynamoDbGroups(table),
        plan_source=PlanFiles(PLANS),
        pages=pages,
        render=home,
        clock=world_clock,
    )


@cache
def finder() -> Finder:
    """The minute's round."""
    from bot.adapters.wakes import SqsWakes
    from bot.application.finder import Finder

    settings = FinderSettings()
    table = _table(settings)
    wakes = SqsWakes(boto3.client("sqs", config=QUICK), settings.poll_queue_url, settings.work_queue_url)
    store, outbox = DynamoDbStore(table), DynamoDbOutbox(table)
    return Finder(store=store, outbox=outbox, wakes=wakes, clock=world_clock, meter=_meter())


@cache
def refreshing() -> Refreshing:
    """The finder's second step: who is in the user groups that plans name."""
    from bot.adapters.dynamodb_groups import DynamoDbGroups
    from bot.adapters.plan_files import PlanFiles
    from bot.application.refreshing import Refreshing

    table = _table(FinderSettings())
    return Refreshing(
        groups=DynamoDbGroups(table),
        directory=_slack_groups,
        plan_source=PlanFiles(PLANS),
        store=DynamoDbStore(table),
        clock=world_clock,
    )


def _slack_groups() -> GroupDirectory:
    """Imported and signed in only when there is a group to look up."""
    from bot.adapters.slack_groups import SlackGroups

    settings = FinderSettings()
    token = _slack_secrets(settings).bot_token()
    return SlackGroups(token, settings.slack_api_url)


@cache
def poller() -> Poller:
    """What follows DRS jobs."""
    from bot.adapters.drs_clients import BotoDrsClients
    from bot.application.reconcile import Poller

    return Poller(
        decider=_decider(_table(PollerSettings())), drs=BotoDrsClients(boto3.Session(), world_clock, meter=_meter())
    )


def _table(settings: Settings) -> Table:
    return Table(boto3.client("dynamodb", config=QUICK), settings.table_name)


def _decider(table: Table) -> Decider:
    return Decider(store=DynamoDbStore(table), clock=world_clock, meter=_meter())


def _meter() -> Meter:
    from bot.adapters.emf import write

    return write


def _owner() -> str:
    """Names this container in leases."""
    return uuid.uuid4().hex


@cache
def _slack_secrets(
    settings: SlackEventsSettings | NotifierSettings | FinderSettings | ExecutorSettings,
) -> GivenSecrets | KeptSecrets:
    """The secrets of a local run, or else those in Secrets Manager. Nothing is read yet."""
    from bot.adapters.secrets import GivenSecrets, KeptSecrets

    token, signing_secret = settings.slack_bot_token, settings.slack_signing_secret
    if token and signing_secret:
        return GivenSecrets(bot_token=token.get_secret_value(), signing_secret=signing_secret.get_secret_value())
    return KeptSecrets(settings.slack_secret_name, boto3.client("secretsmanager", config=QUICK), wall_clock)
