"""Ports and addresses, asked of real servers on loopback: by the script that SSM runs, and by the probe."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.check_scripts import script_of
from bot.domain.plan_checks import HttpCheck, PlanCheck
from infra.probe.probe import answers, lambda_handler
from tests.contract.checks.certificates import NAME
from tests.contract.checks.servers import LOOPBACK, Servers

SECONDS = 1


@dataclass(frozen=True)
class Seen:
    passed: bool
    said: str


Look = Callable[[PlanCheck], Seen]


@pytest.fixture(params=["script", "probe"])
def look(request: pytest.FixtureRequest, trusted: dict[str, str], tmp_path: Path) -> Look:
    """The same check, asked in both ways."""

    def by_script(check: PlanCheck) -> Seen:
        script = script_of(check, "Linux", SECONDS)
        ran = subprocess.run(  # noqa: S603 - our own script
            ["/bin/sh", "-c", script],
            env=trusted,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert ran.stderr == ""
        return Seen(ran.returncode == 0, ran.stdout.strip())

    def by_probe(check: PlanCheck) -> Seen:
        wanted: dict[str, Any] = {"port": check.tcp}
        if check.http:
            wanted = {"url": check.http.url, "status": check.http.status, "text": check.http.text or ""}
        target = {"key": "1", "address": LOOPBACK, **wanted}
        (answer,) = answers([target], is_allowed=lambda _address: True, seconds=SECONDS)["answers"]
        return Seen(answer["passed"], answer["said"])

    return by_script if request.param == "script" else by_probe


def page(port: int, path: str = "/health", scheme: str = "https", **wanted: Any) -> PlanCheck:
    return PlanCheck(http=HttpCheck(url=f"{scheme}://{NAME}:{port}{path}", **wanted))


def test_a_port_that_answers_passes(look: Look, servers: Servers) -> None:
    assert look(PlanCheck(tcp=servers.http)).passed


def test_a_port_at_which_nothing_listens_does_not(look: Look, servers: Servers) -> None:
    seen = look(PlanCheck(tcp=servers.closed))
    assert not seen.passed
    assert "does not answer" in seen.said or "refused" in seen.said


def test_a_page_passes_though_dns_does_not_know_its_name(look: Look, servers: Servers) -> None:
    assert look(page(servers.http, scheme="http")).passed
    assert look(page(servers.https)).passed


def test_the_server_is_asked_by_the_name_in_the_url(look: Look, servers: Servers) -> None:
    assert look(page(servers.https, text=f"UP for {NAME}")).passed


def test_another_status_does_not_pass_and_is_told(look: Look, servers: Servers) -> None:
    seen = look(page(servers.https, "/broken"))
    assert not seen.passed
    assert "503 instead of 200" in seen.said
    assert look(page(servers.https, "/broken", status=503)).passed


def test_a_redirect_is_not_followed(look: Look, servers: Servers) -> None:
    assert not look(page(servers.https, "/moved")).passed
    assert look(page(servers.https, "/moved", status=302)).passed


def test_a_text_that_is_missing_does_not_pass(look: Look, servers: Servers) -> None:
    seen = look(page(servers.https, text="DOWN"))
    assert not seen.passed
    assert "not with the text" in seen.said


@pytest.mark.parametrize("bad", ["wrong_name", "expired", "self_signed"])
def test_a_certificate_that_nobody_should_trust_does_not_pass(look: Look, servers: Servers, bad: str) -> None:
    seen = look(page(getattr(servers, bad)))
    assert not seen.passed
    assert "certificate" in seen.said.lower()


def test_a_server_that_speaks_no_tls_does_not_pass(look: Look, servers: Servers) -> None:
    assert not look(page(servers.http)).passed


def test_a_server_that_is_too_slow_does_not_pass(look: Look, servers: Servers) -> None:
    seen = look(page(servers.https, "/slow"))
    assert not seen.passed
    assert "timed out" in seen.said.lower() or "did not answer within" in seen.said


QUOTES = ("\u2018", "\u2019", "'")
"""PowerShell takes each of them for the end of a text between single quotes."""


def test_nothing_that_a_plan_says_is_run(look: Look, servers: Servers, tmp_path: Path) -> None:
    for nasty in ("'; touch sprung; echo '", "$(touch sprung)", "`touch sprung`", '"; touch sprung; "'):
        assert not look(page(servers.https, text=nasty)).passed
        assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("quote", QUOTES)
def test_powershell_takes_a_text_as_it_is(quote: str) -> None:
    assert f"'it{quote}{quote}s'" in script_of(page(443, text=f"it{quote}s"), "Windows")


def test_the_probe_asks_private_addresses_only() -> None:
    wanted = ["8.8.8.8", LOOPBACK, "169.254.169.254", "0.0.0.0"]  # noqa: S104 - none of these is bound
    told = lambda_handler({"targets": [{"key": each, "address": each, "port": 9} for each in wanted]}, None)
    assert [(each["key"], each["passed"]) for each in told["answers"]] == [(each, False) for each in wanted]
    assert all("no private address" in each["said"] for each in told["answers"])
