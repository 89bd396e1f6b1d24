"""Text as Slack shows it: escaped, cut, counted, listed, dated. Everything from outside goes through `escape`.

Source of the mark-up: docs.slack.dev/messaging/formatting-message-text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.domain import mark_up
from bot.domain.approval import mention
from bot.domain.durations import spell

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LOOKALIKES = {"*": "∗", "`": "'"}  # noqa: RUF001 - meant to be another character
"""In a name, these would end the bold or the code it stands in."""
_AT_THE_EDGE_OF_A_WORD = re.compile(r"(?<![^\W_])[_~]+|[_~]+(?![^\W_])")
_EDGES = str.maketrans({"_": "\u02cd", "~": "\u223c"})
"""Slack takes these for italics and strike-through only there, so that `db_server_1` can be copied as it is."""
_AWS_NAME_OR_EMOJI = re.compile(r"(\barn:aws[a-z-]*:\S*)|:(?=(?:[\w+'-]*[a-z+][\w+'-]*|\d{3,4}):)")
"""An ARN, which is to be copied, or the colon that begins the code of an emoji. No emoji is called by two digits."""
_KNOWN = re.compile(
    rf"&lt;(@[UW][A-Z0-9]{{2,20}}|!subteam\^S[A-Z0-9]{{2,20}}|#[CG][A-Z0-9]{{2,20}}|{mark_up.MOMENT})&gt;"
)
_CUT = re.compile(r"&lt;(?:[@!#](?:(?!&gt;).)*)?…$")
"""What was cut off inside of such mark-up: nobody could read it."""


def escape(text: str, most: int) -> str:
    """Text from outside, fit to be shown: one line, no control characters, no mark-up that could ping or link.

    Args:
        text: anything, from a plan, from DRS or typed by a person.
        most: how many characters may come back; more is cut off with an ellipsis.
    """
    calm = _AT_THE_EDGE_OF_A_WORD.sub(lambda found: found[0].translate(_EDGES), text)
    calm = _AWS_NAME_OR_EMOJI.sub(lambda found: found[1] or "\u2236", calm)
    return _written(calm, most, _ESCAPES | _LOOKALIKES)


def _written(text: str, most: int, instead: Mapping[str, str]) -> str:
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    written = [instead.get(char, char) for char in line]
    if sum(map(len, written)) <= most:
        return "".join(written)
    kept, room = [], most - 1
    for char in written:
        room -= len(char)
        if room < 0:
            break
        kept.append(char)
    return "".join(kept) + "…"


def from_domain(text: str, most: int) -> str:
    """The same for a text of the domain, in which people and channels may be named by their ids, and moments given."""
    return _KNOWN.sub(r"<\1>", _CUT.sub("…", escape(text, most)))


def raw(error: str, most: int) -> str:
    """An error in somebody else's words, letter for letter (but for backticks), set apart as code."""
    return f"```{_written(error, most, _ESCAPES | {'`': _LOOKALIKES['`']})}```"


def code_block(lines: str) -> str:
    """Lines of ours, with their breaks, set apart as code; what is in them cannot end it, ping or link."""
    written = "".join((_ESCAPES | {"`": _LOOKALIKES["`"]}).get(char, char) for char in lines)
    return f"```{written}```"


def quoted(words: str, most: int) -> str:
    """What a person wrote, in quotation marks; nothing where they wrote nothing."""
    return f"“{escape(words, most)}”" if words else ""


def moment(at: datetime) -> str:
    """A moment in the reader's own time, with the day: `today at 10:03`."""
    return mark_up.moment(at)


def clock(at: datetime) -> str:
    """A moment of the same day: `10:03`."""
    return f"<!date^{int(at.timestamp())}^{{time}}|{at:%H:%M} UTC>"


def ago(at: datetime) -> str:
    """How long ago a moment is, as Slack words it whenever it shows the message: `25 minutes ago`."""
    return f"<!date^{int(at.timestamp())}^{{ago}}|at {at:%H:%M} UTC>"


def runs(numbers: Sequence[int]) -> str:
    """Rising numbers, those in a row as one: `2 to 5 and 7`."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return joined([_run(run[0], run[-1]) for run in found], "and")


def _run(first: int, last: int) -> str:
    words = {0: f"{first}", 1: f"{first} and {last}"}
    return words.get(last - first, f"{first} to {last}")


def about(span: timedelta) -> str:
    """A length of time that nobody knows to the second: `28m`, `2h5m`; less than a minute is `1m`."""
    return spell(timedelta(minutes=max(round(span / timedelta(minutes=1)), 1)))


def count(number: int, thing: str) -> str:
    """`1 server`, `2 servers`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def joined(items: Sequence[str], last: str) -> str:
    """`a`, `a or b`, `a, b or c`."""
    if len(items) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def cut_list(items: Sequence[str], show: int) -> tuple[str, ...]:
    """The first `show` items; whatever is left out is counted in one more."""
    left = len(items) - show
    return (*items[:show], f"{left} more") if left > 0 else tuple(items)


def listed(items: Sequence[str], show: int) -> str:
    """`a, b and 3 more`."""
    return joined(cut_list(items, show), "and")


def bullets(items: Sequence[str], show: int) -> str:
    """One item a line, the last line counting what is left out."""
    left = len(items) - show
    lines = [f"• {item}" for item in items[:show]]
    return "\n".join([*lines, f"and {left} more"] if left > 0 else lines)


def anyone_of(user_ids: Sequence[str], show: int = 8) -> str:
    """`@ada, @grace or 2 more`."""
    return joined(cut_list([mention(user_id) for user_id in user_ids], show), "or")


def everyone_of(user_ids: Sequence[str], show: int = 8) -> str:
    """`@ada and @grace`."""
    return listed([mention(user_id) for user_id in user_ids], show)
