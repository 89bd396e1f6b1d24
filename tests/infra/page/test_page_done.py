"""What people do on the page is done as Slack does it: by signed requests to the real bot."""

from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from infra.local.slack.records import Content
from tests.fakes.bots import bot_that, late_bot
from tests.infra.page.conftest import ADA, CHANNEL, GRACE, MALLORY, PATIENCE, Page, is_on

SERVER = "s-0b7c4f2e95d1a8360"
"""The one of plans/single-server.yaml."""


def proposed(page: Page, plan: str = "single-server") -> Any:
    """The card of a new drill, once it can be started."""
    updates = page.updates(ADA)
    updates.next("snapshot")
    outcome = page.act(ADA, "command", channel=CHANNEL, command="/drs", text=f"drill {plan}")
    assert outcome["status"] == 200
    assert outcome["took"] >= 0
    while True:
        card = updates.change("message")["message"]
        if '"action_id": "start"' in json.dumps(card["blocks"]):
            return card


def ended(page: Page) -> None:
    page.world.stack.wait_until(lambda: all(drill.state == "ended" for drill in page.world.drills()), PATIENCE)


def test_a_click_on_an_old_revision_is_sent_as_such(page: Page) -> None:
    card = proposed(page)
    click = {"channel": CHANNEL, "ts": card["ts"], "actionId": "withdraw"}
    assert page.act(ADA, "click", **click, revision=card["revision"])["status"] == 200
    ended(page)
    updates = page.updates(ADA)
    page.world.stack.wait_until(lambda: page.world.is_finished(page.world.drills()[-1].id), PATIENCE)
    page.act(ADA, "click", **click, revision=card["revision"])
    assert "This drill has ended" in updates.change("ephemeral")["ephemeral"]["text"]


def test_what_slacks_client_would_not_let_one_do_is_refused_in_words(page: Page) -> None:
    card = proposed(page)
    nothing = {"as": ADA, "act": "click", "channel": CHANNEL, "ts": card["ts"], "actionId": "nothing"}
    status, content = page.ask("POST", "/api/act", nothing)
    assert status == 409
    assert "nothing to use with action_id" in content["error"]
    assert page.ask("POST", "/api/act", {"as": ADA, "act": "submit", "values": {}})[0] == 409
    page.act(ADA, "click", channel=CHANNEL, ts=card["ts"], actionId="withdraw")
    ended(page)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", {"as": ADA, "act": "fly"}, {"act": "open_home"}, {"as": ADA, "act": "open_home", "more": 1}],
)
def test_an_act_that_is_none_is_refused(page: Page, body: Any) -> None:
    assert page.ask("POST", "/api/act", body)[0] == 400


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example:80"}, {"Origin": "https://evil.example"}, {"Content_Type": "text/plain"}],
)
def test_another_site_cannot_act_for_anybody(page: Page, headers: dict[str, str]) -> None:
    before = len(page.world.slack.state.messages.in_channel(CHANNEL))
    body = json.dumps({"as": ADA, "act": "say", "channel": CHANNEL, "text": "forged"}).encode()
    status, _ = page.ask("POST", "/api/act", body, **{"Content_Type": "application/json", **headers})
    assert status == 403
    assert len(page.world.slack.state.messages.in_channel(CHANNEL)) == before


def test_an_outsider_is_told_so_alone(page: Page) -> None:
    mallory, grace = page.updates(MALLORY), page.updates(GRACE)
    page.act(MALLORY, "command", channel=CHANNEL, command="/drs", text="drill payments")
    assert "You may not drill payments" in mallory.change("ephemeral")["ephemeral"]["text"]
    page.act(GRACE, "say", channel=CHANNEL, text="hello")
    assert grace.next("change")["kind"] == "message"


def test_a_home_that_is_opened_is_published_by_the_bot(page: Page) -> None:
    updates = page.updates(GRACE)
    page.act(GRACE, "open_home")
    assert "Disaster recovery drills" in json.dumps(updates.change("home")["home"]["definition"])


def test_a_bot_that_is_late_gets_slacks_own_notice(page: Page) -> None:
    with late_bot(page.world):
        outcome = page.act(ADA, "command", channel=CHANNEL, command="/drs", text="plans")
    assert outcome["notice"]["text"] == '/drs failed with the error "operation_timeout"'
    assert outcome["status"] is None
    assert outcome["took"] >= 3000


# ---------------------------------------------------------------------- the world


def test_time_runs_as_fast_as_is_ordered_and_can_be_paused(page: Page) -> None:
    assert page.order("speed", speed=0)["speed"] == 0
    then = page.world.now()
    assert page.world.now() == then
    assert page.order("speed", speed=600)["speed"] == 600
    assert page.ask("POST", "/api/world", {"order": "speed", "speed": 601})[0] == 400


def test_trouble_is_shown_as_long_as_it_lasts(page: Page) -> None:
    for fault in page.stream("/api/world/updates").next("world")["faults"]:
        server = {"server": SERVER} if fault["scope"] == "server" else {}
        on = page.order("fault", name=fault["name"], on=True, **server)
        assert is_on(on, fault["name"])
        assert not is_on(page.order("fault", name=fault["name"], on=False, **server), fault["name"])


def test_a_fault_of_a_server_that_there_is_not_is_refused(page: Page) -> None:
    for order in ({"name": "launch-fails"}, {"name": "launch-fails", "server": "s-none"}, {"name": "nothing"}):
        assert page.ask("POST", "/api/world", {"order": "fault", "on": True, **order})[0] == 409


def started(page: Page) -> Any:
    card = proposed(page)
    page.act(ADA, "click", channel=CHANNEL, ts=card["ts"], actionId="start")
    return page.world.drills()[-1]


def test_an_executor_killed_in_mid_command_leaves_a_job_that_is_adopted(page: Page) -> None:
    page.order("fault", name="executor-killed", on=True)
    drill = started(page)
    ended(page)
    assert [launch.adopted for launch in page.world.drill(drill.id).launches] == [True]
    assert page.world.drill(drill.id).outcome == "passed"
    panel = page.order("speed", speed=120)
    assert not is_on(panel, "executor-killed")
    assert set(panel["failures"][-1]) == {"function", "at", "error"}
    assert "executor" in [failure["function"] for failure in panel["failures"]]


def test_a_server_that_stalls_goes_on_once_it_is_mended(page: Page) -> None:
    page.order("fault", name="stalls", on=True, server=SERVER)
    drill = started(page)
    page.world.stack.wait_until(lambda: drs_event(page, "CONVERSION_START"), PATIENCE)
    assert not page.world.drill(drill.id).outcome
    page.order("mend")
    ended(page)
    assert page.world.drill(drill.id).outcome == "passed"


def drs_event(page: Page, event: str) -> bool:
    jobs = page.stream("/api/world/updates").next("drs")["jobs"]
    return any(item["event"] == event for item in jobs[0]["log"])


def test_a_fault_in_slack_holds_up_no_drill(page: Page) -> None:
    card = proposed(page)
    page.order("fault", name="slack-down", on=True)
    page.act(ADA, "click", channel=CHANNEL, ts=card["ts"], actionId="start")
    ended(page)
    page.order("fault", name="slack-down", on=False)
    page.world.stack.wait_until(lambda: page.world.is_finished(page.world.drills()[-1].id), PATIENCE)


def test_the_console_shows_jobs_with_their_log_and_what_is_left(page: Page) -> None:
    started(page)
    ended(page)
    console = page.stream("/api/world/updates").next("drs")
    assert console["instances"] == []
    launch = next(job for job in console["jobs"] if job["type"] == "LAUNCH")
    assert [server["launchStatus"] for server in launch["servers"]] == ["LAUNCHED"]
    assert [item["event"] for item in launch["log"]][-1] == "JOB_END"
    assert console["servers"][0]["usedBy"] == ["single-server, wave 1"]
    assert console["servers"][0]["lastLaunch"]["jobId"] == launch["id"]


def test_shortcuts_are_sent_as_slack_sends_them(page: Page) -> None:
    heard: list[Any] = []

    def hear(request: Request) -> Response:
        heard.append(json.loads(request.form["payload"]))
        return Response("")

    ts = page.world.slack.state.messages.post(CHANNEL, ADA, Content("a message")).ts
    with bot_that(page.world, hear):
        page.act(ADA, "message_shortcut", channel=CHANNEL, ts=ts, callbackId="drill-actions")
        page.act(ADA, "shortcut", callbackId="somewhere")
    assert [payload["type"] for payload in heard] == ["message_action", "shortcut"]
    assert heard[0]["message"]["text"] == "a message"
    assert heard[0]["user"]["id"] == ADA
