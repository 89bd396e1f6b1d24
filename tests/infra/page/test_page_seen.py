"""What each person sees on the page, and that it is all and only theirs."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from slack_sdk import WebClient

from infra.local.slack.records import Content, Notice
from tests.infra.page.conftest import ADA, CHANNEL, GRACE, MALLORY, Page


def post(page: Page, text: str) -> str:
    state = page.world.slack.state
    return state.messages.post(CHANNEL, state.app.bot_user, Content(text)).ts


def test_the_workspace_names_people_by_what_they_may_do(page: Page) -> None:
    workspace = page.get("/api/workspace")
    roles = {person["realName"]: person["role"] for person in workspace["people"] if not person["isBot"]}
    assert roles["Ada"] == "operator"
    assert roles["Grace"] == "approver"
    assert roles["Linus"] == "operator, approver"
    assert roles["Mallory"] == "outsider"


def test_what_the_app_offers_is_what_its_manifest_says(page: Page) -> None:
    workspace = page.get("/api/workspace")
    assert [command["command"] for command in workspace["commands"]] == ["/drs"]
    assert workspace["app"]["hasHome"] is True


def test_a_change_follows_the_snapshot(page: Page) -> None:
    post(page, "before")
    updates = page.updates(ADA)
    snapshot = updates.next("snapshot")
    assert snapshot["messages"][-1]["text"] == "before"
    ts = post(page, "after")
    assert updates.change("message")["message"]["text"] == "after"
    page.world.slack.state.messages.update(CHANNEL, ts, Content("changed"))
    changed = updates.change("message")["message"]
    assert (changed["text"], changed["revision"]) == ("changed", 1)
    page.world.slack.state.messages.delete(CHANNEL, ts)
    assert updates.change("message")["message"]["isDeleted"] is True


def test_between_snapshot_and_changes_nothing_is_missed_and_nothing_comes_twice(page: Page) -> None:
    first = len(page.world.slack.state.messages.in_channel(CHANNEL))
    poster = threading.Thread(target=lambda: [post(page, f"number {number}") for number in range(300)])
    poster.start()
    streams = [page.updates(ADA) for _ in range(5)]
    poster.join()
    post(page, "the end")
    for stream in streams:
        texts = [message["text"] for message in stream.next("snapshot")["messages"]][first:]
        while texts[-1:] != ["the end"]:
            texts.append(stream.change("message")["message"]["text"])
        assert texts == [*(f"number {number}" for number in range(300)), "the end"]


def test_what_one_person_alone_is_shown_reaches_nobody_else(page: Page) -> None:
    ada, grace = page.updates(ADA), page.updates(GRACE)
    private = page.world.slack.state.private
    shown = private.show(CHANNEL, ADA, Content("for Ada"))
    private.notify(Notice(ADA, "a notice for Ada", "/drs", CHANNEL))
    private.remove(shown.ts)
    post(page, "for all")
    assert ada.change("ephemeral")["ephemeral"]["text"] == "for Ada"
    assert ada.change("notice")["notice"]["text"] == "a notice for Ada"
    assert ada.change("ephemeral_removed")["ts"] == shown.ts
    assert grace.next("change")["kind"] == "message"


def test_views_are_their_viewers_own(page: Page) -> None:
    ada, grace = page.updates(ADA), page.updates(GRACE)
    views = page.world.slack.state.views
    views.open(ADA, {"type": "modal", "title": {"type": "plain_text", "text": "Ask"}, "blocks": []})
    assert [view["kind"] for view in ada.change("modals")["modals"]] == ["modal"]
    views.close(ADA, whole_stack=True)
    assert ada.change("modals")["modals"] == []
    views.publish(ADA, {"type": "home", "blocks": []})
    assert ada.change("home")["home"]["kind"] == "home"
    post(page, "for all")
    assert grace.next("change")["kind"] == "message"


def test_a_channel_is_seen_by_its_members_alone(page: Page) -> None:
    state = page.world.slack.state
    with_ada = state.direct_messages(ADA)
    ada, mallory = page.updates(ADA), page.updates(MALLORY)
    assert with_ada.id in [channel["id"] for channel in ada.next("snapshot")["channels"]]
    assert with_ada.id not in [channel["id"] for channel in mallory.next("snapshot")["channels"]]
    state.messages.post(with_ada.id, state.app.bot_user, Content("between us"))
    post(page, "for all")
    assert ada.change("message")["message"]["text"] == "between us"
    assert mallory.change("message")["message"]["text"] == "for all"


def test_a_message_in_the_raw_has_each_of_its_revisions(page: Page) -> None:
    ts = post(page, "first")
    page.world.slack.state.messages.update(CHANNEL, ts, Content("second"))
    raw = page.get(f"/api/raw/{CHANNEL}/{ts}")
    assert raw["message"]["text"] == "second"
    assert [revision["text"] for revision in raw["revisions"]] == ["first", "second"]
    assert page.ask("GET", f"/api/raw/{CHANNEL}/1.000000")[0] == 409


def test_nobody_is_nobody(page: Page) -> None:
    assert page.ask("GET", "/api/updates?as=U0NOBODY")[0] == 409
    assert page.ask("GET", "/api/updates")[0] == 409


@pytest.mark.parametrize("path", ["/", "/assets/app.js"])
def test_the_built_page_is_served(page: Page, path: str) -> None:
    content, headers = page.get(path)
    assert content
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "//etc/passwd"]
)
def test_nothing_outside_of_the_bundle_is_served(page: Page, path: str) -> None:
    status, _ = page.ask("GET", path)
    assert status in {404, 308}


def test_a_page_that_was_not_built_says_how_to_build_it(page: Page, tmp_path: Path) -> None:
    page.server._bundle = tmp_path
    status, (content, _) = page.ask("GET", "/")
    assert status == 503
    assert b"make web" in content


def test_files_are_served_as_what_they_are_and_nothing_that_runs_is_shown(page: Page) -> None:
    state = page.world.slack.state
    slack = WebClient(state.app.bot_token, base_url=page.world.slack.api_url)
    for name in ("picture.png", "report.pdf", "drawing.svg", "page.html"):
        slack.files_upload_v2(channel=CHANNEL, filename=name, content=b"<svg onload=alert(1)>")
    served = {}
    for file in state.files.all()[-4:]:
        content, headers = page.get(f"/files/{file.id}/{file.name}")
        assert content == b"<svg onload=alert(1)>"
        served[file.name] = (headers.get_content_type(), headers.get("Content-Disposition", "").partition(";")[0])
    assert served == {
        "picture.png": ("image/png", ""),
        "report.pdf": ("application/pdf", "attachment"),
        "drawing.svg": ("image/svg+xml", "attachment"),
        "page.html": ("text/html", "attachment"),
    }
    assert page.ask("GET", f"/files/{state.files.all()[-1].id}/other.html")[0] == 404
    assert page.ask("GET", "/files/F0NONE/page.html")[0] == 409
