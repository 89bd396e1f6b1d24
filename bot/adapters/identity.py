"""New ids for drills, in words that people can type and find again in the AWS console."""

from __future__ import annotations

import secrets
from datetime import datetime

_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
"""Without the ones that look like another."""


def new_drill_id(plan_name: str, now: datetime) -> str:
    """Like `payments-20261123-x7k2m`."""
    return f"{plan_name}-{now:%Y%m%d}-{''.join(secrets.choice(_LETTERS) for _ in range(5))}"
