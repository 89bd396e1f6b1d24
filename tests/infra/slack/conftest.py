from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from werkzeug.wrappers import Request, Response

from infra.local.loopback import LoopbackServer
from infra.local.slack.client import Person, person
from infra.local.slack.server import SlackServer
from infra.local.slack.workspace import Channel, SlackApp, User, UserGroup, Workspace

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CHANNEL = "C0DRDRILLS"


@dataclass
class Seconds:
    """A clock that moves only when told to."""

    now: float = 1_772_442_000.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


def a_workspace() -> Workspace:
    app = SlackApp()
    people = (User("U0ADA", "ada", "Ada"), User("U0GRACE", "grace", "Grace"), User("U0MALLORY", "mallory", "Mallory"))
    everybody = frozenset({"U0ADA", "U0GRACE", app.bot_user})
    channels = (
        Channel(CHANNEL, "dr-drills", everybody),
        Channel("C0ELSEWHERE", "elsewhere", frozenset({"U0ADA"})),
        Channel("C0SECRET", "secret", frozenset({"U0ADA"}), is_private=True),
        Channel("C0OLD", "old", everybody, is_archived=True),
    )
    groups = (UserGroup("S0APPROVERS", "dr-approvers", ("U0ADA", "U0GRACE")),)
    return Workspace(people, channels, groups, app)


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def slack(clock: Seconds) -> Iterator[SlackServer]:
    with SlackServer(a_workspace(), rate_limits=False, clock=clock) as server:
        yield server


@pytest.fixture
def client(slack: SlackServer) -> WebClient:
    """The real client, without its retries: a test sees every answer."""
    return WebClient(token=slack.state.app.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def refusal() -> Callable[..., str]:
    """The error string of a call that Slack refuses."""

    def error_of(call: Callable[..., Any], **arguments: Any) -> str:
        with pytest.raises(SlackApiError) as refused:
            call(**arguments)
        return str(refused.value.response["error"])

    return error_of


@contextmanager
def listening(slack: SlackServer, app: WSGIApplication) -> Iterator[None]:
    """Serve an app on loopback and make it the server's request_url."""
    with LoopbackServer(app) as server:
        slack.request_url = f"{server.url}/slack/events"
        yield


@pytest.fixture
def bolt(slack: SlackServer) -> Iterator[App]:
    """A real Bolt app behind HTTP on loopback."""
    app = App(
        token=slack.state.app.bot_token,
        signing_secret=slack.state.app.signing_secret,
        client=WebClient(token=slack.state.app.bot_token, base_url=slack.api_url),
        token_verification_enabled=False,
        process_before_response=True,
    )
    with listening(slack, SlackRequestHandler(app)):
        yield app


class Recorder:
    """An app that answers every request as a test tells it, and keeps what it got."""

    def __init__(self) -> None:
        self.answer: Callable[[], Response] = Response
        self.got: list[Request] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        request.get_data()
        self.got.append(request)
        return self.answer()(environ, start_response)


@pytest.fixture
def recorder(slack: SlackServer) -> Iterator[Recorder]:
    """An app without Bolt: what did Slack send, and what does Slack make of a bad answer?"""
    app = Recorder()
    with listening(slack, app):
        yield app


@pytest.fixture
def ada(slack: SlackServer) -> Person:
    return person(slack, "ada")


@pytest.fixture
def grace(slack: SlackServer) -> Person:
    return person(slack, "grace")
