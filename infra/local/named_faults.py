"""What can be made to go wrong in a local drill by one word: `make drill FAULT=launch-failed`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.plan import Plan
from bot.domain.plan_servers import Impact
from infra.local import drs
from infra.local.people import wave_fleet
from infra.local.world import World


class Moment(StrEnum):
    """When a fault begins."""

    FROM_THE_START = "from_the_start"
    """Before the drill is asked for."""
    ONCE_LAUNCHED = "once_launched"
    """With the first job that DRS makes, before the bot has its answer."""


@dataclass(frozen=True, slots=True)
class NamedFault:
    """A fault by name, and how it is set up at its moment."""

    tells: str
    arrange: Callable[[World, Plan], None]
    begins: Moment = Moment.FROM_THE_START

    def await_moment(self, world: World, plan: Plan) -> None:
        """Set the fault up now, or let it be set up at its moment."""
        if self.begins is Moment.FROM_THE_START:
            self.arrange(world, plan)
            return

        def arrange_once() -> None:
            if drs.jobs(world.account, world.region):
                stop()
                self.arrange(world, plan)

        stop = drs.on_call(world.account, world.region, "StartRecovery", arrange_once)


def _with(plan: Plan, impact: Impact) -> list[str]:
    """The ids of its servers, as the local world has them, whose failure means that."""
    numbered = enumerate(plan.waves, start=1)
    servers = ((number, server.id) for number, wave in numbered for server in wave_fleet(wave))
    return [server_id for number, server_id in servers if plan.impact(number, server_id) is impact]


def _last_critical(plan: Plan) -> str:
    return _with(plan, Impact.CRITICAL)[-1]


def _optional(plan: Plan) -> str:
    return [*_with(plan, Impact.OPTIONAL), *reversed(_with(plan, Impact.CRITICAL))][0]


def _nothing(_world: World, _plan: Plan) -> None:
    """Leave the world as it is."""


FAULTS: Mapping[str, NamedFault] = {
    "none": NamedFault("nothing goes wrong", _nothing),
    "launch-failed": NamedFault(
        "a critical server of the last wave cannot be launched",
        lambda world, plan: world.faults.fail_server(_last_critical(plan), phase="launch"),
    ),
    "conversion-failed": NamedFault(
        "a critical server of the last wave cannot be converted",
        lambda world, plan: world.faults.fail_server(_last_critical(plan), phase="conversion"),
    ),
    "optional-failed": NamedFault(
        "an optional server cannot be launched (the last server, if none is optional)",
        lambda world, plan: world.faults.fail_server(_optional(plan), phase="launch"),
    ),
    "stuck": NamedFault(
        "a critical server of the last wave never leaves its conversion",
        lambda world, plan: world.faults.stick_server(_last_critical(plan), phase="conversion"),
    ),
    "throttled": NamedFault(
        "DRS throttles StartRecovery three times",
        lambda world, _plan: world.faults.fail_call("StartRecovery", error="ThrottlingException", times=3),
    ),
    "conflict": NamedFault(
        "StartRecovery conflicts with somebody else's job twice",
        lambda world, _plan: world.faults.fail_call("StartRecovery", error="ConflictException", times=2),
    ),
    "over-quota": NamedFault(
        "StartRecovery is over a quota twice",
        lambda world, _plan: world.faults.fail_call("StartRecovery", error="ServiceQuotaExceededException", times=2),
    ),
    "denied": NamedFault(
        "DRS denies StartRecovery",
        lambda world, _plan: world.faults.fail_call("StartRecovery", error="AccessDeniedException", times=None),
    ),
    "reply-lost": NamedFault(
        "StartRecovery makes its job and then answers with an error",
        lambda world, _plan: world.faults.lose_reply("StartRecovery", times=1),
    ),
    "drs-unreadable": NamedFault(
        "DescribeJobs fails for six minutes while the first job runs",
        lambda world, _plan: world.faults.fail_call(
            "DescribeJobs", error="InternalServerException", times=None, lasts=timedelta(minutes=6)
        ),
        begins=Moment.ONCE_LAUNCHED,
    ),
    "unhealthy": NamedFault(
        "the status checks of a critical server of the last wave never pass",
        lambda world, plan: world.faults.afflict(_last_critical(plan), drs.Ailment.IMPAIRED),
    ),
    "silent": NamedFault(
        "what is asked of a critical server of the last wave once it is launched is not answered",
        lambda world, plan: world.faults.afflict(_last_critical(plan), drs.Ailment.SILENT),
    ),
    "no-agent": NamedFault(
        "SSM never hears of a critical server of the last wave",
        lambda world, plan: world.faults.afflict(_last_critical(plan), drs.Ailment.NO_AGENT),
    ),
    "slack-busy": NamedFault(
        "Slack answers the first twelve posts with 429",
        lambda world, _plan: world.slack.faults.rate_limit("chat.postMessage", retry_after=5, times=12),
    ),
}
"""Every fault, with a sentence for the list."""
