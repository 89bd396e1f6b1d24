"""IAM's SimulatePrincipalPolicy, which moto has not: it allows everything but what was denied by a story.

What IAM itself would answer to policies and context is not modelled.
"""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.iam.responses import IamResponse

from infra.local.drs.responses import KeysOfAccounts

DENIED: dict[str, set[str]] = {}
"""By account, the actions that are implicitly denied. Whoever adds one takes it out again."""


class IamWithAnswers(KeysOfAccounts, IamResponse):
    """moto's IAM, and one operation more."""

    def simulate_principal_policy(self) -> ActionResult:
        """Each action on each resource by itself, as IAM answers where resources are named."""
        asked = self._get_params()
        resources = asked.get("ResourceArns", ["*"])
        results = [self._result(action, resources) for action in asked["ActionNames"]]
        return ActionResult({"EvaluationResults": results, "IsTruncated": False})

    def _result(self, action: str, resources: list[str]) -> dict[str, Any]:
        is_denied = action in DENIED.get(self.current_account, ())
        decision = "implicitDeny" if is_denied else "allowed"
        return {
            "EvalActionName": action,
            "EvalResourceName": resources[0],
            "EvalDecision": decision,
            "ResourceSpecificResults": [
                {"EvalResourceName": resource, "EvalResourceDecision": decision} for resource in resources
            ],
        }
