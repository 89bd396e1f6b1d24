"""The whole world of the bot on one machine: AWS, DRS, Slack, and the bot's own functions between them.

with World(speed=60) as world:
    world.person("ada").command("/drs", "drill payments", channel="drills")
    world.wait_until(lambda: world.drills(), timeout=10)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from bot.adapters.dynamodb import DynamoDbStore
from bot.adapters.dynamodb_table import Table
from bot.adapters.plan_files import PlanFiles
from bot.domain.drill import Drill
from bot.domain.plan import Plan
from infra.local import drs
from infra.local.aws.ministack import Ministack
from infra.local.clock import WorldClock
from infra.local.drs.server import DrsServer
from infra.local.people import fleet, server_names, workspace
from infra.local.slack.client import Person, person
from infra.local.slack.server import SlackServer
from infra.local.stack import LocalStack

PROJECT = Path(__file__).parents[2]
PLANS = PROJECT / "plans"


@dataclass(slots=True)
class World:
    """Everything, running; a context manager that ends it all in any case.

    Args:
        speed: how many times as fast as wall time world time runs.
        start: world time's first moment (default: now).
        plans: the folder of the plans that can be drilled.
        ministack: one that runs already, to share; else the world starts its own.
        log_directory: where the functions' logs stay; else they go with the world.
    """

    speed: float = 60
    start: datetime | None = None
    plans: Path = PLANS
    ministack: Ministack | None = None
    log_directory: Path | None = None
    slack: SlackServer = field(init=False)
    stack: LocalStack = field(init=False)
    table: Table = field(init=False)
    store: DynamoDbStore = field(init=False)
    _aws: Ministack = field(init=False)
    _ending: ExitStack = field(init=False, default_factory=ExitStack)

    def __enter__(self) -> Self:
        plan_files = PlanFiles(self.plans)
        plans = [plan_files.load(name) for name in plan_files.names()]
        with self._ending as ending:
            self._aws = self.ministack or ending.enter_context(Ministack())
            drs_server = ending.enter_context(DrsServer())
            self.slack = ending.enter_context(SlackServer(workspace(plans), rate_clock=lambda: self.now().timestamp()))
            app = self.slack.state.app
            self.stack = ending.enter_context(
                LocalStack(
                    speed=self.speed,
                    start=self.start,
                    root=ending.enter_context(_root_with(self.plans)),
                    drs_endpoint=drs_server.endpoint_url,
                    slack_api_url=self.slack.api_url,
                    parameters={"SlackTeamId": self.slack.state.workspace.team_id, "ChecksBySsm": "true"},
                    secret={"bot_token": app.bot_token, "signing_secret": app.signing_secret},
                    ministack=self._aws,
                    log_directory=self.log_directory,
                )
            )
            drs.start_afresh(self.account, self.region)
            drs.look_up_accounts(cache(self._account_of))
            ending.callback(drs.look_up_accounts, None)
            drs.set_clock(self.clock.now)
            ending.callback(drs.set_clock, drs.wall_time)
            self.slack.request_url = self.stack.request_url
            self.table = Table(self.stack.client("dynamodb"), self.stack.resources.table_name)
            self.store = DynamoDbStore(self.table)
            for plan in plans:
                self.seed(plan)
            self._ending = ending.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ending.close()

    @property
    def clock(self) -> WorldClock:
        """World time."""
        return self.stack.clock

    def now(self) -> datetime:
        """World time now, in UTC."""
        return self.clock.now()

    @property
    def account(self) -> str:
        """The bot's own account, which is also the one that is drilled."""
        return self._aws.account_id

    @property
    def region(self) -> str:
        """The Region of the same."""
        return self._aws.region

    @property
    def faults(self) -> drs.Faults:
        """What is to go wrong in DRS."""
        return drs.faults(self.account, self.region)

    def _account_of(self, key_id: str) -> str:
        """Whose an access key is: those of roles that the bot has taken on are the local AWS's own."""
        account: str = self.stack.client("sts").get_access_key_info(AccessKeyId=key_id)["Account"]
        return account

    def seed(self, plan: Plan) -> None:
        """Let the servers of a plan exist in DRS, where the plan says, and replicate."""
        target = plan.target
        place = (target.account_id, target.region) if target else (self.account, self.region)
        drs.seed(*place, fleet(plan, server_names(self.plans)))

    def seed_server(self, server_id: str, **changes: Any) -> None:
        """Let one server be otherwise from now on: see `SourceServerSpec`."""
        drs.seed(self.account, self.region, drs.healthy_fleet([server_id], **changes))

    def person(self, name: str) -> Person:
        """Somebody in the workspace, by handle or id."""
        return person(self.slack, name)

    def running_instances(self) -> list[drs.ExistingInstance]:
        """What runs in DRS and costs money."""
        return drs.running_instances(self.account, self.region)

    def drill(self, drill_id: str) -> Drill:
        """A drill as it is stored."""
        return self.store.load(drill_id).drill

    def drills(self) -> list[Drill]:
        """Every drill that there is or was, the oldest first."""
        pages = (
            self.stack.client("dynamodb")
            .get_paginator("scan")
            .paginate(
                TableName=self.stack.resources.table_name,
                ProjectionExpression="pk",
                FilterExpression="sk = :head",
                ExpressionAttributeValues={":head": {"S": "DRILL"}},
            )
        )
        keys = [item["pk"]["S"] for page in pages for item in page["Items"]]
        return sorted((self.drill(key.removeprefix("DRILL#")) for key in keys), key=lambda drill: drill.proposed_at)

    def is_finished(self, drill_id: str) -> bool:
        """Whether nothing of the drill is left to do: it has ended, and Slack shows it."""
        return all(due.drill_id != drill_id for due in self.store.unfinished())


@contextmanager
def _root_with(plans: Path) -> Iterator[Path]:
    """A folder laid out as the deployed artefact: the bot, and the plans beside it."""
    with TemporaryDirectory(prefix="artefact-") as folder:
        root = Path(folder)
        for package in ("bot", "infra"):
            (root / package).symlink_to(PROJECT / package, target_is_directory=True)
        (root / "plans").symlink_to(plans.resolve(), target_is_directory=True)
        yield root
