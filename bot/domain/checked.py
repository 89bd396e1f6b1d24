"""What the checks before Start have found, and who answers for starting in spite of it."""

from __future__ import annotations

from bot.domain.facts import SettingsOfServers
from bot.domain.findings import Check, Finding
from bot.domain.model import Frozen, Instant
from bot.domain.person import Person


class Preflight(Frozen):
    """What was found before the drill could start.

    Attributes:
        number: from 1; a drill is checked again if its tags choose other servers at Start.
        settings: how DRS is set to launch the servers.
    """

    number: int = 1
    at: Instant
    findings: tuple[Finding, ...]
    settings: tuple[SettingsOfServers, ...] = ()

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that refuse the drill."""
        return tuple(finding for finding in self.findings if finding.blocks)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings with which the drill can be started all the same."""
        return tuple(finding for finding in self.findings if not finding.blocks)


class Waiver(Frozen):
    """Somebody answers for starting the drill in spite of what the checks warn of.

    Attributes:
        preflight: the number of the checks that found them. What later ones find is not waived by it.
        checks: whose warnings. What they found stands in that preflight and does not change any more.
    """

    by: Person
    at: Instant
    reason: str
    preflight: int = 1
    checks: tuple[Check, ...]
