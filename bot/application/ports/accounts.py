"""What AWS says of the account and Region beside DRS itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from bot.domain.facts import Network, Quotas, Unread
from bot.domain.plan import Target
from bot.domain.plan_checks import PlanCheck
from bot.domain.rights import Evaluation


class Account(Protocol):
    """One account and Region. Nothing here raises for AWS's sake: what cannot be read is a fact too."""

    def quotas(self) -> Quotas | Unread:
        """The quotas of DRS there, as Service Quotas has them."""
        ...

    def rights(self, server_id: str, checks: Sequence[PlanCheck] = ()) -> tuple[Evaluation, ...] | Unread:
        """What IAM says of a launch of that server, its cleanup, what DRS does for both, and of checks."""
        ...

    def network(self, template_ids: Iterable[str]) -> Network | Unread:
        """Where the default versions of these launch templates put instances."""
        ...


class Accounts(Protocol):
    """The accounts and Regions of the plans."""

    def at(self, target: Target) -> Account:
        """An account and Region, through its role if it has one."""
        ...
