"""What somebody who mistyped a name has probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Sequence


def nearest(typed: str, names: Sequence[str]) -> str | None:
    """The name that is most like what was typed: one that begins with it, or else one with few other letters."""
    begun = next((name for name in names if typed and name.startswith(typed)), None)
    close = difflib.get_close_matches(typed, names, n=1)
    return begun or (close[0] if close else None)


def did_you_mean(typed: str, names: Sequence[str]) -> str:
    """A question to be put behind a sentence, or nothing."""
    name = nearest(typed, names)
    return f" Did you mean {name}?" if name else ""
