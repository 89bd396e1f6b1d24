"""What each way in which a call can fail means for the caller."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from bot.adapters.drs_errors import CALL_ERRORS, LONGEST_TEXT, translated
from bot.application.ports.drs import DrsError, Refused
from bot.domain.place_checks import Obstacle

URL = {"endpoint_url": "https://drs.eu-west-1.amazonaws.com/StartRecovery"}


def answer(code: str, status: int, *, operation: str = "StartRecovery", **more: Any) -> ClientError:
    metadata = {"HTTPStatusCode": status, "HTTPHeaders": more.pop("headers", {}), "RequestId": "req-1"}
    response: Any = {
        "Error": {"Code": code, "Message": more.pop("message", "DRS's own words")},
        "ResponseMetadata": metadata,
    }
    return ClientError(response | more, operation)


def translate(error: Exception) -> DrsError:
    assert isinstance(error, CALL_ERRORS)
    return translated("StartRecovery", error)


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("ThrottlingException", 429, Refused.THROTTLED),
        ("Throttling", 400, Refused.THROTTLED),
        ("TooManyRequestsException", 400, Refused.THROTTLED),
        ("RequestLimitExceeded", 503, Refused.THROTTLED),
        ("NewNameForThrottling", 429, Refused.THROTTLED),
        ("ConflictException", 409, Refused.CONFLICT),
        ("ServiceQuotaExceededException", 402, Refused.OVER_QUOTA),
        ("AccessDeniedException", 403, Refused.DENIED),
        ("AccessDeniedException", 400, Refused.DENIED),
        ("UnauthorizedOperation", 403, Refused.DENIED),
        ("UnrecognizedClientException", 400, Refused.DENIED),
        ("ExpiredTokenException", 400, Refused.DENIED),
        ("InvalidSignatureException", 403, Refused.DENIED),
        ("UninitializedAccountException", 400, Refused.INVALID),
        ("ValidationException", 400, Refused.INVALID),
        ("ResourceNotFoundException", 404, Refused.INVALID),
        ("SomethingNewException", 400, Refused.INVALID),
        ("InternalServerException", 500, Refused.UNCLEAR),
        ("ServiceUnavailable", 503, Refused.UNCLEAR),
        ("504", 504, Refused.UNCLEAR),
        ("RequestTimeout", 408, Refused.UNCLEAR),
        ("SomethingWithoutStatus", 0, Refused.UNCLEAR),
    ],
)
def test_an_answer_is_read_by_its_code_and_an_unknown_code_by_its_status(code: str, status: int, kind: Refused) -> None:
    assert translate(answer(code, status)).kind is kind


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ReadTimeoutError(**URL), Refused.UNCLEAR),
        (ConnectionClosedError(**URL), Refused.UNCLEAR),
        (ConnectTimeoutError(**URL), Refused.UNCLEAR),
        (EndpointConnectionError(**URL), Refused.UNCLEAR),
        (ResponseParserError("no JSON"), Refused.UNCLEAR),
        (ParamValidationError(report="Missing required parameter"), Refused.INVALID),
        (NoCredentialsError(), Refused.DENIED),
    ],
    ids=lambda value: type(value).__name__,
)
def test_no_answer_is_unclear_unless_the_sdk_itself_would_not_send(error: Exception, kind: Refused) -> None:
    refused = translate(error)
    assert refused.kind is kind
    assert str(refused).startswith(f"StartRecovery: {type(error).__name__}: ")


def test_the_text_has_the_operation_the_code_drs_own_words_and_the_request() -> None:
    error = answer("ConflictException", 409, message="currently being processed by a Job")
    expected = "StartRecovery: ConflictException: currently being processed by a Job (request req-1)"
    assert str(translate(error)) == expected


def test_a_role_that_cannot_be_assumed_is_told_apart_from_drs() -> None:
    refused = translate(answer("AccessDenied", 403, operation="AssumeRole", message="not authorized"))
    assert refused.kind is Refused.DENIED
    assert str(refused) == "StartRecovery, in AssumeRole: AccessDenied: not authorized (request req-1)"


def test_an_answer_without_anything_in_it_is_unclear() -> None:
    empty: Any = {}
    refused = translate(ClientError(empty, "StartRecovery"))
    assert (refused.kind, str(refused)) == (Refused.UNCLEAR, "StartRecovery: an error:")


def test_a_long_text_is_cut_to_one_line_that_can_be_stored_and_shown() -> None:
    text = str(translate(answer("AccessDeniedException", 403, message="Encoded\nmessage: " + "x" * 65_536)))
    assert len(text) <= LONGEST_TEXT + len(" (request req-1)")
    assert "Encoded message: xxx" in text
    assert text.endswith("x… (request req-1)")


@pytest.mark.parametrize(
    ("told", "wait"),
    [
        ({"retryAfterSeconds": "3"}, timedelta(seconds=3)),
        ({"retryAfterSeconds": 5}, timedelta(seconds=5)),
        ({"retryAfterSeconds": 0}, timedelta()),
        ({"headers": {"retry-after": "7"}}, timedelta(seconds=7)),
        ({}, None),
        ({"headers": {"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}}, None),
        ({"retryAfterSeconds": "99999999999999999999"}, None),
        ({"retryAfterSeconds": "-1"}, None),
    ],
)
def test_the_time_to_wait_is_read_whatever_its_type(told: dict[str, Any], wait: timedelta | None) -> None:
    assert translate(answer("ThrottlingException", 429, **told)).retry_after == wait


@pytest.mark.parametrize(
    ("error", "obstacle"),
    [
        (answer("UninitializedAccountException", 400), Obstacle.UNINITIALIZED),
        (answer("UnrecognizedClientException", 400), Obstacle.REGION),
        (answer("OptInRequired", 403), Obstacle.REGION),
        (answer("RegionDisabledException", 403), Obstacle.REGION),
        (answer("AccessDenied", 403, operation="AssumeRole"), Obstacle.ROLE),
        (answer("ValidationError", 400, operation="AssumeRole"), Obstacle.ROLE),
        (answer("Throttling", 400, operation="AssumeRole"), None),
        (answer("AccessDeniedException", 403), None),
        (answer("InternalServerException", 500), None),
        (EndpointConnectionError(**URL), Obstacle.REGION),
        (ConnectTimeoutError(**URL), Obstacle.REGION),
        (ReadTimeoutError(**URL), None),
        (NoCredentialsError(), None),
    ],
    ids=str,
)
def test_what_keeps_every_call_from_being_answered_is_told_apart(error: Exception, obstacle: Obstacle | None) -> None:
    assert translate(error).obstacle is obstacle
