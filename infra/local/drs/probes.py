"""The probe of the local stack: its answers are the world's, since launched instances have no network here."""

from __future__ import annotations

import json
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.responses import LambdaResponse

from bot.domain.check_rights import PROBE
from infra.local.drs.clock import world_now
from infra.local.drs.health import BOOTS_FOR, Ailment, private_address
from infra.local.drs.instances import InstanceState
from infra.local.drs.models import DrsBackend, drs_backends
from infra.local.drs.responses import KeysOfAccounts


class FunctionsWithProbe(KeysOfAccounts, LambdaResponse):
    """moto's Lambda, with the probe in every account and Region. Whatever else is invoked is not there."""

    def invoke(self) -> Any:
        """POST /2015-03-31/functions/{name}/invocations."""
        backend = drs_backends[self.current_account][self.region]
        if PROBE not in self.path or not backend.settings.has_probe:
            raise UnknownFunctionException(self.path)
        targets = json.loads(self.body)["targets"]
        with backend.lock:
            answers = [_answer(backend, each) for each in targets]
        return 200, {"Content-Type": "application/json"}, json.dumps({"answers": answers})


def _answer(backend: DrsBackend, target: dict[str, Any]) -> dict[str, Any]:
    now = world_now()
    here = [
        (instance, state)
        for instance, state in backend.existing_instances(now)
        if private_address(instance.id) == target["address"]
    ]
    for instance, state in here:
        ill = backend.faults.is_ill(instance.source_server_id, Ailment.SILENT)
        if state is InstanceState.RUNNING and now >= instance.launched_at + BOOTS_FOR and not ill:
            return {"key": target["key"], "passed": True, "said": "It answers.", "output": ""}
    return {"key": target["key"], "passed": False, "said": "Connection refused.", "output": ""}
