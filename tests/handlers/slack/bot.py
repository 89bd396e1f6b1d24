"""The bot behind a Slack: real use cases, real Bolt app, real notifier; the table is in memory, Slack is simulated.

bot.ada.command("/drs", "drill payments", channel="dr-drills")   # a signed request over HTTP, as all of these
bot.preflight_passes()                                            # what DRS does is told by events
bot.ada.click(bot.card(), "start")
bot.drill, bot.card(), bot.thread(), bot.told(bot.ada)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from slack_bolt import App

from bot.adapters.secrets import GivenSecrets
from bot.adapters.slack import SlackChannel
from bot.application.deciding import Decider
from bot.application.drills import Drills
from bot.application.homes import Homes
from bot.application.notifier import Notifier
from bot.domain.commands import Lane
from bot.domain.drill import Drill
from bot.domain.errors import UnknownPlan
from bot.domain.events import Event, JobsObserved, JobStarted, PreflightCompleted
from bot.domain.facts import JobObservation, ServerObservation
from bot.domain.plan import Plan
from bot.domain.states import JobStatus, LaunchState, ServerPhase
from bot.domain.written import none_named
from bot.slack.app import SlackSecrets, answer, build_app
from bot.views import home, render
from infra.local.runner.deployment import Route
from infra.local.runner.gateway import Request, event_of, response_of
from infra.local.slack.client import Person, person
from infra.local.slack.records import Message
from infra.local.slack.server import SlackServer
from infra.local.slack.transcript import content_lines
from infra.local.slack.workspace import small_workspace
from tests.fakes.groups import MemoryGroups
from tests.fakes.homes import MemoryHomes
from tests.fakes.results import MemoryResults
from tests.fakes.shelf import MemoryShelf
from tests.fakes.store import MemoryMessages, MemoryOutbox, MemoryStore, MemoryTable
from tests.unit.builders import HOME, T0, a_plan, job_id

CHANNEL = "dr-drills"
LOBBY = "lobby"
"""A channel that is no plan's."""
PEOPLE = ("ada", "linus", "grace", "eve")
ROUTE = Route("POST", "/slack/events", "slack_events")


@dataclass
class Plans:
    """Fulfils `PlanSource` with the plans it is given."""

    by_name: dict[str, Plan]

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self.by_name))

    def load(self, name: str) -> Plan:
        if name not in self.by_name:
            raise UnknownPlan(f"{none_named('plan', name)} There are: {', '.join(self.names())}.")
        return self.by_name[name]


@dataclass
class Bot:
    """The bot and everybody around it. `now` is world time and goes on by itself, a second for each look at it."""

    slack: SlackServer
    plans: Plans = field(default_factory=lambda: Plans({"payments": a_plan()}))
    table: MemoryTable = field(default_factory=MemoryTable)
    groups: MemoryGroups = field(default_factory=MemoryGroups)
    shelf: MemoryShelf = field(default_factory=MemoryShelf)
    now: datetime = T0
    events: list[Mapping[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ada, self.linus, self.grace, self.eve = (person(self.slack, name) for name in PEOPLE)
        self.store = MemoryStore(self.table)
        self.app = self.build_app(self.store)

    def build_app(
        self,
        store: MemoryStore,
        team_id: str | None = None,
        secrets: SlackSecrets | None = None,
        homes: MemoryHomes | None = None,
    ) -> App:
        """An app over a store; with the simulated Slack's secrets, if no others are given."""
        decider = Decider(store=store, clock=self.clock)
        plans = self.plans
        drills = Drills(
            decider=decider,
            plan_source=plans,
            home=HOME,
            new_id=lambda name, _: f"{name}-{len(self)}",
            homes=homes or MemoryHomes(self.table),
            groups=self.groups,
            results=MemoryResults(self.table),
            messages=MemoryMessages(self.table),
        )
        slack = self.slack.state.app
        return build_app(
            drills,
            secrets=secrets or GivenSecrets(bot_token=slack.bot_token, signing_secret=slack.signing_secret),
            slack_api_url=self.slack.api_url,
            team_id=team_id,
        )

    def __len__(self) -> int:
        return len(self.table.drills) + 1

    def clock(self) -> datetime:
        """World time."""
        self.now += timedelta(seconds=1)
        return self.now

    def answer(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """What the function behind the HTTP API does."""
        self.events.append(event)
        return answer(self.app, event)

    @property
    def drill(self) -> Drill:
        """The drill, when there is one."""
        (stored,) = self.table.drills.values()
        return stored.drill

    # ------------------------------------------------------------------ people

    def told(self, somebody: Person) -> list[str]:
        """What only they were told, line by line."""
        shown = self.slack.state.private.ephemerals(somebody.user.id)
        return [
            line for each in shown for line in content_lines(self.slack.state, each.content.text, each.content.blocks)
        ]

    def form(self, somebody: Person) -> dict[str, Any]:
        """The form in front of somebody."""
        view = self.slack.state.views.on_top(somebody.user.id)
        assert view is not None, f"no form is open in front of {somebody.user.name}"
        return view.definition

    def reads(self, somebody: Person) -> str:
        """What it says."""
        shown = self.form(somebody)
        return "\n".join([shown["title"]["text"], *content_lines(self.slack.state, "", shown["blocks"])])

    def errors(self, somebody: Person) -> dict[str, Any]:
        """What it says of what was filled in, by input."""
        view = self.slack.state.views.on_top(somebody.user.id)
        assert view is not None, f"no form is open in front of {somebody.user.name}"
        return dict(view.errors)

    # ------------------------------------------------------------------ messages

    def settle(self) -> None:
        """Let the notifier bring Slack up to date."""
        for drill_id in {lane[0] for lane in self.table.work} | set(self.table.drills):
            channel = SlackChannel(self.slack.state.app.bot_token, self.slack.api_url)
            notifier = Notifier(
                store=self.store,
                outbox=MemoryOutbox(self.table),
                messages=MemoryMessages(self.table),
                results=MemoryResults(self.table),
                channel=channel,
                shelf=self.shelf,
                render=render,
                homes=Homes(
                    store=self.store,
                    results=MemoryResults(self.table),
                    homes=MemoryHomes(self.table),
                    groups=self.groups,
                    plan_source=self.plans,
                    pages=channel,
                    render=home,
                    clock=self.clock,
                ),
                clock=self.clock,
                wall=lambda: datetime.now(UTC),
                owner="test",
            )
            notifier.drain(drill_id, lambda: timedelta(minutes=1))
            assert self.table.lane(drill_id, Lane.SLACK) == ()

    def message(self, topic: str) -> Message:
        """The drill's message on a topic, by its key, as it is now."""
        self.settle()
        posted = self.table.posted[self.drill.id][topic]
        return self.slack.state.messages.get(self.drill.plan.channel, posted.ts)

    def card(self) -> Message:
        """The card."""
        return self.message("card")

    # ------------------------------------------------------------------ what DRS does

    def happens(self, event: Event) -> None:
        """Something happens to the drill."""
        Decider(store=self.store, clock=self.clock).apply(self.drill.id, lambda _: event)

    def proposed(self) -> None:
        """Ada asks for a drill of the payments."""
        self.ada.command("/drs", "drill payments", channel=CHANNEL)

    def checked(self) -> None:
        """The checks found nothing."""
        self.happens(PreflightCompleted(findings=(), names={}))

    def ready(self) -> None:
        """The drill can be started."""
        self.proposed()
        self.checked()

    def started(self) -> None:
        """Ada starts the drill."""
        self.ready()
        assert self.ada.click(self.card(), "start").status == 200

    def launched(self, *, fails: bool = False) -> None:
        """DRS launches the servers of the wave that is due, or fails to."""
        phase = ServerPhase.FAILED if fails else ServerPhase.LAUNCHED
        waiting = [launch for launch in self.drill.launches if launch.state is LaunchState.REQUESTED]
        for launch in waiting:
            self.happens(JobStarted(key=launch.key, job_id=job_id(launch.key)))
            servers = tuple(ServerObservation(id=each, phase=phase, failure="no room") for each in launch.server_ids)
            job = JobObservation(job_id=job_id(launch.key), status=JobStatus.COMPLETED, servers=servers)
            self.happens(JobsObserved(jobs=(job,)))


@contextmanager
def running_bot() -> Iterator[Bot]:
    """A Slack, and the bot at its request URL."""
    with SlackServer(small_workspace(*PEOPLE, channels=[CHANNEL, LOBBY]), rate_limits=False) as slack:
        bot = Bot(slack)
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(bot))
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        slack.request_url = f"http://127.0.0.1:{server.server_port}/slack/events"
        try:
            yield bot
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def _handler(bot: Bot) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request("POST", self.path, "HTTP/1.1", headers, body, "127.0.0.1")
            response = response_of(bot.answer(event_of(request, ROUTE, HOME.account_id)))
            self.send_response_only(response.status)
            for name, value in (*response.headers, ("content-length", str(len(response.body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    return Handler
