"""A file is put once and is read back as it was: in memory, on moto, and on the bucket that the template describes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from bot.adapters.s3_shelf import S3Shelf
from bot.application.ports.evidence import Shelf, ShelfError
from infra.local.aws.ministack import Ministack
from infra.local.aws.resources import TEMPLATE, create_resources
from infra.local.aws.template import transform
from tests.fakes.shelf import MemoryShelf

REGION = "eu-west-1"
JSON = "application/json"
Cover = Callable[[str, bytes | None], None]


@pytest.fixture(params=["memory", "moto", pytest.param("ministack", marks=pytest.mark.ministack)])
def shelf(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    if request.param == "memory":
        yield MemoryShelf()
    elif request.param == "moto":
        monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
        with mock_aws():
            yield S3Shelf(boto3.client("s3"), bucket_like_the_templates())
    else:
        ministack: Ministack = request.getfixturevalue("ministack")
        made = create_resources(ministack)
        yield S3Shelf(ministack.client("s3"), made.buckets["EvidenceBucket"])


@pytest.fixture
def cover(shelf: Shelf) -> Cover:
    """Somebody with more rights than the bot puts another version on top of a file, or marks it as deleted."""

    def covers(key: str, content: bytes | None) -> None:
        if isinstance(shelf, MemoryShelf):
            shelf.covered[key] = content
        elif isinstance(shelf, S3Shelf) and content is None:
            shelf._client.delete_object(Bucket=shelf._bucket, Key=key)
        elif isinstance(shelf, S3Shelf) and content is not None:
            shelf._client.put_object(Bucket=shelf._bucket, Key=key, Body=content, ChecksumAlgorithm="SHA256")

    return covers


def bucket_like_the_templates() -> str:
    client: Any = boto3.client("s3")
    where = {"LocationConstraint": REGION}
    client.create_bucket(Bucket="evidence", CreateBucketConfiguration=where, ObjectLockEnabledForBucket=True)
    properties = transform(TEMPLATE.read_text(), REGION)["Resources"]["EvidenceBucket"]["Properties"]
    lock = properties["ObjectLockConfiguration"] | {"Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 400}}}
    client.put_object_lock_configuration(Bucket="evidence", ObjectLockConfiguration=lock)
    return "evidence"


def test_what_is_put_is_read_back_byte_for_byte(shelf: Shelf) -> None:
    content = bytes(range(256)) * 40
    assert shelf.put("payments/d-1/report-001/report.pdf", content, "application/pdf")
    assert shelf.get("payments/d-1/report-001/report.pdf") == content


def test_nothing_is_ever_replaced(shelf: Shelf) -> None:
    assert shelf.put("a.json", b"first", JSON)
    assert not shelf.put("a.json", b"second", JSON)
    assert not shelf.put("a.json", b"first", JSON)
    assert shelf.get("a.json") == b"first"


def test_the_keys_that_begin_so_are_listed_in_order(shelf: Shelf) -> None:
    assert shelf.keys("payments/") == ()
    for key in ("payments/d-1/b", "payments/d-2/c", "payments/d-1/a", "shop/d-1/a"):
        shelf.put(key, b"x", JSON)
    assert shelf.keys("payments/d-1/") == ("payments/d-1/a", "payments/d-1/b")


def test_what_was_put_first_is_known_though_something_is_put_on_top_of_it_or_hides_it(
    shelf: Shelf, cover: Cover
) -> None:
    for key in ("a/1", "a/2", "a/3", "b/1"):
        shelf.put(key, b"first", JSON)
    cover("a/2", b"second")
    cover("a/3", None)
    found = shelf.originals("a/")
    assert [(each.key, each.is_covered) for each in found] == [("a/1", False), ("a/2", True), ("a/3", True)]
    assert {shelf.get(each.key, each.version) for each in found} == {b"first"}
    assert shelf.get("a/2") == b"second"
    assert shelf.keys("a/") == ("a/1", "a/2")
    with pytest.raises(ShelfError, match=r"^a/3: "):
        shelf.get("a/3")


def test_what_is_not_there_is_said_with_its_key(shelf: Shelf) -> None:
    with pytest.raises(ShelfError, match=r"^missing\.json: "):
        shelf.get("missing.json")


def test_more_keys_than_a_page_are_all_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        client = boto3.client("s3")
        shelf = S3Shelf(client, bucket_like_the_templates())
        for number in range(1_003):
            client.put_object(Bucket="evidence", Key=f"a/{number:04}", Body=b"x")
        assert len(shelf.keys("a/")) == 1_003


@pytest.mark.parametrize("act", ["put", "get", "keys"])
def test_a_bucket_that_is_not_there_or_cannot_be_reached_is_told(act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    calls = {
        "put": lambda shelf: shelf.put("a", b"x", JSON),
        "get": lambda shelf: shelf.get("a"),
        "keys": lambda shelf: shelf.keys("a"),
    }
    with mock_aws(), pytest.raises(ShelfError, match="NoSuchBucket"):
        calls[act](S3Shelf(boto3.client("s3"), "nobodys"))
    nowhere = boto3.client("s3", endpoint_url="http://127.0.0.1:9", aws_access_key_id="a", aws_secret_access_key="b")
    with pytest.raises(ShelfError, match="Could not connect"):
        calls[act](S3Shelf(nowhere, "nobodys"))


def test_what_is_put_is_locked_as_long_as_the_bucket_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        client = boto3.client("s3")
        S3Shelf(client, bucket_like_the_templates()).put("a.json", b"x", JSON)
        head = client.head_object(Bucket="evidence", Key="a.json")
        assert head["ObjectLockMode"] == "GOVERNANCE"
        with pytest.raises(client.exceptions.ClientError, match="AccessDenied"):
            client.delete_object(Bucket="evidence", Key="a.json", VersionId=head["VersionId"])
