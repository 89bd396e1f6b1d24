"""template.yaml as CloudFormation gets it, and what of it the local AWS is asked to make.

References are resolved by CloudFormation itself (ministack's): each one that the runner will read is made an output of
the stack, and put back as its value once the stack is there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeAlias

import boto3
from samtranslator.metrics.metrics import DummyMetricsPublisher, Metrics
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

# What is made for real. Everything else in the template is obeyed by the runner.
MADE = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::SQS::Queue")
# SAM only checks that code is in S3; nothing is ever read from there.
CODE = "s3://local/code.zip"
HOLDS = "yes"
TEXTS = {"String", "Number"}
"""The types of parameters of which an output can be made: it must be a text."""
NOTHING = "AWS::NoValue"

Json: TypeAlias = Any


@cache
def transform(text: str, region: str) -> Mapping[str, Json]:
    """The template after SAM's own transformation. Shared by all who ask: nobody changes it.

    Raises:
        samtranslator.model.exceptions.InvalidDocumentException: SAM does not accept it.
    """
    template = yaml_parse(text)
    template.setdefault("Globals", {}).setdefault("Function", {})["CodeUri"] = CODE
    metrics = Metrics("local", DummyMetricsPublisher())
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=region), metrics=metrics)
    transformed: dict[str, Json] = translator.translate(template, {})
    metrics.publish()  # to nobody; unpublished ones make it complain at exit
    return transformed


@dataclass(frozen=True, slots=True)
class StackTemplate:
    """The part of a transformed template that is made, with the references in the rest of it turned into outputs.

    `conditions` has, for each condition of the template, the output that says whether it holds.
    """

    body: dict[str, Json]
    references: dict[str, Json] = field(default_factory=dict)
    conditions: dict[str, str] = field(default_factory=dict)

    def resolved(self, resources: Json, outputs: Mapping[str, str]) -> Json:
        """`resources` with each reference that became an output replaced by its value."""
        if isinstance(resources, list):
            return [self.resolved(item, outputs) for item in resources]
        if not isinstance(resources, dict):
            return resources
        for name, reference in self.references.items():
            if reference == resources:
                return outputs[name]
        return {key: self.resolved(value, outputs) for key, value in resources.items()}


def stack_template(transformed: Mapping[str, Json]) -> StackTemplate:
    """Cut the template down to what is made, and lift out every reference that can be resolved within that."""
    resources = transformed["Resources"]
    made = {name: resource for name, resource in resources.items() if resource["Type"] in MADE}
    known = {*made, *transformed.get("Parameters", {})}
    rest = [resource for name, resource in resources.items() if name not in made]
    references: dict[str, Json] = {}
    lists = {name for name, each in transformed.get("Parameters", {}).items() if each["Type"] not in TEXTS}
    for reference in intrinsics(rest):
        is_text = not names(reference) & lists and NOTHING not in str(reference)
        if is_text and names(reference) <= known and reference not in references.values():
            references[f"Reference{len(references)}"] = reference
    kept = {key: transformed[key] for key in ("Parameters", "Conditions") if key in transformed}
    conditions = {name: f"Condition{number}" for number, name in enumerate(transformed.get("Conditions", {}))}
    told = {output: {"Fn::If": [name, HOLDS, "no"]} for name, output in conditions.items()}
    outputs = {name: {"Value": value} for name, value in (references | told).items()}
    return StackTemplate({**kept, "Resources": made, "Outputs": outputs}, references, conditions)


def intrinsics(value: Json) -> Iterator[dict[str, Json]]:
    """Each outermost `Ref` or `Fn::…` within `value`."""
    if isinstance(value, dict):
        if is_intrinsic(value):
            yield value
            return
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from intrinsics(item)


def is_intrinsic(value: Json) -> bool:
    """Whether `value` is a reference or function of CloudFormation's."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    function: str = next(iter(value))
    return function == "Ref" or function.startswith("Fn::")


def names(intrinsic: Json) -> set[str]:
    """The resources and parameters that an intrinsic refers to, pseudo parameters aside."""
    (function, argument), *_ = intrinsic.items()
    if function == "Ref":
        found = {argument}
    elif function == "Fn::GetAtt":
        found = {argument[0]}
    elif function == "Fn::Sub":
        found = {name.partition(".")[0] for name in re.findall(r"\$\{([^!}]+)\}", json.dumps(argument))}
    else:
        found = {name for inner in intrinsics([argument]) for name in names(inner)}
    return {name for name in found if not name.startswith("AWS::")}
