"""Puts DRS beside moto's own services, without touching moto's files.

moto finds a service in two places: the table of URL patterns, which both its mock mode and its server read at each
request or start, and the package `moto.<service>`, which must have `<service>_backends`.
"""

from __future__ import annotations

import re
import sys
from importlib.util import find_spec
from types import ModuleType

from moto import backend_index
from moto.awslambda import urls as lambda_urls
from moto.ec2 import urls as ec2_urls
from moto.iam import urls as iam_urls
from moto.servicequotas import urls as quota_urls
from moto.ssm import urls as ssm_urls

from infra.local.drs.models import drs_backends
from infra.local.drs.places import Ec2WithTemplates
from infra.local.drs.probes import FunctionsWithProbe
from infra.local.drs.quotas import DrsQuotasResponse
from infra.local.drs.rights import IamWithAnswers
from infra.local.drs.systems import SystemsOfInstances
from infra.local.drs.urls import url_bases

SERVICE = "drs"
MODULE = f"moto.{SERVICE}"


def install() -> None:
    """Let moto serve DRS, and what other services tell of it and of what it launches, in `mock_aws` and its server.

    A second call changes nothing.

    Raises:
        RuntimeError: this moto has a DRS of its own, which would be the one to answer.
    """
    if MODULE not in sys.modules:
        if find_spec(MODULE):
            raise RuntimeError(f"{MODULE} exists: moto has a DRS of its own now")
        module = ModuleType(MODULE, "DRS, put here by infra.local.drs")
        vars(module)["drs_backends"] = drs_backends
        sys.modules[MODULE] = module
    patterns = backend_index.backend_url_patterns
    if not any(service == SERVICE for service, _ in patterns):
        patterns.insert(0, (SERVICE, re.compile(url_bases[0])))
    quota_urls.url_paths["{0}/$"] = DrsQuotasResponse.dispatch
    ec2_urls.url_paths["{0}/"] = Ec2WithTemplates.dispatch
    iam_urls.url_paths["{0}/$"] = IamWithAnswers.dispatch
    ssm_urls.url_paths["{0}/$"] = SystemsOfInstances.dispatch
    for pattern in lambda_urls.url_paths:
        if pattern.endswith("/invocations/?$"):
            lambda_urls.url_paths[pattern] = FunctionsWithProbe.dispatch
