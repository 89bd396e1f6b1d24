"""What AWS says of an account and Region beside DRS itself, through boto3."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from botocore.config import Config

from bot.adapters.drs_errors import CALL_ERRORS, translated
from bot.adapters.ec2_places import network
from bot.adapters.iam_answers import role_of, simulated
from bot.adapters.role_sessions import session_for
from bot.domain.check_rights import check_questions
from bot.domain.facts import Network, Quotas, Unread
from bot.domain.plan import Target
from bot.domain.plan_checks import PlanCheck
from bot.domain.rights import Evaluation, questions

if TYPE_CHECKING:
    import boto3

SERVICE = "drs"
QUOTA_CODES = {
    "L-D88FAC3A": "concurrent_jobs",
    "L-B827C881": "servers_per_job",
    "L-05AFA8C6": "servers_in_all_jobs",
}
"""Codes of Service Quotas for DRS (AWS: DRS endpoints and quotas), and what they are here."""
_SERVICES = {"quotas": "service-quotas", "iam": "iam", "sts": "sts", "ec2": "ec2"}
_PATIENCE = Config(
    connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2}, max_pool_connections=10
)
"""None of this is worth much of a step's time: what does not answer is told as not read."""


class AccountAdapter:
    """One account and Region (port `Account`).

    Args:
        target: which account and Region.
        quotas: boto3's client for Service Quotas.
        iam: for IAM.
        sts: for STS, with the same credentials.
        ec2: for EC2.
    """

    def __init__(self, target: Target, quotas: Any = None, iam: Any = None, sts: Any = None, ec2: Any = None) -> None:
        self._target = target
        self._quotas = quotas
        self._iam = iam
        self._sts = sts
        self._ec2 = ec2

    def quotas(self) -> Quotas | Unread:
        """The account's own quotas; where it has none of its own, AWS's defaults. Two calls at most."""
        try:
            known = self._values("list_service_quotas")
            if len(known) < len(QUOTA_CODES):
                known = self._values("list_aws_default_service_quotas") | known
        except CALL_ERRORS as error:
            return Unread(error=translated("ListServiceQuotas", error).words)
        return Quotas.model_validate(known)

    def rights(self, server_id: str, checks: Sequence[PlanCheck] = ()) -> tuple[Evaluation, ...] | Unread:
        """What IAM says of a launch of that server: a call for each question. Nothing of an account's root user."""
        try:
            principal = self._target.role_arn or role_of(self._sts.get_caller_identity()["Arn"])
            if principal is None:
                return ()
            _, partition, *_ = principal.split(":")
            place = (partition, self._target.account_id, self._target.region)
            asked = (*questions(*place, server_id), *check_questions(*place, checks))
            return tuple(answer for each in asked for answer in simulated(self._iam, principal, each))
        except CALL_ERRORS as error:
            return Unread(error=translated("SimulatePrincipalPolicy", error).words)

    def network(self, template_ids: Iterable[str]) -> Network | Unread:
        """Where the default versions of these launch templates put instances."""
        try:
            return network(self._ec2, template_ids)
        except CALL_ERRORS as error:
            return Unread(error=translated("EC2", error).words)

    def _values(self, operation: str) -> dict[str, int]:
        pages = self._quotas.get_paginator(operation).paginate(ServiceCode=SERVICE)
        quotas = [quota for page in pages for quota in page.get("Quotas", ())]
        known = {QUOTA_CODES.get(quota.get("QuotaCode")): quota.get("Value") for quota in quotas}
        return {name: int(value) for name, value in known.items() if name and value is not None}


class BotoAccounts:
    """The accounts and Regions of the plans (port `Accounts`). Clients are made once for each target.

    Endpoints follow the SDK's own settings (`AWS_ENDPOINT_URL_SERVICE_QUOTAS`, `…_IAM`, `…_EC2`).

    Args:
        session: the bot's own credentials.
    """

    def __init__(self, session: boto3.session.Session) -> None:
        self._session = session
        self._known: dict[Target, AccountAdapter] = {}

    def at(self, target: Target) -> AccountAdapter:
        """An account and Region, through its role if it has one."""
        if target not in self._known:
            session = session_for(target, self._session, _PATIENCE)
            client: Any = session.client
            place = {"region_name": target.region, "config": _PATIENCE}
            services = {name: client(service, **place) for name, service in _SERVICES.items()}
            self._known[target] = AccountAdapter(target, **services)
        return self._known[target]
