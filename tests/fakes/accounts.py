"""What AWS says of an account beside DRS, in memory: all that is well, unless a test says otherwise.

accounts = FakeAccounts()
accounts.known_quotas = Quotas(concurrent_jobs=5)      # or Unread(error="AccessDenied")
    accounts.answers = (Evaluation(action="drs:StartRecovery", resource="arn:…", decision="implicitDeny"),)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.facts import Network, Quotas, Unread
from bot.domain.plan import Target
from bot.domain.plan_checks import PlanCheck
from bot.domain.rights import Evaluation


class FakeAccounts:
    """Every account and Region alike (ports `Accounts` and `Account`)."""

    def __init__(self) -> None:
        self.known_quotas: Quotas | Unread = Quotas()
        self.answers: tuple[Evaluation, ...] | Unread = ()
        self.asked_about: list[str] = []
        self.asked_checks: list[tuple[PlanCheck, ...]] = []
        self.places: Network | Unread | None = None

    def at(self, _target: Target) -> FakeAccounts:
        """Any account and Region."""
        return self

    def quotas(self) -> Quotas | Unread:
        """The quotas of DRS."""
        return self.known_quotas

    def rights(self, server_id: str, checks: Sequence[PlanCheck] = ()) -> tuple[Evaluation, ...] | Unread:
        """What IAM says."""
        self.asked_about.append(server_id)
        self.asked_checks.append(tuple(checks))
        return self.answers

    def network(self, template_ids: Iterable[str]) -> Network | Unread:
        """Every template leads into a subnet with addresses enough, unless a test says otherwise."""
        return self.places or Network(subnets=dict.fromkeys(template_ids, "subnet-1"), free={"subnet-1": 4_000})
