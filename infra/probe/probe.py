"""The probe: asks launched servers over the drills' network, and tells what each has answered.

A function of its own in the account of the servers (`infra/probe.yaml`); it needs nothing but Python. It connects to
private addresses only, verifies certificates, and follows no redirects.

    {"targets": [
        {"key": "1", "address": "10.0.0.7", "port": 5432},
        {"key": "2", "address": "10.0.0.8", "url": "https://pay.example.com/health", "status": 200, "text": "UP"}
    ]}

The connection goes to `address`; the name in the URL is what is asked for, and what the certificate must be of.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

SECONDS = 4.0
"""How long each step of a target may take (to connect, TLS, the answer): the function ends after 15."""
MOST_BODY = 1_048_576
MOST_OUTPUT = 500
AT_ONCE = 50
MOST_TARGETS = 100


def lambda_handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Ask all targets side by side."""
    return answers(event["targets"], is_allowed=_is_private)


def answers(
    targets: list[dict[str, Any]], *, is_allowed: Callable[[str], bool], seconds: float = SECONDS
) -> dict[str, Any]:
    """An answer for each target. `is_allowed`: which addresses may be connected to; `seconds`: for each step."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        asked = [threads.submit(_answer, each, is_allowed, seconds) for each in targets[:MOST_TARGETS]]
        return {"answers": [each.result() for each in asked]}


_SHARED = ipaddress.ip_network("100.64.0.0/10")
"""Which networks in AWS often use as well, and Python does not call private."""


def _is_private(address: str) -> bool:
    """Whether it is an address of the account's own networks: neither public, nor this machine, nor link-local."""
    known = ipaddress.ip_address(address)
    return (known.is_private or known in _SHARED) and not (
        known.is_loopback or known.is_link_local or known.is_unspecified
    )


def _answer(target: dict[str, Any], is_allowed: Callable[[str], bool], seconds: float) -> dict[str, Any]:
    try:
        if is_allowed(target["address"]):
            passed, said, output = (_http if "url" in target else _tcp)(target, seconds)
        else:
            passed, said, output = False, f"{target['address']} is no private address of this network.", ""
    except ssl.SSLCertVerificationError as error:
        passed, said, output = False, f"Its certificate is not valid: {error.verify_message}.", ""
    except ssl.SSLError as error:
        passed, said, output = False, f"TLS failed: {error.reason or error}.", ""
    except ConnectionRefusedError:
        passed, said, output = False, "The connection was refused: nothing listens at that port.", ""
    except TimeoutError:
        passed, said, output = False, f"It did not answer within {seconds:g} s.", ""
    except (OSError, ValueError, http.client.HTTPException) as error:
        passed, said, output = False, f"{type(error).__name__}: {error}", ""
    return {"key": target["key"], "passed": passed, "said": said, "output": output[:MOST_OUTPUT]}


def _tcp(target: dict[str, Any], seconds: float) -> tuple[bool, str, str]:
    with socket.create_connection((target["address"], target["port"]), timeout=seconds):
        return True, f"Port {target['port']} answers.", ""


def _http(target: dict[str, Any], seconds: float) -> tuple[bool, str, str]:
    url = urlsplit(target["url"])
    connection = _Connection(url.hostname or "", url.port, target["address"], seconds, is_tls=url.scheme == "https")
    try:
        path = f"{url.path or '/'}{f'?{url.query}' if url.query else ''}"
        connection.request("GET", path, headers={"User-Agent": "drs-drill-bot-probe", "Connection": "close"})
        answer = connection.getresponse()
        body = answer.read(MOST_BODY).decode(errors="replace")
    finally:
        connection.close()
    if answer.status != target["status"]:
        return False, f"It answered {answer.status} instead of {target['status']}.", body
    if target.get("text", "") not in body:
        return False, f"It answered {answer.status}, but not with the text that is wanted.", body
    return True, f"It answered {answer.status}.", body


class _Connection(http.client.HTTPConnection):
    """To an address, whatever its name is in DNS; the name is what is asked for and what a certificate must be of."""

    def __init__(self, name: str, port: int | None, address: str, seconds: float, *, is_tls: bool) -> None:
        super().__init__(name, port or (443 if is_tls else 80), timeout=seconds)
        self._address = address
        self._is_tls = is_tls

    def connect(self) -> None:
        """Connect to the address, and verify the certificate for the name."""
        self.sock = socket.create_connection((self._address, self.port), timeout=self.timeout)
        if self._is_tls:
            self.sock = _trusting().wrap_socket(self.sock, server_hostname=self.host)


def _trusting() -> ssl.SSLContext:
    """Chain, name and dates must be right.

    Python 3.13 also wants extensions that companies' own authorities often leave out. curl, by which instances are
    asked, does not, and both ways of asking are to say the same.
    """
    context = ssl.create_default_context()
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context
