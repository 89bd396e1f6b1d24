"""DRS, and what tells of it, over HTTP on a free port: for `AWS_ENDPOINT_URL_DRS`, `…_EC2`, `…_SSM` and so on."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import Self

from moto.moto_server.threaded_moto_server import ThreadedMotoServer

from infra.local.drs.hook import install

LOOPBACK = "127.0.0.1"


class DrsServer:
    """A moto server with DRS in it, in this process: seeds, faults and the clock are set from Python.

    Its state is the process's (as all of moto's): `mock_aws` and a reset of moto wipe it.
    """

    def __init__(self) -> None:
        self._server = ThreadedMotoServer(ip_address=LOOPBACK, port=0, verbose=False)

    @property
    def endpoint_url(self) -> str:
        """The URL to give to boto3, once the server has been entered."""
        host, port = self._server.get_host_and_port()
        return f"http://{host}:{port}"

    def __enter__(self) -> Self:
        install()
        # werkzeug otherwise prints a line for every request.
        logging.getLogger("werkzeug").setLevel(logging.WARNING)
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.stop()
