"""EC2, SSM, DRS and the probe as checks ask them: the real adapter before the simulator in moto's mock mode."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws

from bot.adapters.check_answers import cut
from bot.adapters.check_launch_actions import look_at_launch_actions
from bot.adapters.check_probe import look_by_probe
from bot.adapters.checks import CheckerAdapter
from bot.domain.checks import MOST_OUTPUT, CheckResult
from bot.domain.plan_checks import AutomationCheck, CommandCheck, HttpCheck, PlanCheck
from infra.local import drs
from infra.local.clock import ManualClock
from infra.local.drs.health import AGENT_AFTER, BOOTS_FOR, COMMAND_TAKES, RUNBOOK_TAKES
from infra.local.drs.models import drs_backends
from tests.contract.checks.launched import ACCOUNT, REGION, Launched

STATUS, PORT = PlanCheck(status="ok"), PlanCheck(tcp=5432)
PROBE = PlanCheck(http=HttpCheck(url="https://pay.example.com/health"), via="probe")
COMMAND = PlanCheck(command=CommandCheck(parameters={"commands": ("systemctl is-active nginx",)}, says="answers"))
RUNBOOK = PlanCheck(automation=AutomationCheck(document="Smoke", parameters={"Ids": ("$instances", "last")}))
ACTIONS = PlanCheck(launch_actions="succeeded")
PASSED, FAILED, RUNNING = CheckResult.PASSED, CheckResult.FAILED, CheckResult.RUNNING


@pytest.fixture
def clock() -> Iterator[ManualClock]:
    clock = ManualClock()
    drs.set_clock(clock.now)
    yield clock
    drs.set_clock(drs.wall_time)


@pytest.fixture
def launched(clock: ManualClock) -> Iterator[Launched]:
    drs.install()
    with mock_aws():
        yield Launched(clock, 2)


def fault() -> drs.Faults:
    return drs.faults(ACCOUNT, REGION)


def test_status_checks_pass_when_the_instance_has_booted(launched: Launched) -> None:
    early = launched.look(STATUS)
    assert launched.results(early) == {FAILED}
    assert early[0].said == "It is running; status checks: system initializing, instance initializing."
    well = launched.after(BOOTS_FOR).look(STATUS)
    assert launched.results(well) == {PASSED}
    assert "system status: ok" in well[0].output


def test_an_impaired_instance_is_told_from_a_good_one(launched: Launched) -> None:
    fault().afflict(launched.ids[1], drs.Ailment.IMPAIRED)
    good, bad = launched.after(BOOTS_FOR).look(STATUS)
    assert (good.result, bad.result) == (PASSED, FAILED)
    assert "instance impaired" in bad.said


def test_one_instance_that_is_gone_does_not_hide_the_others(launched: Launched) -> None:
    launched.after(BOOTS_FOR)
    launched.instances[launched.ids[0]] = "i-0123456789abcdef0"
    gone, well = launched.look(STATUS)
    assert (gone.result, well.result) == (FAILED, PASSED)
    assert gone.said == "EC2 does not know instance i-0123456789abcdef0."


@pytest.mark.parametrize("check", [STATUS, PORT, PROBE, COMMAND])
def test_an_instance_that_drs_has_not_told_of_is_said_to_be_unknown(launched: Launched, check: PlanCheck) -> None:
    asks = [ask.model_copy(update={"ec2_instance_ids": ()}) for ask in launched.asks(check)]
    answers = launched.checker.look("payments-1", asks)
    assert {answer.said for answer in answers} == {"DRS has not told which EC2 instance it launched."}


@pytest.mark.parametrize("check", [PORT, COMMAND])
def test_a_command_is_sent_once_the_agent_is_online_and_looked_at_later(launched: Launched, check: PlanCheck) -> None:
    early = launched.look(check)
    assert launched.results(early) == {FAILED}
    assert "SSM does not see its agent online" in early[0].said
    sent = launched.after(AGENT_AFTER).look(check)
    assert launched.results(sent) == {RUNNING}
    assert len(set(launched.refs(sent).values())) == 1, "one command for both"
    still = launched.look(check, ref=launched.refs(sent))
    assert launched.results(still) == {RUNNING}
    done = launched.after(COMMAND_TAKES).look(check, ref=launched.refs(sent))
    assert launched.results(done) == {PASSED}
    assert done[0].output == "It answers."


def test_a_command_whose_sending_was_not_recorded_is_found_and_not_sent_again(launched: Launched) -> None:
    first = launched.after(AGENT_AFTER).look(PORT)
    again = launched.look(PORT)
    assert launched.refs(again) == launched.refs(first)
    another = launched.look(PORT, tries=2)
    assert not set(launched.refs(another).values()) & set(launched.refs(first).values())


def test_a_command_that_fails_is_told_in_its_own_words(launched: Launched) -> None:
    fault().afflict(launched.ids[0], drs.Ailment.SILENT)
    sent = launched.after(AGENT_AFTER).look(PORT)
    bad, good = launched.after(COMMAND_TAKES).look(PORT, ref=launched.refs(sent))
    assert (bad.result, good.result) == (FAILED, PASSED)
    assert bad.said == "It does not answer. (Failed)"


def test_a_command_that_does_not_say_what_is_wanted_has_failed(launched: Launched) -> None:
    check = PlanCheck(command=CommandCheck(says="purple"))
    sent = launched.after(AGENT_AFTER).look(check)
    done = launched.after(COMMAND_TAKES).look(check, ref=launched.refs(sent))
    assert launched.results(done) == {FAILED}
    assert "its output has no “purple”" in done[0].said


def test_a_runbook_is_started_once_by_its_token_with_the_instances_filled_in(launched: Launched) -> None:
    (first,) = launched.look(RUNBOOK)
    (again,) = launched.look(RUNBOOK)
    assert (first.result, first.ref) == (RUNNING, again.ref)
    (other,) = launched.look(RUNBOOK, tries=2)
    assert other.ref != first.ref
    runbooks = drs_backends[ACCOUNT][REGION].runbooks.values()
    sent = next(each for each in runbooks if each.id == first.ref)
    assert sent.parameters == {"Ids": [*launched.instances.values(), "last"]}
    refs = {"-": first.ref}
    assert launched.results(launched.look(RUNBOOK, ref=refs)) == {RUNNING}
    (done,) = launched.after(RUNBOOK_TAKES).look(RUNBOOK, ref=refs)
    assert (done.result, done.said) == (PASSED, "The runbook has ended: Success.")


def test_a_runbook_that_fails_is_told_with_its_reason(launched: Launched) -> None:
    fault().fail_document("Smoke")
    (first,) = launched.look(RUNBOOK)
    (done,) = launched.after(RUNBOOK_TAKES).look(RUNBOOK, ref={"-": first.ref})
    assert (done.result, done.said) == (FAILED, "The runbook has ended: Failed: Step fails when it is Execute")


def test_the_probe_is_asked_for_all_at_once(launched: Launched) -> None:
    fault().afflict(launched.ids[1], drs.Ailment.SILENT)
    good, bad = launched.after(BOOTS_FOR).look(PROBE)
    assert (good.result, good.said, bad.result, bad.said) == (PASSED, "It answers.", FAILED, "Connection refused.")


def test_where_there_is_no_probe_it_is_said_how_to_get_one(launched: Launched) -> None:
    drs.configure(ACCOUNT, REGION, drs.Settings(has_probe=False))
    answers = launched.after(BOOTS_FOR).look(PROBE)
    assert all("deploy infra/probe.yaml" in answer.said for answer in answers)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"[]", "What the probe answers cannot be read: []"),
        (b"no", "What the probe answers cannot be read: no"),
        (b'{"answers": []}', "The probe has not answered for it."),
    ],
)
def test_a_probe_that_answers_oddly_is_told_as_it_is(launched: Launched, answer: bytes, told: str) -> None:
    class Odd:
        def invoke(self, **_named: object) -> dict[str, Any]:
            return {"Payload": io.BytesIO(answer)}

    ec2 = launched.session.client("ec2")
    assert {each.said for each in look_by_probe(ec2, Odd(), launched.asks(PROBE))} == {told}


def test_a_probe_that_breaks_is_told(launched: Launched) -> None:
    class Broken:
        def invoke(self, **_named: object) -> dict[str, Any]:
            return {"FunctionError": "Unhandled", "Payload": io.BytesIO(b"timed out")}

    ec2 = launched.session.client("ec2")
    answers = look_by_probe(ec2, Broken(), launched.asks(PROBE))
    assert {each.said for each in answers} == {"The probe has failed: timed out"}


@pytest.mark.parametrize(
    ("runs", "result", "said"),
    [
        ([("SUCCEEDED", False, "")], PASSED, "1 launch actions of DRS have ended well."),
        ([("SUCCEEDED", False, ""), ("IN_PROGRESS", False, "")], RUNNING, "DRS has not ended its launch actions yet."),
        ([("FAILED", False, "no disk")], FAILED, "Resize FAILED: no disk"),
        ([("FAILED", True, "no disk"), ("SUCCEEDED", False, "")], PASSED, "2 launch actions of DRS have ended well."),
    ],
)
def test_launch_actions_are_read_from_the_job(
    launched: Launched, runs: list[tuple[str, bool, str]], result: CheckResult, said: str
) -> None:
    """DRS's own shape (botocore `LaunchActionsStatus`), by botocore's parser: the simulator has no launch actions."""
    (ask, _) = launched.asks(ACTIONS)
    shown = [
        {"action": {"name": "Resize", "optional": optional}, "status": status, "failureReason": why}
        for status, optional, why in runs
    ]
    server = {"sourceServerID": ask.server_id, "launchActionsStatus": {"runs": shown}}
    client = boto3.session.Session(region_name=REGION).client("drs")
    with Stubber(client) as stub:
        stub.add_response("describe_jobs", {"items": [{"jobID": ask.job_id, "participatingServers": [server]}]})
        (answer,) = look_at_launch_actions(client, [ask])
    assert (answer.result, answer.said) == (result, said)


def test_launch_actions_that_drs_does_not_show_are_not_taken_for_good(launched: Launched) -> None:
    answers = launched.look(ACTIONS)
    assert launched.results(answers) == {FAILED}
    assert "DRS shows no launch actions" in answers[0].said


def test_many_servers_take_few_calls(clock: ManualClock) -> None:
    drs.install()
    with mock_aws():
        drs.start_afresh(ACCOUNT, REGION)
        many = Launched(clock, 101)
        many.after(BOOTS_FOR)
        calls = many.calls()
        assert many.results(many.look(STATUS)) == {PASSED}
        assert calls["DescribeInstanceStatus"] == 2
        sent = many.look(PORT)
        assert (calls["SendCommand"], calls["ListCommands"], calls["DescribeInstanceInformation"]) == (3, 1, 3)
        done = many.after(COMMAND_TAKES).look(PORT, ref=many.refs(sent))
        assert many.results(done) == {PASSED}
        assert calls["ListCommandInvocations"] == 3


def denied(operation: str) -> ClientError:
    return ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, operation)


@pytest.mark.parametrize("check", [STATUS, PORT, PROBE, COMMAND, RUNBOOK, ACTIONS])
def test_what_aws_refuses_is_an_answer_and_no_crash(launched: Launched, check: PlanCheck) -> None:
    class Refusing:
        def __getattr__(self, operation: str) -> Any:
            def refuse(*_given: object, **_named: object) -> Any:
                raise denied(operation)

            return refuse

    nobody = Refusing()
    answers = CheckerAdapter(nobody, nobody, nobody, nobody).look("payments-1", launched.asks(check))
    assert {answer.result for answer in answers} == {FAILED}
    assert all("AccessDeniedException" in answer.said for answer in answers)


def test_a_long_output_is_kept_with_its_beginning_and_its_end() -> None:
    kept = cut("begin" + "x" * 5_000 + "end")
    assert len(kept) <= MOST_OUTPUT
    assert kept.startswith("begin")
    assert kept.endswith("end")
