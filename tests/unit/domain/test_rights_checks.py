"""What IAM does not allow: what refuses the drill, and what is only not proven."""

from __future__ import annotations

import pytest

from bot.domain.facts import Unread
from bot.domain.findings import Check, Severity
from bot.domain.rights import Evaluation, questions
from bot.domain.rights_checks import examine_rights

START = Evaluation(
    action="drs:StartRecovery", resource="arn:aws:drs:eu-west-1:1:source-server/s-1", decision="implicitDeny"
)
RUN = Evaluation(action="ec2:RunInstances", resource="arn:aws:ec2:eu-west-1::image/ami-0", decision="implicitDeny")


@pytest.mark.parametrize(
    ("answer", "severity"),
    [
        (START.model_copy(update={"decision": "allowed"}), None),
        (START, Severity.BLOCK),
        (START.model_copy(update={"decision": "explicitDeny"}), Severity.BLOCK),
        (START.model_copy(update={"missing": ("aws:ResourceTag/team",)}), Severity.WARN),
        (RUN, Severity.WARN),
        (RUN.model_copy(update={"missing": ("ec2:Vpc",)}), Severity.WARN),
        (RUN.model_copy(update={"decision": "explicitDeny"}), Severity.BLOCK),
        (RUN.model_copy(update={"decision": "explicitDeny", "missing": ("ec2:Vpc",)}), Severity.WARN),
        (RUN.model_copy(update={"decision": "a decision of tomorrow"}), Severity.WARN),
    ],
)
def test_what_is_certain_to_be_refused_blocks_and_what_is_not_proven_warns(
    answer: Evaluation, severity: Severity | None
) -> None:
    found = list(examine_rights([answer]))
    assert [(each.check, each.severity) for each in found] == ([(Check.RIGHTS, severity)] if severity else [])


def test_what_is_refused_is_told_by_action_with_what_it_is_about() -> None:
    subnet = RUN.model_copy(update={"resource": "arn:aws:ec2:eu-west-1:1:subnet/subnet-0", "missing": ("ec2:Vpc",)})
    forbidden, unproven = examine_rights([START, RUN, subnet])
    assert forbidden.fact == "IAM would refuse drs:StartRecovery (source-server)."
    assert unproven.fact == (
        "IAM does not say that these are allowed: ec2:RunInstances (image, subnet). It depends on ec2:Vpc."
    )


def test_a_long_list_is_cut_and_counted() -> None:
    many = [RUN.model_copy(update={"action": f"ec2:Action{n}"}) for n in range(8)]
    (found,) = examine_rights(many)
    assert found.fact.endswith("ec2:Action5 (image), 2 more.")


def test_rights_that_cannot_be_asked_about_are_a_warning_that_says_so() -> None:
    (found,) = examine_rights(Unread(error="AccessDenied"))
    assert (found.severity, found.fact) == (
        Severity.WARN,
        "Whether a launch is allowed could not be asked: AccessDenied",
    )


def test_of_each_thing_that_is_asked_about_the_arn_is_whole() -> None:
    resources = {arn for each in questions("aws-cn", "123456789012", "cn-north-1", "s-1") for arn in each.resources}
    assert all(arn.startswith("arn:aws-cn:") and "{" not in arn for arn in resources)
    assert "arn:aws-cn:drs:cn-north-1:123456789012:source-server/s-1" in resources
