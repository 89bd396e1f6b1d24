"""What AWS says of an account beside DRS, in memory: all that is well, unless a test says otherwise.

accounts = FakeAccounts()
accounts.known_quotas = Quotas(concurrent_jobs=5)      # or Unread(error="AccessDenied")
"""

from __future__ import annotations

from bot.domain.facts import Quotas, Unread
from bot.domain.plan import Target


class FakeAccounts:
    """Every account and Region alike (ports `Accounts` and `Account`)."""

    def __init__(self) -> None:
        self.known_quotas: Quotas | Unread = Quotas()

    def at(self, _target: Target) -> FakeAccounts:
        """Any account and Region."""
        return self

    def quotas(self) -> Quotas | Unread:
        """The quotas of DRS."""
        return self.known_quotas
