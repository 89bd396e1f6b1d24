"""Turns what boto3 raises into `DrsError`: here, once, for every call to DRS.

Where codes come from: botocore's model of DRS; AWS's list of errors common to all services; STS for AssumeRole, which
happens inside a DRS call whenever the credentials of a role run out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
    UnknownEndpointError,
)
from botocore.parsers import ResponseParserError

from bot.application.ports.drs import DrsError, Refused
from bot.domain.place_checks import Obstacle

CALL_ERRORS = (ClientError, BotoCoreError, ResponseParserError, AttributeError, LookupError, TypeError, ValueError)
"""All that comes of a call: refused, not delivered, not answered, or answered in a way that cannot be read. For an
answer of another shape than the model's, the SDK's parsers raise what Python does, and so does its reader."""

LONGEST_TEXT = 600
"""Characters kept of a text of DRS. It allows itself 65,536 (botocore `LargeBoundedString`), for each server of a job;
a drill must stay small enough to be stored and shown."""

_CODES: Mapping[Refused, tuple[str, ...]] = {
    Refused.THROTTLED: (
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    ),
    Refused.CONFLICT: ("ConflictException",),
    Refused.OVER_QUOTA: ("ServiceQuotaExceededException",),
    Refused.DENIED: (
        "AccessDenied",
        "AccessDeniedException",
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "MissingAuthenticationToken",
        "NotAuthorized",
        "OptInRequired",
        "RegionDisabledException",
        "UnauthorizedOperation",
        "UnrecognizedClientException",
    ),
    Refused.INVALID: ("ResourceNotFoundException", "UninitializedAccountException", "ValidationException"),
    Refused.UNCLEAR: ("InternalServerException", "RequestTimeout", "RequestTimeoutException"),
}
_KIND_OF_CODE = {code: kind for kind, codes in _CODES.items() for code in codes}
_KIND_OF_STATUS = {
    401: Refused.DENIED,
    402: Refused.OVER_QUOTA,
    403: Refused.DENIED,
    408: Refused.UNCLEAR,
    409: Refused.CONFLICT,
    429: Refused.THROTTLED,
}
_CLIENT_ERRORS = range(400, 500)
_NEVER_SENT: Mapping[type[Exception], Refused] = {
    ParamValidationError: Refused.INVALID,
    NoCredentialsError: Refused.DENIED,
    PartialCredentialsError: Refused.DENIED,
    CredentialRetrievalError: Refused.DENIED,
}

_OBSTACLES: Mapping[str, Obstacle] = {
    "UninitializedAccountException": Obstacle.UNINITIALIZED,
    "OptInRequired": Obstacle.REGION,
    "RegionDisabledException": Obstacle.REGION,
    "UnrecognizedClientException": Obstacle.REGION,
}
"""What refuses every call alike. A Region that the account has not enabled does not know the account's credentials."""
_NO_WAY = (ConnectTimeoutError, EndpointConnectionError, UnknownEndpointError)


def translated(operation: str, error: Exception) -> DrsError:
    """What an error of `CALL_ERRORS`, met in a call of `operation`, means for the caller.

    An error without an answer is UNCLEAR, even "could not connect", which with one attempt says that nothing was sent:
    whether it is true of the attempt that mattered depends on retries, proxies and the SDK's own wrapping. Taking it
    for unclear costs one look for the job's tags; taking it for refused could cost a second drill, which deletes the
    instances of the first.
    """
    if isinstance(error, ClientError):
        request_id = error.response.get("ResponseMetadata", {}).get("RequestId")
        told, pause, obstacle = _answer(operation, error), _retry_after(error.response), _obstacle(error)
        return DrsError(_kind(error.response), told, pause, request_id, obstacle=obstacle)
    kind = _NEVER_SENT.get(type(error), Refused.UNCLEAR)
    obstacle = Obstacle.REGION if isinstance(error, _NO_WAY) else None
    return DrsError(kind, shortened(f"{operation}: {type(error).__name__}: {error}"), obstacle=obstacle)


@contextmanager
def translating(operation: str) -> Iterator[None]:
    """Raise what happens in a call of `operation`, or while its answer is read, as what it means."""
    try:
        yield
    except CALL_ERRORS as error:
        raise translated(operation, error) from error


def incomplete(operation: str, member: str) -> DrsError:
    """DRS answered without something that the answer is useless without."""
    return DrsError(Refused.UNCLEAR, f"{operation}: the answer has no {member}.")


def shortened(text: str) -> str:
    """The text on one line, and no longer than `LONGEST_TEXT`."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TEXT else f"{line[: LONGEST_TEXT - 1]}…"


def _kind(response: Mapping[str, Any]) -> Refused:
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    by_status = _KIND_OF_STATUS.get(status) or (Refused.INVALID if status in _CLIENT_ERRORS else Refused.UNCLEAR)
    return _KIND_OF_CODE.get(response.get("Error", {}).get("Code", ""), by_status)


def _obstacle(error: ClientError) -> Obstacle | None:
    if error.operation_name == "AssumeRole":
        return Obstacle.ROLE if _kind(error.response) in {Refused.DENIED, Refused.INVALID} else None
    return _OBSTACLES.get(error.response.get("Error", {}).get("Code", ""))


def _answer(operation: str, error: ClientError) -> str:
    told = error.response.get("Error", {})
    where = operation if error.operation_name == operation else f"{operation}, in {error.operation_name}"
    return shortened(f"{where}: {told.get('Code', 'an error')}: {told.get('Message', '')}")


def _retry_after(response: Mapping[str, Any]) -> timedelta | None:
    """A header, which botocore's model makes a text in one error, a number in another, and nothing in the others."""
    header = response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("retry-after")
    said = str(response.get("retryAfterSeconds", header)).strip()
    return timedelta(seconds=int(said)) if re.fullmatch(r"[0-9]{1,6}", said) else None
