from __future__ import annotations

import pytest

from bot.domain.plan import Target
from bot.views.console import instance_link, job_link

HERE = Target(account_id="123456789012", region="eu-west-1")


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


def test_an_instance_is_linked_by_its_id_or_in_other_words() -> None:
    address = "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-0abc"
    assert instance_link(HERE, "i-0abc") == f"<{address}|i-0abc>"
    assert instance_link(HERE, "i-0abc", "EC2") == f"<{address}|EC2>"


def test_a_job_id_from_outside_cannot_break_out_of_its_link() -> None:
    assert job_link(Target(account_id="123456789012", region="eu-west-1"), "a|b>c").count("|") == 1
