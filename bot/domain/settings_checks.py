"""Whether servers are set to be launched as the plan expects. DRS applies what it is set to; nobody changes it here.

All of it warns, since no more is at stake than how the instances of the drill look; but without the right to read these
settings DRS itself, which works with the bot's rights, would launch nothing and say nothing. So that blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.domain.expectation import Expectation
from bot.domain.facts import LaunchSettings, SourceServer, Unread
from bot.domain.findings import Check, Finding, Rule, Severity

UNEXPECTED = Rule(
    check=Check.LAUNCH_SETTINGS,
    severity=Severity.WARN,
    when="a server's launch settings in DRS are not what the plan expects",
    limit="the plan's expect",
    remedy="Correct the launch settings in the DRS console or the plan's expect. A drill never changes settings.",
)
SETTINGS_UNREAD = Rule(
    check=Check.LAUNCH_SETTINGS,
    severity=Severity.WARN,
    when="the launch settings cannot be read",
    limit="the plan's expect",
    remedy="How the servers would be launched is not known. Ask for the drill again, or look in the DRS console.",
)
SETTINGS_DENIED = Rule(
    check=Check.LAUNCH_SETTINGS,
    severity=Severity.BLOCK,
    when="the bot may not read the launch settings",
    remedy="Allow drs:GetLaunchConfiguration. Without it DRS makes jobs that launch nothing and report no error.",
)
RULES = (UNEXPECTED, SETTINGS_UNREAD, SETTINGS_DENIED)


def examine_settings(
    servers: Iterable[SourceServer],
    expected: Mapping[str, Expectation],
    settings: Mapping[str, LaunchSettings] | Unread,
) -> Iterator[Finding]:
    """What of the launch settings is not as expected, one finding a server.

    Args:
        servers: those of the plan that DRS has.
        expected: by server id; a server that is not in it may be set to anything.
        settings: by server id; a server that is not in it has none that could be read.
    """
    if isinstance(settings, Unread):
        rule = SETTINGS_DENIED if settings.is_denied else SETTINGS_UNREAD
        yield rule.finding(f"The launch settings could not be read: {settings.error}")
        return
    for server in servers:
        wanted = expected.get(server.id, Expectation()).stated
        found = settings.get(server.id)
        if found is None:
            yield SETTINGS_UNREAD.finding(f"DRS does not tell the launch settings of {server.called}.", server.id)
        elif differs := list(_differences(wanted, found)):
            words = ", ".join(f"{name} is {is_set}, not {want}" for name, is_set, want in differs)
            limit = ", ".join(f"{name}: {want}" for name, _, want in differs)
            yield UNEXPECTED.finding(f"{server.called}: {words}.", server.id, limit)


def _differences(wanted: Mapping[str, str | bool], found: LaunchSettings) -> Iterator[tuple[str, str, str]]:
    for name, want in wanted.items():
        is_set = getattr(found, name)
        if is_set != want:
            yield name, _word(is_set), _word(want)


def _word(value: str | bool | None) -> str:  # noqa: FBT001 - a setting is as often a switch as a word
    return "unknown" if value is None else str(value).lower() if isinstance(value, bool) else value
