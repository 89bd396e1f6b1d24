"""Requests reach the function as API Gateway's HTTP API sends them, payload version 2.0."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.infra.runner.conftest import Running

FORM = "application/x-www-form-urlencoded"


def last_event(shared: Running) -> dict[str, Any]:
    event: dict[str, Any] = shared.noted("slack_events")[-1]["event"]
    return event


def test_the_whole_event_is_as_documented(shared: Running) -> None:
    headers = {"Content-Type": FORM, "X-Slack-Signature": "v0=1", "User-Agent": "Slackbot", "Cookie": "a=1; b=2"}
    assert shared.post("payload=%7B%7D", query="?x=1&x=2&y=", headers=headers).status == 202
    event = last_event(shared)
    for varying in ("time", "timeEpoch", "requestId"):
        assert event["requestContext"].pop(varying)
    host = shared.stack.request_url.split("/")[2]
    assert event["headers"].pop("x-amzn-trace-id").startswith("Root=1-")
    assert event == {
        "version": "2.0",
        "routeKey": "POST /slack/events",
        "rawPath": "/slack/events",
        "rawQueryString": "x=1&x=2&y=",
        "cookies": ["a=1", "b=2"],
        "queryStringParameters": {"x": "1,2", "y": ""},
        "headers": {
            "accept-encoding": "identity",
            "content-length": "14",
            "content-type": FORM,
            "host": host,
            "user-agent": "Slackbot",
            "x-forwarded-for": "127.0.0.1",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
            "x-slack-signature": "v0=1",
        },
        "requestContext": {
            "accountId": "111122223333",
            "apiId": "local",
            "domainName": host,
            "domainPrefix": "local",
            "http": {
                "method": "POST",
                "path": "/slack/events",
                "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1",
                "userAgent": "Slackbot",
            },
            "routeKey": "POST /slack/events",
            "stage": "$default",
        },
        "body": "cGF5bG9hZD0lN0IlN0Q=",
        "isBase64Encoded": True,
    }


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", "{}"),
        ("application/json; charset=utf-8", "{}"),
        ("text/plain", "{}"),
        ("application/xml", "{}"),
        (FORM, "e30="),
        ("application/octet-stream", "e30="),
        ("application/vnd.api+json", "e30="),
    ],
)
def test_only_text_comes_as_text(shared: Running, content_type: str, body: str) -> None:
    shared.post("{}", headers={"Content-Type": content_type})
    assert last_event(shared)["body"] == body
    assert last_event(shared)["isBase64Encoded"] is (body == "e30=")


def test_a_request_without_a_body_has_none_in_the_event(shared: Running) -> None:
    shared.post("")
    assert "body" not in last_event(shared)
    assert "queryStringParameters" not in last_event(shared)


def test_the_functions_status_headers_and_cookies_are_the_answer(shared: Running) -> None:
    answer = shared.post("x")
    assert (answer.status, answer.body) == (202, "seen")
    assert ("x-seen", "yes") in answer.headers
    assert [value for name, value in answer.headers if name == "set-cookie"] == ["a=1", "b=2"]


def test_a_value_without_a_status_code_is_itself_the_body(shared: Running) -> None:
    answer = shared.post("context")
    assert answer.status == 200
    assert ("content-type", "application/json") in answer.headers
    assert json.loads(answer.body) == {
        "function_name": "slack_events",
        "memory_limit_in_mb": "256",
        "invoked_function_arn": "arn:aws:lambda:eu-west-1:111122223333:function:slack_events",
    }


@pytest.mark.parametrize(("method", "path"), [("GET", "/slack/events"), ("POST", "/slack"), ("POST", "/")])
def test_what_is_no_route_is_not_found_and_wakes_nobody(shared: Running, method: str, path: str) -> None:
    before = len(shared.noted("slack_events"))
    answer = shared.post("x", method=method, path=path)
    assert (answer.status, json.loads(answer.body)) == (404, {"message": "Not Found"})
    assert len(shared.noted("slack_events")) == before


def test_an_error_in_the_function_is_a_500_on_record_with_its_traceback(shared: Running) -> None:
    answer = shared.post("raise")
    assert (answer.status, json.loads(answer.body)) == (500, {"message": "Internal Server Error"})
    failure = shared.stack.failures[-1]
    assert (failure.function, failure.error.kind, failure.error.message) == ("slack_events", "RuntimeError", "as told")
    assert any("handlers.py" in frame for frame in failure.error.stack_trace)
    assert "about to raise" in shared.stack.log("slack_events")
    assert "RuntimeError: as told" in shared.stack.log("slack_events")


def test_a_function_that_runs_out_of_time_is_killed_and_the_next_request_served(shared: Running) -> None:
    assert shared.post("hang").status == 500
    assert shared.stack.failures[-1].error.message == "Task timed out after 1.00 seconds"
    assert shared.post("x").status == 202


def test_two_requests_at_once_are_served_at_once(shared: Running) -> None:
    with ThreadPoolExecutor(2) as requests:
        answers = list(requests.map(lambda _: shared.post("meet", content_type="text/plain").status, range(2)))
    assert answers == [202, 202]


def test_the_function_knows_how_much_time_it_has(shared: Running) -> None:
    assert 500 < int(shared.post("remaining").body) <= 1000


def test_the_function_has_the_templates_environment_and_nothing_of_ours(shared: Running) -> None:
    environment = json.loads(shared.post("environment").body)
    resources = shared.stack.resources
    assert environment["TABLE_NAME"] == resources.table_name
    assert environment["POLL_QUEUE_URL"] == resources.queue_urls["PollQueue"]
    assert environment["ACCOUNT_ID"] == "111122223333"
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == "slack_events"
    assert "HOME" not in environment
    assert "PYTEST_CURRENT_TEST" not in environment
