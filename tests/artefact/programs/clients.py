"""Makes every client that the bot makes, and prints `made`."""

import boto3

from bot import bootstrap
from bot.adapters.accounts import BotoAccounts
from bot.adapters.checks import BotoCheckers
from bot.adapters.drs_clients import BotoDrsClients
from bot.domain.plan import Target

place = Target(account_id="444455556666", region="eu-west-1", role_arn="arn:aws:iam::444455556666:role/drills")
session = boto3.Session()
BotoAccounts(session).at(place)
BotoCheckers(session).at(place)
BotoDrsClients(session, bootstrap.wall_clock).at(place)
for make in (bootstrap.slack_events, bootstrap.executor, bootstrap.notifier, bootstrap.finder, bootstrap.poller):
    make()
boto3.client("secretsmanager")
print("made")
