"""Uploading files through slack_sdk's files_upload_v2."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from slack_sdk import WebClient

from infra.local.slack.server import SlackServer

CHANNEL = "C0DRDRILLS"
Refusal = Callable[..., str]
REPORT = b"rto=15&rpo=5 \x00\xff and so on"


def test_an_upload_lands_in_the_thread_with_its_bytes(slack: SlackServer, client: WebClient) -> None:
    root = client.chat_postMessage(channel=CHANNEL, text="card")["ts"]
    done = client.files_upload_v2(
        channel=CHANNEL, thread_ts=root, content=REPORT, filename="report.pdf", title="Report", initial_comment="Here"
    )
    stored = slack.state.files.get(done["file"]["id"])
    assert (stored.body, stored.name, stored.title) == (REPORT, "report.pdf", "Report")
    shared = slack.state.messages.thread(CHANNEL, root)[1]
    assert (shared.content.text, shared.files) == ("Here", (stored.id,))
    assert stored.shared_in == ((CHANNEL, shared.ts),)
    listed = client.conversations_replies(channel=CHANNEL, ts=root)["messages"][1]
    assert [each["title"] for each in listed["files"]] == ["Report"]


def test_two_files_are_shared_in_one_message(slack: SlackServer, client: WebClient) -> None:
    uploads = [{"content": "a", "filename": "a.txt"}, {"content": "b", "filename": "b.txt"}]
    client.files_upload_v2(channel=CHANNEL, file_uploads=uploads)
    assert [len(message.files) for message in slack.state.messages.in_channel(CHANNEL)] == [2]
    assert [stored.body for stored in slack.state.files.all()] == [b"a", b"b"]


def test_an_upload_that_never_came_cannot_be_completed(client: WebClient, refusal: Refusal) -> None:
    announced = client.files_getUploadURLExternal(filename="a.txt", length=1)["file_id"]
    complete = client.files_completeUploadExternal
    assert refusal(complete, files=[{"id": announced, "title": "a"}], channel_id=CHANNEL) == "file_not_found"
    assert refusal(complete, files=[{"id": "F0NONE", "title": "a"}], channel_id=CHANNEL) == "file_not_found"


@pytest.mark.parametrize(("channel", "error"), [("C0NOWHERE", "channel_not_found"), ("C0ELSEWHERE", "not_in_channel")])
def test_a_file_goes_only_where_the_bot_may_post(client: WebClient, refusal: Refusal, channel: str, error: str) -> None:
    assert refusal(client.files_upload_v2, channel=channel, content="a", filename="a.txt") == error


def test_a_file_of_no_length_or_no_files_is_refused(client: WebClient, refusal: Refusal) -> None:
    assert refusal(client.files_getUploadURLExternal, filename="a.txt", length=0) == "invalid_arguments"
    assert refusal(client.api_call, api_method="files.completeUploadExternal", params={"files": "[]"}) == (
        "invalid_arguments"
    )
    assert refusal(client.api_call, api_method="files.completeUploadExternal", json={"files": json.dumps("x")}) == (
        "invalid_arguments"
    )
