"""What people write about what they do: held to a length that can be kept and shown."""

from __future__ import annotations

from bot.domain.errors import UnfitText

LONGEST = 500
"""Characters: a few sentences. More belongs into the thread."""
REASON_LEAST = 10
"""Characters: a reason that somebody must give says more than "ok"."""


def fit(text: str, what: str, *, least: int = 0) -> str:
    """The text without blanks around it.

    Raises:
        UnfitText: it has fewer than `least` or more than `LONGEST` characters.
    """
    kept = text.strip()
    if len(kept) < least:
        raise UnfitText(f"{what} is missing." if least == 1 else f"{what} needs at least {least} characters.")
    if len(kept) > LONGEST:
        raise UnfitText(f"{what} has {len(kept)} characters; at most {LONGEST} can be kept.")
    return kept
