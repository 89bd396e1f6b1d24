"""The table's real stream wakes functions as Lambda's event source mappings do."""

from __future__ import annotations

from pathlib import Path

from infra.local.aws.ministack import Ministack
from infra.local.stack import LocalStack
from tests.infra.runner.conftest import HOOK, TEMPLATE, Running


def test_a_filter_lets_only_its_inserts_through(shared: Running, partition: str) -> None:
    shared.put(partition, "OUT#work#1", "DRILL", "OUT#slack#1", "WAKE#slack#1")
    shared.put(partition, "OUT#work#1")
    shared.stack.settle()
    assert shared.batches("executor", partition) == [["OUT#work#1"]]
    assert shared.batches("notifier", partition) == [["OUT#slack#1", "WAKE#slack#1"]]


def test_a_template_with_a_wrong_filter_wakes_nobody(ministack: Ministack, tmp_path: Path) -> None:
    wrong = tmp_path / "template.yaml"
    wrong.write_text(TEMPLATE.read_text().replace('"OUT#work#"', '"OUT#wrok#"'))
    options = {"template": wrong, "clock_hook": HOOK, "env": {"NOTES": str(tmp_path)}, "ministack": ministack}
    with LocalStack(**options) as stack:  # type: ignore[arg-type]  # a dict of mixed values
        running = Running(stack, tmp_path)
        running.put("drill", "OUT#work#1", "OUT#slack#1")
        stack.settle()
        assert running.batches("executor", "drill") == []
        assert running.batches("notifier", "drill") == [["OUT#slack#1"]]


def test_a_record_has_the_shape_that_lambda_sends(shared: Running, partition: str) -> None:
    shared.put(partition, "OUT#work#1")
    shared.stack.settle()
    records = [record for entry in shared.noted("executor") for record in entry["event"]["Records"]]
    (record,) = [item for item in records if item.get("dynamodb", {}).get("Keys", {}).get("pk") == {"S": partition}]
    assert set(record) == {
        "eventID",
        "eventName",
        "eventVersion",
        "eventSource",
        "awsRegion",
        "dynamodb",
        "eventSourceARN",
    }
    assert record["eventSource"] == "aws:dynamodb"
    assert record["eventSourceARN"] == shared.stack.resources.stream_arn
    assert record["dynamodb"]["Keys"] == {"pk": {"S": partition}, "sk": {"S": "OUT#work#1"}}
    assert record["dynamodb"]["StreamViewType"] == "KEYS_ONLY"
    assert isinstance(record["dynamodb"]["ApproximateCreationDateTime"], float)


def test_a_batch_is_no_larger_than_the_template_says_and_in_order(shared: Running, partition: str) -> None:
    keys = [f"OUT#slack#{number:02}" for number in range(8)]
    shared.put(partition, *keys)
    shared.stack.settle()
    batches = shared.batches("notifier", partition)
    assert [key for batch in batches for key in batch] == keys
    assert max(len(batch) for batch in batches) == 3


def test_a_reported_failure_is_tried_again_with_all_that_follows_it(shared: Running, partition: str) -> None:
    shared.put(partition, "OUT#work#1", "OUT#work#2-fail-once", "OUT#work#3", "OUT#work#4")
    shared.stack.settle()
    assert shared.batches("executor", partition) == [
        ["OUT#work#1", "OUT#work#2-fail-once", "OUT#work#3", "OUT#work#4"],
        ["OUT#work#2-fail-once", "OUT#work#3", "OUT#work#4"],
    ]


def test_a_batch_that_raises_is_halved_until_the_bad_record_is_alone(shared: Running, partition: str) -> None:
    shared.put(partition, "OUT#work#1", "OUT#work#2", "OUT#work#3-raise", "OUT#work#4")
    shared.stack.settle()
    alone = ["OUT#work#3-raise"]
    assert shared.batches("executor", partition) == [
        ["OUT#work#1", "OUT#work#2", "OUT#work#3-raise", "OUT#work#4"],
        ["OUT#work#1", "OUT#work#2"],
        ["OUT#work#3-raise", "OUT#work#4"],
        alone,  # halving used up no retry, so there are two
        alone,
        alone,
        ["OUT#work#4"],
    ]


def test_a_record_whose_retries_are_used_up_is_reported_to_the_dead_letter_queue(
    shared: Running, partition: str
) -> None:
    shared.put(partition, "OUT#work#1-fail", "OUT#work#2")
    shared.stack.settle()
    assert shared.batches("executor", partition)[-1] == ["OUT#work#2"]
    records = [record for entry in shared.noted("executor") for record in entry["event"]["Records"]]
    given_up = next(
        record["dynamodb"]["SequenceNumber"]
        for record in records
        if record.get("dynamodb", {}).get("Keys") == {"pk": {"S": partition}, "sk": {"S": "OUT#work#1-fail"}}
    )
    infos = [item for item in shared.stack.dead_letters() if "DDBStreamBatchInfo" in item]
    (letter,) = [item for item in infos if item["DDBStreamBatchInfo"]["startSequenceNumber"] == given_up]
    assert letter["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert letter["requestContext"]["approximateInvokeCount"] == 3
    assert letter["DDBStreamBatchInfo"]["batchSize"] == 1
    assert letter["DDBStreamBatchInfo"]["streamArn"] == shared.stack.resources.stream_arn


def test_without_halving_a_batch_fails_as_a_whole_and_is_dropped_after_its_retries(
    shared: Running, partition: str
) -> None:
    shared.put(partition, "OUT#slack#1", "OUT#slack#2-raise", "OUT#slack#3", "OUT#slack#4")
    shared.stack.settle()
    whole = ["OUT#slack#1", "OUT#slack#2-raise", "OUT#slack#3"]
    assert shared.batches("notifier", partition) == [whole, whole, ["OUT#slack#4"]]


def test_a_partial_report_counts_for_nothing_unless_the_template_asks_for_it(
    ministack: Ministack, tmp_path: Path
) -> None:
    silent = tmp_path / "template.yaml"
    silent.write_text(
        TEMPLATE.read_text().replace("            FunctionResponseTypes: [ReportBatchItemFailures]\n", "")
    )
    options = {"template": silent, "clock_hook": HOOK, "env": {"NOTES": str(tmp_path)}, "ministack": ministack}
    with LocalStack(**options) as stack:  # type: ignore[arg-type]  # a dict of mixed values
        running = Running(stack, tmp_path)
        running.put("drill", "OUT#work#1-fail", "OUT#work#2")
        stack.settle()
        assert running.batches("executor", "drill") == [["OUT#work#1-fail", "OUT#work#2"]]


def test_one_drill_that_hangs_does_not_hold_up_another(shared: Running, partition: str) -> None:
    shared.put(partition, "OUT#work#1-hang-once")
    shared.stack.wait_until(lambda: shared.batches("executor", partition))
    others = [f"{partition}-{number}" for number in range(20)]
    for other in others:
        shared.put(other, "OUT#work#1")

    def done() -> list[str]:
        return [other for other in others if shared.batches("executor", other)]

    shared.stack.wait_until(done)
    assert shared.batches("executor", partition) == [["OUT#work#1-hang-once"]]
    assert shared.stack.kill("executor") >= 1
    shared.stack.settle()
    assert shared.batches("executor", partition) == [["OUT#work#1-hang-once"], ["OUT#work#1-hang-once"]]
    assert done() == others


def test_a_page_of_many_records_arrives_once_each(shared: Running, partition: str) -> None:
    keys = [f"OUT#work#{number:02}" for number in range(30)]
    shared.put(partition, *keys)
    shared.stack.settle()
    assert [key for batch in shared.batches("executor", partition) for key in batch] == keys
