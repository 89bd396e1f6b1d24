"""boto3's sessions by target: with the bot's own credentials, or with those of the target's role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.credentials import (
    CredentialProvider,
    CredentialResolver,
    Credentials,
    DeferredRefreshableCredentials,
    create_assume_role_refresher,
)

from bot.domain.plan import Target

if TYPE_CHECKING:
    from mypy_boto3_sts.client import STSClient

ROLE_SESSION_NAME = "drs-drill-bot"
"""How the bot shows up in the target account's CloudTrail."""


def session_for(target: Target, own: boto3.session.Session, config: Config) -> boto3.session.Session:
    """The session for a target. Its role is assumed at the first call that is made with it.

    Args:
        target: where the servers are.
        own: the bot's own credentials; used as they are for a target without a role, else to assume the role.
        config: for the calls to STS.
    """
    if target.role_arn is None:
        return own
    # In the bot's own Region: its account may never have enabled the target's.
    own_region = own.region_name or target.region
    sts = own.client("sts", region_name=own_region, config=config)
    session = botocore.session.get_session()
    provider = _AssumedRole(sts, _assumption(target))
    session.register_component("credential_provider", CredentialResolver([provider]))
    return boto3.session.Session(botocore_session=session)


class _AssumedRole(CredentialProvider):
    """Credentials of a role that botocore renews some minutes before they expire, however long the process lives."""

    METHOD = "assume-role"

    def __init__(self, sts: STSClient, assumption: dict[str, Any]) -> None:
        super().__init__()
        self._refresher = create_assume_role_refresher(sts, assumption)

    def load(self) -> Credentials:
        """The credentials; nothing is asked of STS before they are used."""
        return DeferredRefreshableCredentials(refresh_using=self._refresher, method=self.METHOD)


def _assumption(target: Target) -> dict[str, Any]:
    """The parameters of AssumeRole (botocore model of STS)."""
    external = {"ExternalId": target.external_id} if target.external_id else {}
    return {"RoleArn": target.role_arn, "RoleSessionName": ROLE_SESSION_NAME, **external}
