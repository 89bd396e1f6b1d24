"""boto3's clients for DRS, by account and Region, with the credentials of the target's role."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from botocore.config import Config

from bot.adapters.drs import CONNECTIONS, DrsAdapter
from bot.adapters.role_sessions import session_for
from bot.application.ports.figures import Meter, unmeasured
from bot.domain.plan import Target

if TYPE_CHECKING:
    import boto3


@dataclass(frozen=True, slots=True)
class CallLimits:
    """How long calls may take, in seconds of wall time, and how often they are tried.

    Attributes:
        connect: until a connection is there, for every call.
        read: until DRS answers, for every call but StartRecovery.
        launch_read: the same for StartRecovery. It must be below the time that the function has left, so that an answer
            that does not come is still recorded as unclear; and well above what DRS takes to answer.
        attempts: of every call but StartRecovery, which is tried once.
    """

    connect: float = 3.0
    read: float = 10.0
    launch_read: float = 20.0
    attempts: int = 3


DEFAULT_LIMITS = CallLimits()


class BotoDrsClients:
    """DRS wherever a plan's servers are (port `DrsClients`). Clients are made once for each target.

    Endpoints follow the SDK's own settings (`AWS_ENDPOINT_URL_DRS`, `AWS_ENDPOINT_URL_STS`).

    Args:
        session: the bot's own credentials; used as they are for targets without a role, else to assume the role.
        now: see `DrsAdapter`.
        limits: see `CallLimits`.
        meter: takes how often DRS refuses, by kind.
    """

    def __init__(
        self,
        session: boto3.session.Session,
        now: Callable[[], datetime],
        limits: CallLimits = DEFAULT_LIMITS,
        meter: Meter = unmeasured,
    ) -> None:
        self._session = session
        self._now = now
        self._patient = _config(limits.connect, limits.read, limits.attempts)
        self._single = _config(limits.connect, limits.launch_read, attempts=1)
        self._meter = meter
        self._known: dict[Target, DrsAdapter] = {}

    def at(self, target: Target) -> DrsAdapter:
        """DRS of an account and Region, through its role if it has one. The role is assumed at the first call."""
        if target not in self._known:
            self._known[target] = self._adapter(target)
        return self._known[target]

    def _adapter(self, target: Target) -> DrsAdapter:
        session = session_for(target, self._session, self._patient)
        return DrsAdapter(
            calls=session.client("drs", region_name=target.region, config=self._patient),
            launches=session.client("drs", region_name=target.region, config=self._single),
            now=self._now,
            meter=self._meter,
        )


def _config(connect: float, read: float, attempts: int) -> Config:
    """`total_max_attempts` counts the first one too, and wins over AWS_MAX_ATTEMPTS in the environment."""
    retries: Any = {"mode": "standard", "total_max_attempts": attempts}
    return Config(connect_timeout=connect, read_timeout=read, retries=retries, max_pool_connections=CONNECTIONS)
