"""What people type behind a command, as they meant it: without what Slack and their keyboards make of it.

Slack links what looks like an address (`<mailto:a@b.c|a@b.c>`), may write channels and people by id (`<#C1|drills>`),
and escapes `&`, `<` and `>` (docs.slack.dev/messaging/formatting-message-text). Phones and Macs type curly quotes and
long dashes. What comes back is text from outside all the same: views escape it.
"""

from __future__ import annotations

import re

_LABELLED = re.compile(r"<([^<>|\s]+)\|([^<>]*)>")
_BARE = re.compile(r"<((?:https?|mailto|tel):[^<>|\s]+)>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
"""In this order: what is escaped twice is unescaped once."""
_QUOTES = "\"'`“”„‘’‚«»‹›"  # noqa: RUF001 - the quotes that keyboards make
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))  # noqa: RUF001 - the dashes that keyboards make
_SIGILS = {"#": "#", "@": "@"}


def plain(text: str) -> str:
    """The text as it was typed: links by what they show, channels and people by their names where Slack tells them."""
    shown = _BARE.sub(lambda link: link[1].removeprefix("mailto:"), _LABELLED.sub(_label, text))
    for escaped, char in _ENTITIES:
        shown = shown.replace(escaped, char)
    return "".join(char if char.isprintable() else " " for char in shown)


def _label(link: re.Match[str]) -> str:
    target, label = link[1], link[2]
    return f"{_SIGILS.get(target[0], '')}{label}" if label else target


def name(word: str) -> str:
    """A word that names something (a command, a plan, a drill): without quotes around it, with plain hyphens."""
    return word.strip(_QUOTES).translate(_DASHES)
