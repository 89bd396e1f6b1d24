"""What Service Quotas says of DRS, through the real adapter before the simulator in moto's mock mode."""

from __future__ import annotations

from bot.adapters.accounts import BotoAccounts
from bot.domain.facts import Quotas, Unread
from bot.domain.plan import Target
from infra.local.drs import Quotas as Kept
from infra.local.drs import Settings, configure
from tests.contract.accounts.conftest import ACCOUNT, REGION

HOME = Target(account_id=ACCOUNT, region=REGION)


def let(**settings: object) -> None:
    configure(ACCOUNT, REGION, Settings(**settings))  # type: ignore[arg-type]  # each test names the fields


def test_quotas_are_those_of_the_account(accounts: BotoAccounts) -> None:
    let(quotas=Kept(concurrent_jobs=7, servers_in_one_job=50, servers_in_all_jobs=70))
    assert accounts.at(HOME).quotas() == Quotas(concurrent_jobs=7, servers_per_job=50, servers_in_all_jobs=70)


def test_what_the_account_has_no_quota_of_its_own_for_is_awss_default(accounts: BotoAccounts) -> None:
    let(quotas=Kept(concurrent_jobs=7), quotas_are_its_own=False)
    assert accounts.at(HOME).quotas() == Quotas()


def test_quotas_that_may_not_be_read_are_not_made_up(accounts: BotoAccounts) -> None:
    let(quotas_can_be_read=False)
    unread = accounts.at(HOME).quotas()
    assert isinstance(unread, Unread)
    assert unread.error.startswith("ListServiceQuotas: AccessDeniedException: User is not authorized")
