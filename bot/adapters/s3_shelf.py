"""The evidence bucket: files are put with the condition that there is none, and the bucket's own lock keeps them.

Conditional writes and Object Lock are S3's (docs.aws.amazon.com/AmazonS3, "How to prevent object overwrites with
conditional writes", "Locking objects with Object Lock"); how long a file cannot be deleted is the bucket's default
retention, which the template sets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from bot.application.ports.evidence import Original, ShelfError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectRequestTypeDef

_THERE = "PreconditionFailed"


class S3Shelf:
    """Fulfils `Shelf`."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, key: str, content: bytes, kind: str) -> bool:
        """Put a file; False where there is one of that key. A bucket with a lock wants a checksum: SHA-256."""
        try:
            self._client.put_object(
                Bucket=self._bucket,
                Key=key,
                Body=content,
                ContentType=kind,
                IfNoneMatch="*",
                ChecksumAlgorithm="SHA256",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == _THERE:
                return False
            raise ShelfError(str(error)) from error
        except BotoCoreError as error:
            raise ShelfError(str(error)) from error
        return True

    def get(self, key: str, version: str = "") -> bytes:
        """A file as it was put: that version of it, or else the newest, which is the only one that the bot has put."""
        asked: GetObjectRequestTypeDef = {"Bucket": self._bucket, "Key": key}
        if version:
            asked["VersionId"] = version
        try:
            content: bytes = self._client.get_object(**asked)["Body"].read()
        except (ClientError, BotoCoreError) as error:
            raise ShelfError(f"{key}: {error}") from error
        return content

    def keys(self, prefix: str) -> tuple[str, ...]:
        """The keys of all files that begin so, all pages."""
        try:
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
            return tuple(each["Key"] for page in pages for each in page.get("Contents", ()))
        except (ClientError, BotoCoreError) as error:
            raise ShelfError(f"{prefix}: {error}") from error

    def originals(self, prefix: str) -> tuple[Original, ...]:
        """What was put first under each key: S3 lists the versions of a key from the newest to the oldest."""
        versions: dict[str, list[str]] = {}
        marked: set[str] = set()
        try:
            for page in self._client.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=prefix):
                for each in page.get("Versions", ()):
                    versions.setdefault(each["Key"], []).append(each["VersionId"])
                marked |= {each["Key"] for each in page.get("DeleteMarkers", ())}
        except (ClientError, BotoCoreError) as error:
            raise ShelfError(f"{prefix}: {error}") from error
        return tuple(
            Original(key, found[-1], is_covered=len(found) > 1 or key in marked)
            for key, found in sorted(versions.items())
        )
