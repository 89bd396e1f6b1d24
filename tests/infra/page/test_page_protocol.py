"""What the server sends and takes is what `infra/local/web/src/protocol.ts` says, field by field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import boto3
import pytest
from pydantic import BaseModel
from slack_sdk import WebClient

from infra.local import drs
from infra.local.page.acts import Act
from infra.local.page.controls import WorldOrder
from infra.local.page.directory import directory
from infra.local.slack.records import Content, Notice
from infra.local.slack.state import SlackState
from infra.local.slack.workspace import UserGroup
from tests.infra.page.conftest import ADA, CHANNEL, PATIENCE, Page, Stream

PROTOCOL = (Path(__file__).parents[3] / "infra" / "local" / "web" / "src" / "protocol.ts").read_text()
SERVER = "s-0b7c4f2e95d1a8360"
BOT = "U0DRILLBOT"
FIELD = re.compile(r"(\w+)(\??):")

Fields = dict[str, bool]
"""Each field's name, and whether it is always there."""


def fields_in(text: str) -> Fields:
    """The fields of one level of a TypeScript object type."""
    level = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    while (flatter := re.sub(r"\{[^{}]*\}", "", level)) != level:
        level = flatter
    return {name: not optional for name, optional in FIELD.findall(level)}


def interfaces() -> dict[str, str]:
    """The body of each interface, by name."""
    return dict(re.findall(r"^export interface (\w+) \{\n(.*?)^\}", PROTOCOL, re.DOTALL | re.MULTILINE))


def cases_of(union: str, tag: str) -> dict[str, Fields]:
    """The fields of each case of a discriminated union, by its tag."""
    (body,) = re.findall(rf"^export type {union} =(.*?;)\n\n", PROTOCOL, re.DOTALL | re.MULTILINE)
    cases = re.findall(rf"\| \{{ ({tag}: \"(\w+)\".*?) \}}", body)
    return {name: fields_in(case) for case, name in cases}


def taken(union: Any, tag: str) -> dict[str, Fields]:
    """The same of our models: the names on the wire, and whether they must be there."""
    models: tuple[type[BaseModel], ...] = get_args(get_args(union)[0])
    return {
        get_args(model.model_fields[tag].annotation)[0]: {
            field.alias or name: field.is_required() for name, field in model.model_fields.items()
        }
        for model in models
    }


def assert_promised(interface: str, sent: Any) -> None:
    promised = fields_in(interfaces()[interface])
    missing = {name for name, always in promised.items() if always} - set(sent)
    assert (missing, set(sent) - set(promised)) == (set(), set()), interface


def test_every_act_is_taken_as_it_is_written() -> None:
    promised = {name: {"as": True, **fields} for name, fields in cases_of("Act", "act").items()}
    assert len(promised) == 12
    assert taken(Act, "act") == promised


def test_every_order_is_taken_as_it_is_written() -> None:
    promised = cases_of("WorldOrder", "order")
    assert len(promised) == 3
    assert taken(WorldOrder, "order") == promised


def test_the_directory_is_as_promised(page: Page) -> None:
    state = page.world.slack.state
    group = UserGroup("S0TEAM", "team", (ADA,))
    workspace = directory(SlackState(replace(state.workspace, groups=(group,))), [], CHANNEL)
    assert_promised("Workspace", workspace)
    assert_promised("Person", workspace["people"][0])
    assert_promised("Channel", workspace["channels"][0])
    assert_promised("UserGroup", workspace["groups"][0])
    assert_promised("SlashCommand", workspace["commands"][0])
    assert set(workspace["app"]) == {"id", "name", "botUser", "hasHome"}


def test_what_a_person_sees_is_as_promised(page: Page) -> None:
    state = page.world.slack.state
    slack = WebClient(state.app.bot_token, base_url=page.world.slack.api_url)
    slack.files_upload_v2(channel=CHANNEL, filename="report.txt", content="all is well")
    state.messages.react(CHANNEL, state.messages.in_channel(CHANNEL)[-1].ts, ADA, "eyes")
    state.private.show(CHANNEL, ADA, Content("for Ada"))
    title = {"type": "plain_text", "text": "Ask"}
    state.views.open(ADA, {"type": "modal", "title": title, "blocks": []})
    snapshot = page.updates(ADA).next("snapshot")
    message = snapshot["messages"][-1]
    assert_promised("Snapshot", snapshot)
    assert_promised("Message", message)
    assert_promised("FileInfo", message["files"][0])
    assert_promised("Ephemeral", snapshot["ephemerals"][-1])
    assert_promised("View", snapshot["modals"][0])
    assert set(message["reactions"][0]) == {"name", "users"}
    raw = page.get(f"/api/raw/{CHANNEL}/{message['ts']}")
    assert_promised("Raw", raw)
    assert set(raw["revisions"][0]) == {"ts", "text", "blocks", "metadata"}
    state.views.close(ADA, whole_stack=True)


def test_each_change_is_as_promised(page: Page) -> None:
    promised = cases_of("Change", "kind")
    state, updates = page.world.slack.state, page.updates(ADA)
    updates.next("snapshot")
    state.messages.post(CHANNEL, BOT, Content("for all"))
    shown = state.private.show(CHANNEL, ADA, Content("for Ada"))
    state.private.remove(shown.ts)
    state.private.notify(Notice(ADA, "a notice", "/drs", CHANNEL))
    state.views.open(ADA, {"type": "modal", "title": {"type": "plain_text", "text": "Ask"}, "blocks": []})
    state.views.publish(ADA, {"type": "home", "blocks": []})
    state.views.close(ADA, whole_stack=True)
    for kind in ("message", "ephemeral", "ephemeral_removed", "notice", "modals", "home"):
        change = updates.change(kind)
        assert set(change) == {"seq", *promised.pop(kind)}
        if kind == "notice":
            assert_promised("Notice", change["notice"])
    assert promised == {}


def test_outcomes_and_refusals_are_as_promised(page: Page) -> None:
    outcome = page.act(ADA, "say", channel=CHANNEL, text="hello")
    assert_promised("Outcome", outcome)
    for wrong in ({"as": ADA, "act": "submit", "values": {}}, {"as": ADA, "act": "fly"}):
        assert_promised("Refusal", page.ask("POST", "/api/act", wrong)[1])


@pytest.fixture
def launched(page: Page) -> Iterator[Stream]:
    """The world's updates, with a job that has launched an instance."""
    world = page.world
    world.seed_server(SERVER)
    console = boto3.client(
        "drs",
        endpoint_url=world.stack.drs_endpoint,
        region_name=world.region,
        aws_access_key_id=world.account,
        aws_secret_access_key="any",
    )
    console.start_recovery(isDrill=True, sourceServers=[{"sourceServerID": SERVER}], tags={"who": "somebody"})
    world.stack.wait_until(world.running_instances, PATIENCE)
    yield page.stream("/api/world/updates")
    drs.start_afresh(world.account, world.region)


def test_the_world_and_its_console_are_as_promised(page: Page, launched: Stream) -> None:
    page.order("fault", name="stalls", on=True, server=SERVER)
    world, console = launched.next("world"), launched.next("drs")
    assert_promised("World", world)
    assert_promised("Fault", world["faults"][0])
    assert_promised("DrsConsole", console)
    server = next(server for server in console["servers"] if server["id"] == SERVER)
    job = console["jobs"][0]
    assert_promised("SourceServer", server)
    assert set(server["lastLaunch"]) == {"type", "status", "jobId"}
    assert_promised("Job", job)
    assert job["tags"] == {"who": "somebody"}
    assert set(job["servers"][0]) == {"id", "name", "launchStatus"}
    assert_promised("JobLogItem", job["log"][0])
    assert_promised("Instance", console["instances"][0])


def test_every_interface_is_compared() -> None:
    compared = set(re.findall(r"assert_promised\(\"(\w+)\"", Path(__file__).read_text()))
    # The manifest has no shortcut yet of which one could be sent.
    assert compared | {"Shortcut"} == set(interfaces())
