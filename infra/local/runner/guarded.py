"""A function's calls to AWS, each judged by its role before it is sent: what that does not allow is denied, as by AWS.

In each worker process, for every client that the function makes with its own credentials. Of the role of another
account nothing is known here: such calls pass.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import botocore.handlers

from infra.local.aws.iam import Asked, Place, Rights, asked_by

RIGHTS = "LOCAL_RIGHTS"
"""Names the file with the function's rights, in a worker's environment. Without it nothing is judged."""
USED, DENIED, TAKEN = "used-actions.jsonl", "denied-calls.jsonl", "rights-taken-away.json"
"""Files beside it: what each function has used, what was denied, and the actions that a test takes away meanwhile."""


@dataclass(slots=True)
class Guard:
    """Judges the calls of one function."""

    function: str
    rights: Rights
    place: Place
    folder: Path
    used: set[str] = field(default_factory=set)

    def keep(self, params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
        """What the client was given, before it is written for the wire (event `before-parameter-build`)."""
        context["asked_with"] = dict(params)

    def judge(self, model: Any, context: Mapping[str, Any], request_signer: Any, **_: Any) -> Any:
        """Answer in AWS's place where the call is not allowed (event `before-call`)."""
        if not self._is_own(request_signer):
            return None
        service, operation = model.service_model.service_name, model.name
        taken = self._taken()
        for asked in asked_by(service, operation, context.get("asked_with", {}), self.place):
            if asked.action in taken or not self.rights.allow(asked):
                return self._denied(asked, on_purpose=asked.action in taken)
            self._note_used(asked.action)
        return None

    def _is_own(self, signer: Any) -> bool:
        """Whether the function's own credentials sign it, and not those of a role it has taken on."""
        return getattr(signer._credentials, "access_key", None) == os.environ["AWS_ACCESS_KEY_ID"]  # noqa: SLF001

    def _taken(self) -> set[str]:
        try:
            return set(json.loads((self.folder / TAKEN).read_text()))
        except FileNotFoundError:
            return set()

    def _note_used(self, action: str) -> None:
        if action not in self.used:
            self.used.add(action)
            self._write(USED, {"function": self.function, "action": action})

    def _denied(self, asked: Asked, *, on_purpose: bool) -> Any:
        told = {"function": self.function, "action": asked.action, "resource": asked.resource, "on_purpose": on_purpose}
        self._write(DENIED, told)
        message = f"{self.function} is not authorized to perform: {asked.action} on resource: {asked.resource}"
        error = {"Code": "AccessDeniedException", "Message": message}
        status = HTTPStatus.FORBIDDEN.value
        parsed = {"Error": error, "ResponseMetadata": {"HTTPStatusCode": status, "HTTPHeaders": {}}}
        return SimpleNamespace(status_code=status), parsed

    def _write(self, name: str, told: Mapping[str, object]) -> None:
        with (self.folder / name).open("a") as file:  # short lines, appended: whole also where processes write at once
            file.write(json.dumps(told) + "\n")


def write_rights(folder: Path, function: str, rights: Rights) -> Path:
    """Leave a function's rights for its workers."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{function}.json"
    path.write_text(json.dumps(rights.statements))
    return path


def guard_calls() -> None:
    """Judge all calls of this process from now on, if its environment names its rights. Before any client is made."""
    named = os.environ.get(RIGHTS)
    if not named:
        return
    path = Path(named)
    place = Place(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_REGION"])
    rights = Rights(tuple(json.loads(path.read_text())))
    guard = Guard(os.environ["AWS_LAMBDA_FUNCTION_NAME"], rights, place, path.parent)
    handlers: list[tuple[str, Callable[..., Any]]] = botocore.handlers.BUILTIN_HANDLERS
    handlers += [("before-parameter-build", guard.keep), ("before-call", guard.judge)]
