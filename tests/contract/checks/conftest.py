from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.contract.checks.certificates import Authority
from tests.contract.checks.servers import Servers


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="session")
def servers(authority: Authority) -> Iterator[Servers]:
    """Real servers on loopback, which end with the tests."""
    with ExitStack() as ending:
        yield Servers(authority, ending)


@pytest.fixture
def trusted(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of a machine that trusts this authority, and no other."""
    bundle = tmp_path / "authority.pem"
    bundle.write_bytes(authority.certificate)
    assert ssl.get_default_verify_paths().openssl_cafile_env == "SSL_CERT_FILE"
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    return {**os.environ, "CURL_CA_BUNDLE": str(bundle)}
