"""The notes of a release: that version's part of CHANGELOG.md (keepachangelog.com)."""

from __future__ import annotations

import re
import sys
from pathlib import Path

CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"


def notes(changelog: str, tag: str) -> str:
    """What the changelog says of a version.

    Args:
        changelog: the file's text.
        tag: the version, with or without `v` before it.

    Raises:
        LookupError: it has no part of that version, or nothing in it.
    """
    version = re.escape(tag.removeprefix("v"))
    found = re.search(rf"^## \[{version}\][^\n]*\n(.*?)(?=^## \[|\Z)", changelog, re.DOTALL | re.MULTILINE)
    text = found[1].strip() if found else ""
    if not text:
        raise LookupError(
            f"CHANGELOG.md says nothing of {tag}: give it a heading `## [{tag.removeprefix('v')}] - <date>`."
        )
    return f"{text}\n"


if __name__ == "__main__":
    print(notes(CHANGELOG.read_text(), sys.argv[1]), end="")
