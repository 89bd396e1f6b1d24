"""Runbooks of SSM Automation: started once by a token, and looked at later."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from bot.adapters.check_answers import failed, passed, running
from bot.adapters.drs_errors import CALL_ERRORS, translated
from bot.domain.checks import Answer, Ask
from bot.domain.plan_checks import THE_INSTANCES, AutomationCheck

_OURS = uuid.UUID("9d3b1f0e-5a55-4c3e-9b6a-7f1d1b2c6c4e")
"""Tells our tokens from those of other programs."""
_WELL = frozenset({"Success", "CompletedWithSuccess"})
_ILL = frozenset(
    {"Failed", "TimedOut", "Cancelled", "CompletedWithFailure", "Rejected", "Exited", "ChangeCalendarOverrideRejected"}
)


def look_at_runbooks(ssm: Any, drill_id: str, asks: Sequence[Ask]) -> list[Answer]:
    """Start what has no `ref` yet, and look at the rest; what is wrong with one is no matter to the others."""
    return [_look(ssm, drill_id, ask) for ask in asks]


def _look(ssm: Any, drill_id: str, ask: Ask) -> Answer:
    runbook = ask.check.automation
    if runbook is None:
        raise ValueError(f"{ask.key} is no check by a runbook")
    try:
        return _state(ssm, ask, ask.ref) if ask.ref else _start(ssm, drill_id, ask, runbook)
    except CALL_ERRORS as error:
        return failed(ask, translated("SSM Automation", error).words)


def _start(ssm: Any, drill_id: str, ask: Ask, runbook: AutomationCheck) -> Answer:
    parameters = {name: _texts(texts, ask.ec2_instance_ids) for name, texts in runbook.parameters.items()}
    started = ssm.start_automation_execution(
        DocumentName=runbook.document,
        ClientToken=str(uuid.uuid5(_OURS, f"{drill_id} {ask.key}")),
        **({"Parameters": parameters} if parameters else {}),
    )
    return running(ask, started["AutomationExecutionId"], "The runbook was started.")


def _texts(texts: Sequence[str], instance_ids: Sequence[str]) -> list[str]:
    return [each for text in texts for each in (instance_ids if text == THE_INSTANCES else (text,))]


def _state(ssm: Any, ask: Ask, ref: str) -> Answer:
    seen: Mapping[str, Any] = ssm.get_automation_execution(AutomationExecutionId=ref)["AutomationExecution"]
    status = str(seen.get("AutomationExecutionStatus", "Pending"))
    output = json.dumps(seen.get("Outputs", {}), sort_keys=True) if seen.get("Outputs") else ""
    if status in _WELL:
        return passed(ask, f"The runbook has ended: {status}.", output)
    if status in _ILL:
        why = seen.get("FailureMessage") or "no reason was given"
        return failed(ask, f"The runbook has ended: {status}: {why}", output)
    step = f", at {seen['CurrentStepName']}" if seen.get("CurrentStepName") else ""
    return running(ask, ref, f"The runbook is under way: {status}{step}.")
