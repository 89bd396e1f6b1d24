"""Whether the bot, and DRS with its rights, may launch and clean up.

Reads are not asked about: the checks make them. A call of the bot's own that IAM would refuse blocks, and so does
anything that is explicitly denied; but not where the answer depends on a context that nobody can know before (tags,
keys). All else that IAM does not allow warns: AWS publishes no minimal set of what DRS needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.domain import check_rights
from bot.domain.facts import Unread
from bot.domain.findings import Check, Finding, Rule, Severity
from bot.domain.rights import Evaluation

FORBIDDEN = Rule(
    check=Check.RIGHTS,
    severity=Severity.BLOCK,
    when="IAM would refuse the bot's own calls to DRS, or explicitly denies what DRS does in EC2 with the bot's rights",
    remedy="Give the role the rights in template.yaml (LaunchInOwnAccount), and look for a policy that denies them.",
)
UNPROVEN = Rule(
    check=Check.RIGHTS,
    severity=Severity.WARN,
    when="IAM does not say that DRS may do in EC2, with the bot's rights, what a launch needs",
    remedy="A launch may fail for it minutes later. Compare the role with template.yaml (LaunchInOwnAccount).",
)
NOT_EVALUATED = Rule(
    check=Check.RIGHTS,
    severity=Severity.WARN,
    when="IAM cannot be asked (iam:SimulatePrincipalPolicy)",
    remedy="Whether a launch is allowed is not known before it is tried. Allow the role iam:SimulatePrincipalPolicy on "
    "itself.",
)
UNCHECKABLE = Rule(
    check=Check.RIGHTS,
    severity=Severity.WARN,
    when="IAM does not allow what the plan's checks after a launch, or its runbooks before one, call",
    remedy="They will fail, and hold the drill while its instances cost money. Deploy template.yaml with "
    "ChecksBySsm=true, or give the plan's role the rights of VerifyInOwnAccount.",
)
RULES = (FORBIDDEN, UNPROVEN, UNCHECKABLE, NOT_EVALUATED)
_SHOWN = 6


def examine_rights(evaluations: Iterable[Evaluation] | Unread) -> Iterator[Finding]:
    """What IAM does not allow."""
    if isinstance(evaluations, Unread):
        yield NOT_EVALUATED.finding(f"Whether a launch is allowed could not be asked: {evaluations.error}")
        return
    not_allowed = [each for each in evaluations if each.decision != "allowed"]
    refused = [each for each in not_allowed if each.action not in check_rights.ACTIONS]
    forbidden = [each for each in refused if _is_certain(each)]
    if forbidden:
        yield FORBIDDEN.finding(f"IAM would refuse {_listed(forbidden)}.")
    if unproven := [each for each in refused if not _is_certain(each)]:
        missing = sorted({key for each in unproven for key in each.missing})
        without = f" It depends on {', '.join(missing[:_SHOWN])}." if missing else ""
        yield UNPROVEN.finding(f"IAM does not say that these are allowed: {_listed(unproven)}.{without}")
    if uncheckable := [each for each in not_allowed if each.action in check_rights.ACTIONS]:
        yield UNCHECKABLE.finding(f"IAM does not allow what the plan's checks need: {_listed(uncheckable)}.")


def _is_certain(refused: Evaluation) -> bool:
    """Whether nothing that IAM was not told could change its answer, and it is not only about what DRS may need."""
    return not refused.missing and (refused.action.startswith("drs:") or refused.decision == "explicitDeny")


def _listed(refused: Iterable[Evaluation]) -> str:
    """`drs:StartRecovery (source-server), ec2:RunInstances (image, subnet)`."""
    kinds: dict[str, list[str]] = {}
    for each in refused:
        kinds.setdefault(each.action, []).append(_kind(each.resource))
    told = [f"{action} ({', '.join(dict.fromkeys(found))})" for action, found in kinds.items()]
    left = len(told) - _SHOWN
    return ", ".join([*told[:_SHOWN], *([f"{left} more"] if left > 0 else [])])


def _kind(resource: str) -> str:
    return resource.rpartition(":")[2].partition("/")[0]
