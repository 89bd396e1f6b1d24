"""Whether the account and Region of the servers can be worked in at all. Each obstacle blocks, with its own remedy."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from bot.domain.findings import Check, Finding, Rule, Severity


class Obstacle(StrEnum):
    """Why nothing in an account and Region answers, where that is known for certain."""

    UNINITIALIZED = "uninitialized"
    ROLE = "role"
    REGION = "region"


UNINITIALIZED = Rule(
    check=Check.PLACE,
    severity=Severity.BLOCK,
    when="DRS was never initialised in the account and Region",
    remedy="Open the DRS console of that account in that Region as an administrator, and set it up there first.",
)
NO_ENTRY = Rule(
    check=Check.PLACE,
    severity=Severity.BLOCK,
    when="the target's role cannot be assumed",
    remedy="Check the plan's role_arn and external_id against the role's trust policy, and that it trusts the bot.",
)
NO_REGION = Rule(
    check=Check.PLACE,
    severity=Severity.BLOCK,
    when="DRS cannot be reached in the Region, or the account has not enabled it",
    remedy="Check the plan's region, that the account has enabled it, and that the bot's network reaches DRS there.",
)
RULES = (UNINITIALIZED, NO_ENTRY, NO_REGION)
_TOLD: Mapping[Obstacle, tuple[Rule, str]] = {
    Obstacle.UNINITIALIZED: (UNINITIALIZED, "DRS is not initialised in account {place}"),
    Obstacle.ROLE: (NO_ENTRY, "The role for account {place} cannot be assumed"),
    Obstacle.REGION: (NO_REGION, "DRS cannot be reached for account {place}"),
}


def obstructed(obstacle: Obstacle, account_id: str, region: str, error: str) -> Finding:
    """The place cannot be worked in; `error` is what was said."""
    rule, words = _TOLD[obstacle]
    return rule.finding(f"{words.format(place=f'{account_id} in {region}')}: {error}")
