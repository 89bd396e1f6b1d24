"""The HTTP side, on moto's response class: routing, parsing and error bodies are moto's, from botocore's model.

Results are written as JSON at once and not by moto's serializer: they already have the wire's shape, and the serializer
takes 30 ms for a job of a hundred servers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from http import HTTPStatus
from socket import SHUT_RDWR
from threading import Event
from typing import Any, ClassVar

from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from moto.core.responses import ActionContext, ActionResult, BaseResponse

from infra.local.drs.clock import world_now
from infra.local.drs.errors import RETRY_AFTER, DrsError, invalid
from infra.local.drs.faults import LostReply, ReplyFate, lost
from infra.local.drs.gateway import OPERATIONS, Answer, perform
from infra.local.drs.models import Call, DrsBackend, drs_backends

_ACCOUNT_ID = re.compile(r"[0-9]{12}")
_CREDENTIAL = re.compile(r"Credential=([^/]+)/")
_JSON = {"Content-Type": "application/json"}
AccountLookup = Callable[[str], str | None]


class JsonResult(ActionResult):
    """A result that already has the wire's shape."""

    def execute_result(self, context: ActionContext) -> tuple[int, dict[str, str], str]:
        """Status, headers and body of the reply."""
        return context.operation_model.http["responseCode"], dict(_JSON), json.dumps(self.result)


class KeysOfAccounts(BaseResponse):
    """A request whose account is told by its access key, as everywhere in the local stack."""

    account_lookup: ClassVar[AccountLookup | None] = None

    def get_access_key(self) -> str:
        """The access key id of the signature, whatever its form."""
        match = _CREDENTIAL.search(self.headers.get("Authorization", ""))
        return match.group(1) if match else super().get_access_key()

    def get_current_account(self) -> str:
        """The account: a 12-digit access key id itself, else what `look_up_accounts` was given says, else moto."""
        key = self.get_access_key()
        if _ACCOUNT_ID.fullmatch(key):
            return key
        lookup = type(self).account_lookup
        return (lookup(key) if lookup else None) or super().get_current_account()


class DrsResponse(KeysOfAccounts):
    """One request to DRS."""

    def __init__(self) -> None:
        super().__init__(service_name="drs")
        self.automated_parameter_parsing = True
        self._unreadable: str | None = None

    def parse_parameters(self, request: Any) -> None:
        """Parse by the model; a body that cannot be parsed at all is answered as DRS would, not with a stack trace."""
        try:
            super().parse_parameters(request)
        except (AttributeError, TypeError, ValueError) as error:
            self.params: Any = {}
            self._unreadable = str(error)

    def call_action(self) -> Any:
        """Answer operations that DRS has and the simulator has not with an error that says so."""
        operation = self._get_action()
        if operation in OPERATIONS:
            return super().call_action()
        message = f"The DRS simulator does not have {operation or f'{self.method} {self.path}'}"
        headers = {**self.response_headers, **_JSON, "X-Amzn-Errortype": "NotImplemented"}
        return HTTPStatus.NOT_IMPLEMENTED.value, headers, json.dumps({"message": message})

    def start_recovery(self) -> ActionResult:
        """POST /StartRecovery."""
        return self._serve()

    def terminate_recovery_instances(self) -> ActionResult:
        """POST /TerminateRecoveryInstances."""
        return self._serve()

    def describe_jobs(self) -> ActionResult:
        """POST /DescribeJobs."""
        return self._serve()

    def describe_job_log_items(self) -> ActionResult:
        """POST /DescribeJobLogItems."""
        return self._serve()

    def describe_source_servers(self) -> ActionResult:
        """POST /DescribeSourceServers."""
        return self._serve()

    def describe_recovery_snapshots(self) -> ActionResult:
        """POST /DescribeRecoverySnapshots."""
        return self._serve()

    def describe_recovery_instances(self) -> ActionResult:
        """POST /DescribeRecoveryInstances."""
        return self._serve()

    def get_launch_configuration(self) -> ActionResult:
        """POST /GetLaunchConfiguration."""
        return self._serve()

    def tag_resource(self) -> ActionResult:
        """POST /tags/{resourceArn}."""
        return self._serve()

    def untag_resource(self) -> ActionResult:
        """DELETE /tags/{resourceArn}."""
        return self._serve()

    def list_tags_for_resource(self) -> ActionResult:
        """GET /tags/{resourceArn}."""
        return self._serve()

    def _serve(self) -> ActionResult:
        try:
            if self._unreadable:
                raise invalid([("body", self._unreadable)], reason="cannotParse")
            answer = self._perform()
            if answer.lost:
                self._lose(answer.lost)
        except DrsError as error:
            if error.code in RETRY_AFTER:
                self.response_headers["Retry-After"] = RETRY_AFTER[error.code]
            raise
        return JsonResult(answer.result)

    def _perform(self) -> Answer:
        backend = drs_backends[self.current_account][self.region]
        try:
            with backend.lock:
                return perform(backend, self._call())
        finally:
            # Out of the lock: a listener may make the bot call DRS again, and wait for it.
            self._tell(backend)

    def _tell(self, backend: DrsBackend) -> None:
        operation = self._get_action()
        with backend.lock:
            wanted = [listener for listener in backend.listeners if listener.operation == operation]
        for listener in wanted:
            listener.tell()

    def _call(self) -> Call:
        """Read the clock: under the lock, so that calls and jobs are numbered in the order of their times."""
        return Call(
            operation=self._get_action(),
            parameters=self._get_params(),
            account=self.current_account,
            region=self.region,
            access_key=self.access_key,
            at=world_now(),
        )

    def _lose(self, reply: LostReply) -> None:
        """Over HTTP the connection is really closed; in mock mode there is none, and the SDK's own error is raised."""
        if reply.fate is ReplyFate.ERROR:
            raise lost(reply)
        if not self.is_werkzeug_request:
            error = ReadTimeoutError if reply.fate is ReplyFate.TIMEOUT else ConnectionClosedError
            raise error(endpoint_url=self.uri)
        if reply.fate is ReplyFate.TIMEOUT:
            Event().wait(reply.seconds)
        # werkzeug would keep the connection, and the client would wait for an answer on it.
        self.normalized_request.environ["werkzeug.socket"].shutdown(SHUT_RDWR)
        raise ConnectionAbortedError(f"the reply to {reply.operation} is to be lost")


def look_up_accounts(lookup: AccountLookup | None) -> None:
    """Ask `lookup` for the account of an access key id that is not 12 digits (None: it does not know).

    For keys of roles that another local service handed out: the simulator cannot know whose they are.
    """
    KeysOfAccounts.account_lookup = staticmethod(lookup) if lookup else None
