"""The base of every model in the house: frozen, closed to unknown fields, and quick to validate."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value: it never changes, two of the same content are equal, and an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _in_utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""A moment, always with a time zone and always held in UTC."""
