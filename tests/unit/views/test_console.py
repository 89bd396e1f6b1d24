from __future__ import annotations

import pytest

from bot.domain.plan import Target
from bot.views.console import job_link


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("eu-west-1", "eu-west-1.console.aws.amazon.com"),
        ("cn-north-1", "cn-north-1.console.amazonaws.cn"),
        ("us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"),
    ],
)
def test_a_job_is_linked_in_the_console_of_its_region(region: str, host: str) -> None:
    link = job_link(Target(account_id="123456789012", region=region), "drsjob-1")
    assert link == f"<https://{host}/drs/home?region={region}#/launchHistory/drsjob-1|drsjob-1>"


def test_a_job_id_from_outside_cannot_break_out_of_its_link() -> None:
    assert job_link(Target(account_id="123456789012", region="eu-west-1"), "a|b>c").count("|") == 1
