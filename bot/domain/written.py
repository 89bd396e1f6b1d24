"""What people write about what they do: held to a length that can be kept and shown."""

from __future__ import annotations

import re

from bot.domain.errors import UnfitText

LONGEST = 500
"""Characters: a few sentences. More belongs into the thread."""
REASON_LEAST = 10
"""Characters: a reason that somebody must give says more than "ok"."""
NAME_LONGEST = 40
"""Characters of a name that does not exist and is told back to whoever asked for it."""
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
"""Fillers, joiners and variation selectors: printable by Unicode's categories, and yet nobody sees them."""


def fit(text: str, what: str, *, least: int = 0) -> str:
    """The text as it will be shown.

    Raises:
        UnfitText: what can be seen of it has fewer than `least` characters, or it has more than `LONGEST`.
    """
    kept = as_shown(text)
    seen = len(_UNSEEN.sub("", kept))
    if seen < least:
        raise UnfitText(f"{what} is missing." if least == 1 else f"{what} needs at least {least} characters.")
    if len(kept) > LONGEST:
        raise UnfitText(f"{what} has {len(kept)} characters; at most {LONGEST} can be kept.")
    return kept


def as_shown(text: str) -> str:
    """The text in one line: blanks and line breaks each as one blank, without characters that are not printed.

    What then shows nothing at all is no text.
    """
    printed = "".join(char for char in text if char.isprintable() or char.isspace())
    line = " ".join(printed.split())
    return line if _UNSEEN.sub("", line).strip() else ""


def none_named(thing: str, name: str) -> str:
    """That there is no plan or drill of a name, which may come from anybody and be anything: it is cut.

    Without angle brackets, nothing in it can become mark-up.
    """
    called = as_shown(name.translate(_NO_BRACKETS))
    cut = f"{called[:NAME_LONGEST]}…" if len(called) > NAME_LONGEST else called
    return f"There is no {thing} {cut}." if cut else f"No {thing} was named."


_NO_BRACKETS = str.maketrans("", "", "<>")
