"""Where moto finds DRS. The names are moto's."""

from __future__ import annotations

from infra.local.drs.responses import DrsResponse

url_bases = [r"https?://drs\.(.+)\.amazonaws\.com"]
url_paths = {"{0}/.*$": DrsResponse.dispatch}
