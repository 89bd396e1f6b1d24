"""Which servers a plan means: those it names, and those whose tags in DRS fit, frozen into the drill once chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.domain.drill import Drill
from bot.domain.facts import SourceServer
from bot.domain.false_starts import ServerChange
from bot.domain.findings import Check, Finding, Rule, Severity
from bot.domain.launch import ServerRun
from bot.domain.plan import Plan
from bot.domain.plan_servers import MOST_SERVERS, Exclusion, fits
from bot.domain.plan_waves import PlanWave

NONE_CHOSEN = Rule(
    check=Check.SELECTION,
    severity=Severity.BLOCK,
    when="no source server has the tags by which a wave chooses (`select`), or all that have them are left out",
    limit="1 server",
    remedy="Set the tags on the source servers in DRS (not on the EC2 instances), or correct select in the plan.",
)
TOO_MANY = Rule(
    check=Check.SELECTION,
    severity=Severity.BLOCK,
    when="a wave has more servers than DRS takes at once",
    limit=f"{MOST_SERVERS} servers in a wave",
    remedy="Choose fewer by tags, or split the wave.",
)
TWICE = Rule(
    check=Check.SELECTION,
    severity=Severity.BLOCK,
    when="a server belongs to two waves, since tags choose it for both or it is named in one of them",
    limit="1 wave for each server",
    remedy="Make the tags of the waves differ, or leave the server out of one of them with exclude.",
)
RULES = (NONE_CHOSEN, TOO_MANY, TWICE)

Waves = tuple[tuple[str, ...], ...]
"""The server ids of each wave, in the order of the waves."""


def choose(plan: Plan, there: Iterable[SourceServer]) -> Waves:
    """The servers of each wave: first those that it names, then those that its tags choose, by name.

    Args:
        plan: what is to be drilled.
        there: every source server of the account and Region. Which order they come in makes no difference.
    """
    by_name = sorted(there, key=lambda server: (server.name, server.id))
    return tuple(tuple(dict.fromkeys([*_named(wave), *_chosen(wave, by_name)])) for wave in plan.waves)


def _named(wave: PlanWave) -> list[str]:
    return [server.id for server in wave.servers]


def _chosen(wave: PlanWave, there: Iterable[SourceServer]) -> Iterator[str]:
    if wave.select is None:
        return
    for server in there:
        if fits(wave.select.tags, server.tags) and not _left_out(wave.exclude, server):
            yield server.id


def _left_out(exclude: Exclusion | None, server: SourceServer) -> bool:
    if exclude is None:
        return False
    return server.id in exclude.servers or (exclude.tags is not None and fits(exclude.tags, server.tags))


def with_servers(drill: Drill, chosen: Waves, names: Mapping[str, str]) -> Drill:
    """The drill with these servers in its waves; `names`: id to what people call it, as far as known."""
    waves = (
        wave.model_copy(update={"servers": tuple(_server(drill.plan, wave.number, each, names) for each in server_ids)})
        for wave, server_ids in zip(drill.waves, chosen, strict=True)
    )
    return drill.model_copy(update={"waves": tuple(waves)})


def _server(plan: Plan, wave: int, server_id: str, names: Mapping[str, str]) -> ServerRun:
    return ServerRun(id=server_id, impact=plan.impact(wave, server_id), name=names.get(server_id, ""))


def examine_selection(drill: Drill) -> Iterator[Finding]:
    """What is wrong with which servers the waves have. A plan that names them all has been checked when it was read."""
    first: dict[str, str] = {}
    for wave in drill.waves:
        called = f"{wave.number} ({wave.name})"
        select = drill.plan.wave(wave.number).select
        if select and not wave.servers:
            yield NONE_CHOSEN.finding(f"No source server is chosen for wave {called} by {spelled(select.tags)}.")
        if len(wave.servers) > MOST_SERVERS:
            yield TOO_MANY.finding(f"Wave {called} has {len(wave.servers)} servers.")
        for server in wave.servers:
            if server.id in first:
                yield TWICE.finding(f"{server.id} is in wave {first[server.id]} and in wave {called}.", server.id)
            first.setdefault(server.id, called)


def spelled(tags: Mapping[str, tuple[str, ...]]) -> str:
    """`Environment = prod or stage, Tier = web`."""
    return ", ".join(f"{key} = {' or '.join(values)}" for key, values in tags.items())


def changes(drill: Drill, now_chosen: Waves, names: Mapping[str, str]) -> tuple[ServerChange, ...]:
    """How the servers that would be chosen now differ from those that the drill was checked with."""
    found: list[ServerChange] = []
    for wave, chosen in zip(drill.waves, now_chosen, strict=True):
        before = {server.id: server.name for server in wave.servers}
        added = [(each, names.get(each, ""), True) for each in chosen if each not in before]
        gone = [(each, name, False) for each, name in before.items() if each not in chosen]
        found += [
            ServerChange(wave=wave.number, server_id=each, name=name, is_added=is_added)
            for each, name, is_added in (*added, *gone)
        ]
    return tuple(found)
