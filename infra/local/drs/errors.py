"""The errors that DRS answers with, as moto exceptions that arrive in boto3 as `client.exceptions.<code>`.

Codes, members and HTTP statuses are botocore's model; moto's serializer takes the statuses from there. The words of the
conflict were seen in an account (johnjcousens/aws-elasticdrs-orchestrator); the other words are ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from moto.core.exceptions import ServiceException

BUSY = "One or more of the Source Servers included in API call are currently being processed by a Job"

MESSAGES: Mapping[str, str] = {
    "AccessDeniedException": "User is not authorized to perform: drs:{operation} on resource: *",
    "ConflictException": BUSY,
    "InternalServerException": "The request processing has failed because of an unknown error.",
    "ResourceNotFoundException": "The resource was not found.",
    "ServiceQuotaExceededException": "The request exceeds the service quota.",
    "ThrottlingException": "Rate exceeded",
    "UninitializedAccountException": "DRS has not been initialized for this account and Region.",
    "ValidationException": "The request is not valid.",
}

RETRY_AFTER: Mapping[str, str] = {"ThrottlingException": "3", "InternalServerException": "5"}
"""`Retry-After` in seconds. boto3 gives it as a string for the one, as an integer for the other (the model's types)."""


class DrsError(ServiceException):
    """An error reply of DRS. `members` are the model's further members of the error's shape."""

    def __init__(self, code: str, message: str, **members: object) -> None:
        super().__init__(code, message)
        vars(self).update(members)


def named_error(code: str, operation: str, message: str = "") -> DrsError:
    """The error with that `code`, as a fault asks for it.

    Raises:
        KeyError: DRS has no such error.
    """
    usual = MESSAGES[code].format(operation=operation)
    return DrsError(code, message or usual)


def conflict(message: str, resource_id: str, resource_type: str) -> DrsError:
    """The resource is in use."""
    return DrsError("ConflictException", message, resourceId=resource_id, resourceType=resource_type)


def not_found(resource_id: str, resource_type: str) -> DrsError:
    """There is no such resource in this account and Region."""
    message = f"{resource_type} {resource_id} was not found."
    return DrsError("ResourceNotFoundException", message, resourceId=resource_id, resourceType=resource_type)


def over_quota(message: str, quota_code: str) -> DrsError:
    """A quota of Service Quotas, by its code, would be exceeded."""
    return DrsError(
        "ServiceQuotaExceededException",
        message,
        resourceId="",
        resourceType="job",
        serviceCode="drs",
        quotaCode=quota_code,
    )


def uninitialized() -> DrsError:
    """Nobody has initialised DRS in this account and Region."""
    return DrsError("UninitializedAccountException", MESSAGES["UninitializedAccountException"])


def invalid(fields: Iterable[tuple[str, str]], reason: str = "fieldValidationFailed") -> DrsError:
    """The request is refused; `fields` are (name, what is wrong with it)."""
    members = [{"name": name, "message": message} for name, message in fields]
    summary = "; ".join(f"{member['name']}: {member['message']}" for member in members)
    return DrsError("ValidationException", summary, reason=reason, fieldList=members)
