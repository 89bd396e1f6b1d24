"""The signature: only who knows a signing secret of the app is let in, and only with a request of these five minutes.

It takes the place of Bolt's own check, which knows one secret for ever. While the secret is rotated there are two.
Slack, "Verifying requests from Slack": docs.slack.dev/authentication/verifying-requests-from-slack
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Protocol

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.middleware import Middleware
from slack_sdk.signature import Clock, SignatureVerifier

BETWEEN_LINES = 300
"""Seconds between two lines in the log that say the same: as long as a signature lives."""

log = logging.getLogger(__name__)


class SigningSecrets(Protocol):
    """Where the secrets are kept with which Slack signs. It raises nothing: what cannot be known lets nobody in."""

    def signing_secrets(self, *, anew: bool = False) -> tuple[str, ...]:
        """The current one, then the previous one while it is rotated; none when they are not known.

        Args:
            anew: look whether they have changed, unless that was done a moment ago.
        """
        ...


class SignatureCheck(Middleware):
    """Bolt's first step with a request: refuse what is not signed with a secret that is in force.

    A secret that was changed a moment ago is found by the first request signed with it.
    """

    def __init__(self, secrets: SigningSecrets, clock: Clock | None = None) -> None:
        self._secrets, self._clock = secrets, clock or Clock()
        self._logged: dict[str, float] = {}

    def process(
        self,
        *,
        req: BoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - Bolt hands it over
        next: Callable[[], BoltResponse],  # noqa: A002 - Bolt's name
    ) -> BoltResponse:
        """Go on, or answer 401; 503 when no secret is known."""
        secrets = self._secrets.signing_secrets()
        used = self._used(secrets, req)
        if used is None:
            secrets = self._secrets.signing_secrets(anew=True)
            used = self._used(secrets, req)
        if used is None:
            return self._refusal(secrets)
        if used != secrets[0]:
            self._log("a request was signed with the previous signing secret")
        return next()

    def _used(self, secrets: tuple[str, ...], request: BoltRequest) -> str | None:
        """The secret with which a request is signed."""
        return next((each for each in secrets if self._is_signed(each, request)), None)

    def _is_signed(self, secret: str, request: BoltRequest) -> bool:
        timestamp = request.headers.get("x-slack-request-timestamp", [""])[0]
        signature = request.headers.get("x-slack-signature", [""])[0]
        try:
            return SignatureVerifier(secret, self._clock).is_valid(request.raw_body, timestamp, signature)
        # A secret that is blank, a header that is no number or not ASCII, a body that is no text.
        except (TypeError, ValueError):
            return False

    def _refusal(self, secrets: tuple[str, ...]) -> BoltResponse:
        if not secrets:
            self._log("requests are refused: no signing secret is known")
            return BoltResponse(status=HTTPStatus.SERVICE_UNAVAILABLE, body={"error": "unavailable"})
        self._log("a request was refused: it is too old, or not signed with a signing secret in force")
        return BoltResponse(status=HTTPStatus.UNAUTHORIZED, body={"error": "invalid request"})

    def _log(self, line: str) -> None:
        """Log a line, unless it was logged a moment ago: whoever sends nonsense must not fill the log."""
        now = self._clock.now()
        if now - self._logged.get(line, 0.0) >= BETWEEN_LINES:
            self._logged[line] = now
            log.warning(line)
