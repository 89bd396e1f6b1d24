"""What a plan expects of how servers are launched. It is compared with what DRS is set to, and never brings that about.

The words are DRS's (botocore `LaunchConfiguration`), in snake case.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.domain.model import Frozen

Disposition = Literal["STARTED", "STOPPED"]
RightSizing = Literal["NONE", "BASIC", "IN_AWS"]
RecoveryMode = Literal["FAST", "OPTIMAL"]


class Expectation(Frozen):
    """What a plan expects of a server's launch configuration. What it leaves out may be anything."""

    launch_disposition: Disposition | None = Field(
        default=None, description="Whether the launched instance is started, or left stopped."
    )
    right_sizing: RightSizing | None = Field(
        default=None, description="How DRS chooses the instance type (targetInstanceTypeRightSizingMethod)."
    )
    copy_private_ip: bool | None = Field(
        default=None, examples=[False], description="Whether the instance gets the source server's private IP."
    )
    copy_tags: bool | None = Field(
        default=None, examples=[True], description="Whether the instance gets the source server's tags."
    )
    os_byol: bool | None = Field(
        default=None, examples=[False], description="Whether its operating system's licence is brought along."
    )
    post_launch_enabled: bool | None = Field(
        default=None, examples=[False], description="Whether DRS runs post-launch actions on the instance."
    )
    recovery_mode: RecoveryMode | None = Field(
        default=None, description="FAST skips the conversion of the disks, OPTIMAL does not."
    )

    def over(self, wider: Expectation | None) -> Expectation:
        """What is expected of a server: what this says, and of what it leaves out what a wider one says."""
        return wider.model_copy(update=self.stated) if wider else self

    @property
    def stated(self) -> dict[str, str | bool]:
        """What is expected, by name."""
        return {name: value for name, value in self.model_dump().items() if value is not None}
