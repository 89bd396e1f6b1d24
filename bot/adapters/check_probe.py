"""Ports and addresses of the launched instances, asked over the network by the probe in the servers' account.

The probe is a function in the drills' network (`infra/probe.yaml`). One call asks for many servers, side by side.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.adapters.check_answers import UNKNOWN_INSTANCE, all_failed, failed, passed
from bot.adapters.check_status import INSTANCES_OF_A_CALL
from bot.adapters.drs_errors import CALL_ERRORS, translated
from bot.domain.check_rights import PROBE
from bot.domain.checks import Answer, Ask

TARGETS_OF_A_CALL = 50
NOT_THERE = f"There is no probe: deploy infra/probe.yaml, which makes the function {PROBE}, in the servers' account."


def look_by_probe(ec2: Any, functions: Any, asks: Sequence[Ask]) -> list[Answer]:
    """Ask the probe for all of them."""
    addresses = dict(_addresses(ec2, [ask.ec2_instance_id for ask in asks if ask.ec2_instance_id]))
    known = [ask for ask in asks if ask.ec2_instance_id in addresses]
    answers = [failed(ask, _unknown(ask)) for ask in asks if ask.ec2_instance_id not in addresses]
    for start in range(0, len(known), TARGETS_OF_A_CALL):
        answers += _ask_probe(functions, known[start : start + TARGETS_OF_A_CALL], addresses)
    return answers


def _unknown(ask: Ask) -> str:
    return f"EC2 shows no private address of {ask.ec2_instance_id}." if ask.ec2_instance_id else UNKNOWN_INSTANCE


def _addresses(ec2: Any, instance_ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    pages = ec2.get_paginator("describe_instances")
    for start in range(0, len(instance_ids), INSTANCES_OF_A_CALL):
        # A filter, and no list of ids: EC2 refuses a list with one instance that it does not know.
        wanted = [{"Name": "instance-id", "Values": list(instance_ids[start : start + INSTANCES_OF_A_CALL])}]
        for page in pages.paginate(Filters=wanted):
            for reservation in page["Reservations"]:
                for each in reservation["Instances"]:
                    if each.get("PrivateIpAddress"):
                        yield each["InstanceId"], each["PrivateIpAddress"]


def _ask_probe(functions: Any, asks: Sequence[Ask], addresses: Mapping[str, str]) -> list[Answer]:
    targets = [{"key": ask.key, "address": addresses[ask.ec2_instance_id or ""], **_wanted(ask)} for ask in asks]
    try:
        answer = functions.invoke(FunctionName=PROBE, Payload=json.dumps({"targets": targets}).encode())
    except CALL_ERRORS as error:
        told = translated("Invoke", error)
        return all_failed(asks, NOT_THERE if "ResourceNotFoundException" in told.words else told.words)
    said = answer["Payload"].read().decode(errors="replace")
    if answer.get("FunctionError"):
        return all_failed(asks, f"The probe has failed: {said}")
    try:
        seen = {each["key"]: each for each in json.loads(said)["answers"]}
    except (ValueError, TypeError, KeyError):
        return all_failed(asks, f"What the probe answers cannot be read: {said}")
    return [_answer(ask, seen.get(ask.key)) for ask in asks]


def _wanted(ask: Ask) -> dict[str, Any]:
    http = ask.check.http
    if http is None:
        return {"port": ask.check.tcp}
    return {"url": http.url, "status": http.status, **({"text": http.text} if http.text else {})}


def _answer(ask: Ask, seen: Mapping[str, Any] | None) -> Answer:
    if seen is None:
        return failed(ask, "The probe has not answered for it.")
    made = passed if seen.get("passed") is True else failed
    return made(ask, str(seen.get("said", "")), str(seen.get("output", "")))
