"""What can be made to go wrong from the page, and mended again.

A trouble stays until it is switched off, but for those that happen once, at the next StartRecovery. What is on is kept
here and laid out anew with each change: the simulators' own lists of faults cannot be taken from one by one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from infra.local import drs
from infra.local.slack.findings import Json
from infra.local.world import World


class Scope(StrEnum):
    """What a trouble is about, and how long it lasts."""

    SERVER = "server"
    SWITCH = "switch"
    ONCE = "once"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One line of the panel: `arrange` lays it out, `undo` ends what laying out anew without it does not.

    Both get the server's id where it is about one, else an empty string.
    """

    label: str
    tells: str
    scope: Scope
    arrange: Callable[[World, str], object]
    undo: Callable[[World, str], object] = lambda _world, _server: None


def _at_the_next_launch(_world: World, _server: str) -> None:
    """Nothing to lay out: `Troubles` acts at the call itself."""


def _let_go(world: World, server: str) -> None:
    with suppress(ValueError):  # it is in no job just now
        drs.release_server(world.account, world.region, server)


TROUBLES: Mapping[str, Trouble] = {
    "conversion-fails": Trouble(
        "Conversion fails",
        "DRS cannot convert this server in the jobs that start from now on.",
        Scope.SERVER,
        lambda world, server: world.faults.fail_server(server, phase="conversion"),
    ),
    "launch-fails": Trouble(
        "Launch fails",
        "EC2 has no capacity for this server in the jobs that start from now on.",
        Scope.SERVER,
        lambda world, server: world.faults.fail_server(server, phase="launch"),
    ),
    "stalls": Trouble(
        "Conversion stalls",
        "This server's conversion does not end until it is mended.",
        Scope.SERVER,
        lambda world, server: world.faults.stick_server(server, phase="conversion"),
        undo=_let_go,
    ),
    "drs-throttles": Trouble(
        "DRS throttles launches",
        "StartRecovery is answered with ThrottlingException.",
        Scope.SWITCH,
        lambda world, _: world.faults.fail_call("StartRecovery", error="ThrottlingException", times=None),
    ),
    "drs-unreadable": Trouble(
        "DRS cannot be read",
        "DescribeJobs is answered with InternalServerException.",
        Scope.SWITCH,
        lambda world, _: world.faults.fail_call("DescribeJobs", error="InternalServerException", times=None),
    ),
    "slack-busy": Trouble(
        "Slack answers 429",
        "Every call of the bot is answered with Retry-After: 5.",
        Scope.SWITCH,
        lambda world, _: world.slack.faults.rate_limit("*", retry_after=5, times=None),
    ),
    "slack-down": Trouble(
        "Slack is down",
        "Every call of the bot is answered with HTTP 503. People can still click.",
        Scope.SWITCH,
        lambda world, _: world.slack.faults.down(),
    ),
    "reply-lost": Trouble(
        "DRS loses a reply",
        "The next StartRecovery makes its job and is answered with an error.",
        Scope.ONCE,
        lambda world, _: world.faults.lose_reply("StartRecovery", times=1),
    ),
    "executor-killed": Trouble(
        "Kill the executor",
        "It is killed once the next StartRecovery has made its job and before it hears of that.",
        Scope.ONCE,
        _at_the_next_launch,
    ),
}
"""Every trouble, by name."""


class UnknownTrouble(ValueError):
    """There is no such trouble, or no such server to have it."""


@dataclass(slots=True)
class Troubles:
    """What is on, and keeps the simulators to it until it is closed. Safe to use from any thread."""

    world: World
    _on: dict[tuple[str, str], Trouble] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _launches: int = 0
    """How many jobs had been launched when something was last to happen at the next."""
    close: Callable[[], None] = field(init=False)
    """Stop listening to DRS; what is on stays."""

    def __post_init__(self) -> None:
        self.close = drs.on_call(self.world.account, self.world.region, "StartRecovery", self._launching)

    def order(self, name: str, server: str = "", *, on: bool) -> None:
        """Switch a trouble on or off.

        Raises:
            UnknownTrouble: there is none of this name, or it is about a server and none that DRS knows was named.
        """
        trouble = TROUBLES.get(name)
        if trouble is None:
            raise UnknownTrouble(f"there is no trouble {name!r}")
        if trouble.scope is not Scope.SERVER:
            server = ""
        elif server not in drs.source_server_ids(self.world.account, self.world.region):
            raise UnknownTrouble(f"there is no source server {server!r}")
        with self._lock:
            if on:
                self._on[name, server] = trouble
                self._launches = self._launched()
                self._lay_out()
            elif (name, server) in self._on:
                self._end([(name, server)])

    def mend(self) -> None:
        """End all troubles; what was stuck goes on."""
        with self._lock:
            self._end(list(self._on))

    def on_show(self) -> tuple[list[Json], dict[str, list[str]]]:
        """The list of troubles, and which of them each server has."""
        with self._lock:
            on = list(self._on)
        of_servers: dict[str, list[str]] = {}
        for name, server in on:
            if server:
                of_servers.setdefault(server, []).append(name)
        return [_line(name, trouble, is_on=(name, "") in on) for name, trouble in TROUBLES.items()], of_servers

    def _lay_out(self) -> None:
        self.world.faults.clear()
        self.world.slack.faults.clear()
        for (_, server), trouble in self._on.items():
            trouble.arrange(self.world, server)

    def _end(self, ended: Sequence[tuple[str, str]]) -> None:
        undone = [(self._on.pop(key), key[1]) for key in ended]
        self._lay_out()
        for trouble, server in undone:
            trouble.undo(self.world, server)

    def _launching(self) -> None:
        """Let happen what happens once. A call that DRS refused has made no job: it is not the occasion."""
        with self._lock:
            once = [key for key, trouble in self._on.items() if trouble.scope is Scope.ONCE]
            if not once or self._launched() == self._launches:
                return
            if ("executor-killed", "") in once:
                # With the lock held, so that no other call's answer gets away meanwhile.
                self.world.stack.kill("executor")
            self._end(once)

    def _launched(self) -> int:
        calls = drs.recorded_calls(self.world.account, self.world.region, "StartRecovery")
        return sum(call.outcome == "ok" for call in calls)


def _line(name: str, trouble: Trouble, *, is_on: bool) -> Json:
    return {
        "name": name,
        "label": trouble.label,
        "tells": trouble.tells,
        "scope": trouble.scope.value,
        "isOn": is_on,
    }
