"""`make policies`: parliament on every IAM policy of the templates, each by itself, with references filled in.

A finding is an error unless it is in `KNOWN`, with its reason.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from samtranslator.yaml_helper import yaml_parse

from infra.local.aws.template import Json

ROOT = Path(__file__).parents[1]
PARLIAMENT = ROOT / "infra" / "tools" / "policies" / ".venv" / "bin" / "parliament"
TEMPLATES = ("template.yaml", "infra/probe.yaml", "infra/target-account.yaml")
KNOWN: Mapping[tuple[str, str], str] = {
    ("UNKNOWN_CONDITION_FOR_ACTION", "aws:ViaAWSService"): "a global condition key, which parliament's list lacks",
    (
        "UNKNOWN_CONDITION_FOR_ACTION",
        "lambda:SourceFunctionArn",
    ): "by which the probe's own code is kept from its network",
    ("RESOURCE_STAR", "ec2:AssignPrivateIpAddresses"): "Lambda asks for these on all interfaces (VPC execution role)",
    ("RESOURCE_MISMATCH", "ec2:CreateFleet"): "`ec2:*:*:*/*` is fleets and instances, too; AWS's own policy has it so",
    ("RESOURCE_MISMATCH", "ec2:RunInstances"): "the instances are in another statement, with a condition on their tag",
    ("RESOURCE_MISMATCH", "ec2:AttachVolume"): "the volumes are in other statements",
    ("RESOURCE_MISMATCH", "ssm:SendCommand"): "documents and instances are asked for apart, each with its conditions",
}
"""Findings that are none, by issue and a word of what they say; and why."""
_PSEUDO = {"AWS::Partition": "aws", "AWS::Region": "eu-central-1", "AWS::AccountId": "111122223333"}
_BY_ATTRIBUTE = {"StreamArn": "arn:aws:dynamodb:eu-central-1:111122223333:table/drills/stream/2026-01-01"}
_BY_NAME = {
    "DrillTable": "arn:aws:dynamodb:eu-central-1:111122223333:table/drills",
    "EvidenceBucket": "arn:aws:s3:::evidence",
    "BotEventBusArn": "arn:aws:events:eu-central-1:111122223333:event-bus/default",
}


def policies(template: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    """The name and the document of each policy of a template."""
    for name, item in template["Resources"].items():
        properties = item.get("Properties", {})
        if item["Type"] == "AWS::IAM::ManagedPolicy":
            yield name, properties["PolicyDocument"]
        for policy in properties.get("Policies", ()) if item["Type"] == "AWS::IAM::Role" else ():
            yield f"{name} {policy['PolicyName']}", policy["PolicyDocument"]


def filled(value: Json) -> Json:
    """A document with each reference replaced by what it could be."""
    if isinstance(value, list):
        return [filled(each) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Fn::Sub"}:
        return _substituted(value["Fn::Sub"])
    if set(value) == {"Fn::GetAtt"}:
        name, attribute = value["Fn::GetAtt"]
        return _BY_ATTRIBUTE.get(attribute) or _arn(name)
    if set(value) == {"Ref"}:
        return _arn(value["Ref"])
    return {key: filled(each) for key, each in value.items()}


def _substituted(text: str) -> str:
    for name, instead in _PSEUDO.items():
        text = text.replace(f"${{{name}}}", instead)
    for name in _BY_NAME:
        text = text.replace(f"${{{name}.Arn}}", _arn(name))
    return text.replace("${TargetRoleName}", "drs-drill-bot-target*").replace("${", "").replace("}", "")


def _arn(name: str) -> str:
    if name in _BY_NAME:
        return _BY_NAME[name]
    kinds = {"Logs": "logs:{}:log-group:/aws/lambda/x:*", "Queue": "sqs:{}:x", "Role": "iam::111122223333:role/x"}
    kind = next(found for ending, found in kinds.items() if name.endswith(ending))
    return f"arn:aws:{kind.format('eu-central-1:111122223333')}"


def findings(document: Json) -> list[Json]:
    """What parliament says of a policy."""
    done = subprocess.run(
        [PARLIAMENT, "--string", json.dumps(filled(document)), "--json"], check=False, capture_output=True, text=True
    )
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def _is_news(finding: Json) -> bool:
    said = f"{finding.get('title')} {finding.get('detail')}"
    return not any(finding["issue"] == issue and word in said for issue, word in KNOWN)


def main() -> int:
    """Check all; the exit status."""
    found = 0
    for path in TEMPLATES:
        for name, document in policies(yaml_parse((ROOT / path).read_text())):
            for each in filter(_is_news, findings(document)):
                found += 1
                print(f"{path}: {name}: {each['issue']}: {each.get('title')}: {each.get('detail')}")
    print("Policies: nothing to find fault with." if not found else f"Policies: {found} finding(s).")
    return min(found, 1)


if __name__ == "__main__":
    sys.exit(main())
