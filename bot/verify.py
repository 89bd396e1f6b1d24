"""`python -m bot.verify <evidence.json | drill id>`: whether evidence and record are what they were.

Of a file, every hash is computed anew, and all its figures are made of its events once more. Of a drill, by its id, the
same is done with all its reports in the bucket, and the record in the table is held against the anchors that were put
down while the drill ran: whoever could change everything else could not change those. Exit status 0: nothing is missing
or changed; 1: something is, and what and where is said; 2: it could not be looked at.

A drill is looked up in the table and bucket of TABLE_NAME and EVIDENCE_BUCKET (the stack's outputs), with the rights of
whoever runs this. A file needs neither.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import ValidationError

from bot.application.ports.evidence import ShelfError
from bot.application.ports.storage import StoreUnavailable
from bot.application.proving import Proven, Proving
from bot.domain.errors import DrillError
from bot.domain.proof import flaws_of_file

WHOLE, FLAWED, UNSEEN = 0, 1, 2


def main(arguments: Sequence[str] | None = None, proving: Callable[[], Proving] | None = None) -> int:
    """Verify, and print what was found; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bot.verify", description=__doc__)
    parser.add_argument("what", help="an evidence.json, or the id of a drill")
    what = parser.parse_args(arguments).what
    file = Path(what)
    try:
        looks_like_a_file = bool(file.suffix) or file.is_file()
        return _told(what, _of_file(file) if looks_like_a_file else (proving or _proving)().drill(what))
    except (DrillError, ShelfError, StoreUnavailable, ValidationError, OSError) as error:
        sys.stderr.write(f"{what} cannot be verified: {error}\n")
        return UNSEEN


def _of_file(file: Path) -> Proven:
    content = file.read_bytes()
    return Proven((f"{len(content)} bytes",), flaws_of_file(content))


def _proving() -> Proving:
    """Where the drills are: imported only when there is one to look up, since a file needs no AWS."""
    from bot import bootstrap  # noqa: PLC0415

    return bootstrap.proving()


def _told(what: str, proven: Proven) -> int:
    for flaw in proven.flaws:
        sys.stdout.write(f"CHANGED OR MISSING  {flaw}\n")
    verdict = f"{len(proven.flaws)} flaw(s)" if proven.flaws else "whole: nothing is missing or changed"
    sys.stdout.write(f"{what}: {verdict} ({', '.join(proven.looked_at)} looked at)\n")
    return FLAWED if proven.flaws else WHOLE


if __name__ == "__main__":
    sys.exit(main())
