"""Service Quotas, as far as it tells of DRS: the quotas that the simulator itself keeps to.

Beside moto's own Service Quotas, which knows VPC only and no ListServiceQuotas.
"""

from __future__ import annotations

import json
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.servicequotas.exceptions import NoSuchResource
from moto.servicequotas.responses import ServiceQuotasResponse

from infra.local.drs.models import Quotas, drs_backends
from infra.local.drs.recovery import CONCURRENT_JOBS, SERVERS_IN_ALL_JOBS, SERVERS_IN_ONE_JOB
from infra.local.drs.responses import KeysOfAccounts

SERVICE = "drs"


class DrsQuotasResponse(KeysOfAccounts, ServiceQuotasResponse):
    """One request to Service Quotas."""

    def list_service_quotas(self) -> str:
        """What the account may do: none of those that AWS does not change, unless the settings say so."""
        settings = self._settings()
        if not settings.quotas_can_be_read:
            raise _denied("ListServiceQuotas")
        return self._listed(settings.quotas if settings.quotas_are_its_own else None)

    def list_aws_default_service_quotas(self) -> str:
        """What every account may do."""
        if self._service() != SERVICE:
            return super().list_aws_default_service_quotas()
        if not self._settings().quotas_can_be_read:
            raise _denied("ListAWSDefaultServiceQuotas")
        return self._listed(Quotas())

    def _listed(self, quotas: Quotas | None) -> str:
        if self._service() != SERVICE:
            raise NoSuchResource
        return json.dumps({"Quotas": _wire(quotas) if quotas else []})

    def _service(self) -> str:
        return str(json.loads(self.body).get("ServiceCode"))

    def _settings(self) -> Any:
        return drs_backends[self.current_account][self.region].settings


def _denied(operation: str) -> JsonRESTError:
    return JsonRESTError("AccessDeniedException", f"User is not authorized to perform: servicequotas:{operation}")


def _wire(quotas: Quotas) -> list[dict[str, Any]]:
    """Botocore's `ServiceQuota`. Codes and names are AWS's (Service Quotas, list of default quotas)."""
    known = (
        (CONCURRENT_JOBS, "Concurrent jobs in progress", quotas.concurrent_jobs),
        (SERVERS_IN_ONE_JOB, "Max source servers in a single Job", quotas.servers_in_one_job),
        (SERVERS_IN_ALL_JOBS, "Max source servers in all Jobs", quotas.servers_in_all_jobs),
    )
    return [
        {
            "ServiceCode": SERVICE,
            "ServiceName": "AWS Elastic Disaster Recovery Service",
            "QuotaCode": code,
            "QuotaName": name,
            "Value": float(value),
            "Unit": "None",
            "Adjustable": False,
            "GlobalQuota": False,
        }
        for code, name, value in known
    ]
