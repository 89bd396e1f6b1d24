"""The checks before Start: reads what is to be known, and has the domain examine it. Nothing is changed by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.application.lanes import backoff
from bot.application.ports import Clock
from bot.application.ports.accounts import Account, Accounts
from bot.application.ports.drs import Drs, DrsClients, DrsError, Refused
from bot.application.ports.storage import DrillStore
from bot.application.ports.work import WorkItem
from bot.application.results import Again, Result
from bot.domain.battery import examine_drill
from bot.domain.drill import Drill
from bot.domain.events import PreflightCompleted
from bot.domain.facts import LaunchSettings, Network, SourceServer, Unread, alike
from bot.domain.findings import Finding
from bot.domain.launch_point import Fresh, NewestBefore, RecoverySnapshot
from bot.domain.place_checks import obstructed
from bot.domain.preflight import Facts, unreadable

TRIES = 4
"""How often what may pass is tried before the drill is refused for it."""


@dataclass(frozen=True, slots=True)
class Checking:
    """Performs `RunPreflight`."""

    store: DrillStore
    drs: DrsClients
    accounts: Accounts
    clock: Clock

    def check(self, drill: Drill, item: WorkItem) -> Result:
        """Make every check; what may pass is tried again later."""
        now = self.clock()
        try:
            facts = self._facts(drill)
        except DrsError as error:
            may_pass = error.kind in {Refused.THROTTLED, Refused.UNCLEAR}
            if may_pass and item.attempts + 1 < TRIES:
                return Again(error.retry_after or backoff(item.attempts), str(error))
            return refused(_unread(drill, error, may_pass=may_pass))
        return PreflightCompleted(
            findings=examine_drill(drill, facts, now),
            names={server.id: server.name for server in facts.servers},
            snapshots=dict(facts.snapshots),
            settings=() if isinstance(facts.settings, Unread) else alike(facts.settings),
        )

    def _facts(self, drill: Drill) -> Facts:
        drs, ids = self.drs.at(drill.target), [server.id for server in drill.servers]
        account = self.accounts.at(drill.target)
        servers = drs.source_servers(ids)
        instances, jobs = drs.recovery_instances(ids), drs.active_jobs()
        settings = _settings(drs, servers)
        return Facts(
            servers=servers,
            instances=instances,
            active_jobs=jobs,
            locks=dict(self.store.locks(drill.target)),
            snapshots=_snapshots(drs, drill, servers),
            quotas=account.quotas(),
            rights=account.rights(ids[0]),
            settings=settings,
            network=_network(account, settings),
        )


def refused(finding: Finding) -> PreflightCompleted:
    """Nothing could be checked, for this reason."""
    return PreflightCompleted(findings=(finding,), names={})


def _unread(drill: Drill, error: DrsError, *, may_pass: bool) -> Finding:
    if error.obstacle:
        return obstructed(error.obstacle, drill.target.account_id, drill.target.region, str(error))
    return unreadable("DRS", str(error), may_pass=may_pass)


def _settings(drs: Drs, servers: Iterable[SourceServer]) -> Mapping[str, LaunchSettings] | Unread:
    try:
        return drs.launch_settings([server.id for server in servers])
    except DrsError as error:
        return Unread(error=str(error), is_denied=error.kind is Refused.DENIED)


def _network(account: Account, settings: Mapping[str, LaunchSettings] | Unread) -> Network | Unread:
    known = {} if isinstance(settings, Unread) else settings
    return account.network(each.template_id for each in known.values() if each.template_id)


def _snapshots(drs: Drs, drill: Drill, servers: Iterable[SourceServer]) -> dict[str, RecoverySnapshot]:
    """What each server is to be launched from; nothing where the launch takes a fresh snapshot."""
    point = drill.launch_point
    if isinstance(point, Fresh):
        return {}
    until = point.at if isinstance(point, NewestBefore) else None
    return dict(drs.newest_snapshots([server.id for server in servers], until))
