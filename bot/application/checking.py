"""The checks before Start: reads what is to be known, and has the domain examine it. Nothing is changed by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.application.earlier import EarlierDrills
from bot.application.gathering import Gathering, OfEachServer
from bot.application.lanes import backoff
from bot.application.ports import Clock
from bot.application.ports.accounts import Account, Accounts
from bot.application.ports.drs import DrsClients, DrsError, Refused
from bot.application.ports.storage import DrillStore
from bot.application.ports.work import WorkItem
from bot.application.results import Again, Done, Result
from bot.domain.battery import examine_drill
from bot.domain.drill import Drill
from bot.domain.events import PreflightCompleted, SelectionFailed, ServersSelected
from bot.domain.facts import LaunchSettings, Network, SourceServer, Unread, alike
from bot.domain.findings import Finding
from bot.domain.place_checks import obstructed
from bot.domain.preflight import Facts, unreadable
from bot.domain.selection import Waves, choose, with_servers
from bot.domain.states import DrillState

TRIES = 4
"""How often what may pass is tried before the drill is refused for it."""


@dataclass(frozen=True, slots=True)
class Checking:
    """Performs `RunPreflight` and `SelectAgain`."""

    store: DrillStore
    drs: DrsClients
    accounts: Accounts
    gathering: Gathering
    earlier: EarlierDrills
    clock: Clock

    def check(self, drill: Drill, item: WorkItem) -> Result:
        """Make every check, in as many steps as it takes; what may pass is tried again later."""
        now = self.clock()
        try:
            drill, there = self._selected(drill)
            of_each = self.gathering.gather(self.drs.at(drill.target), drill, [server.id for server in there])
            if not of_each.is_complete:
                return Again(timedelta(0))
            facts = self._facts(drill, there, of_each)
        except DrsError as error:
            if again := _again(error, item):
                return again
            return refused(_unread(drill, error, may_pass=_may_pass(error)))
        return PreflightCompleted(
            findings=examine_drill(drill, facts, now),
            names=_names(facts.servers),
            servers=_servers(drill) if drill.plan.selects else (),
            snapshots=dict(facts.snapshots),
            settings=() if isinstance(facts.settings, Unread) else alike(facts.settings),
            lags={server.id: server.lag for server in facts.servers if server.lag is not None},
        )

    def select_again(self, drill: Drill, item: WorkItem) -> Result:
        """Look up which servers the plan's tags choose now; what may pass is tried again later."""
        if drill.state is not DrillState.STARTING:
            return Done()
        try:
            selected, there = self._selected(drill)
        except DrsError as error:
            return _again(error, item) or SelectionFailed(error=str(error))
        return ServersSelected(servers=_servers(selected), names=_names(there))

    def _selected(self, drill: Drill) -> tuple[Drill, tuple[SourceServer, ...]]:
        """The drill with the servers that its plan chooses now, and what DRS says of them."""
        drs = self.drs.at(drill.target)
        if not drill.plan.selects:
            return drill, drs.source_servers([server.id for server in drill.servers])
        there = {server.id: server for server in drs.every_source_server()}
        chosen = choose(drill.plan, there.values())
        wanted = dict.fromkeys(server_id for wave in chosen for server_id in wave)
        servers = tuple(there[server_id] for server_id in wanted if server_id in there)
        return with_servers(drill, chosen, _names(servers)), servers

    def _facts(self, drill: Drill, servers: tuple[SourceServer, ...], of_each: OfEachServer) -> Facts:
        drs, ids = self.drs.at(drill.target), [server.id for server in drill.servers]
        account = self.accounts.at(drill.target)
        instances, jobs = drs.recovery_instances(ids), drs.active_jobs()
        return Facts(
            servers=servers,
            instances=instances,
            active_jobs=jobs,
            locks=dict(self.store.locks(drill.target)),
            snapshots=of_each.snapshots,
            quotas=account.quotas(),
            rights=account.rights(ids[0], drill.plan.every_check) if ids else (),
            settings=of_each.settings,
            network=_network(account, of_each.settings),
            earlier=self.earlier.findings_of(drill),
        )


def refused(finding: Finding) -> PreflightCompleted:
    """Nothing could be checked, for this reason."""
    return PreflightCompleted(findings=(finding,), names={})


def _again(error: DrsError, item: WorkItem) -> Again | None:
    """To be tried again, as long as it may help."""
    if _may_pass(error) and item.attempts + 1 < TRIES:
        return Again(error.retry_after or backoff(item.attempts), str(error))
    return None


def _may_pass(error: DrsError) -> bool:
    return error.kind in {Refused.THROTTLED, Refused.UNCLEAR}


def _servers(drill: Drill) -> Waves:
    return tuple(tuple(server.id for server in wave.servers) for wave in drill.waves)


def _names(servers: Iterable[SourceServer]) -> dict[str, str]:
    return {server.id: server.name for server in servers}


def _unread(drill: Drill, error: DrsError, *, may_pass: bool) -> Finding:
    if error.obstacle:
        return obstructed(error.obstacle, drill.target.account_id, drill.target.region, str(error))
    return unreadable("DRS", str(error), may_pass=may_pass)


def _network(account: Account, settings: Mapping[str, LaunchSettings] | Unread) -> Network | Unread:
    known = {} if isinstance(settings, Unread) else settings
    return account.network(each.template_id for each in known.values() if each.template_id)
