"""The registry: every word that can be typed behind `/drs`."""

from __future__ import annotations

from bot.application.nearest import nearest
from bot.domain.approval import Action
from bot.slack.listeners.commands import acting, asking
from bot.slack.listeners.commands.command import MANY, Asked, Command
from bot.slack.typed_text import name
from bot.views import helping
from bot.views.helping import Usage
from bot.views.replies import Reply

_ONLY_ONE = (
    "A drill is named by its id or by its plan. Without, it is about the only drill of the channel to which it can be "
    "done now; if there are several, they are listed."
)
_MEANT = {
    "stop": "abort",
    "cancel": "abort",
    "pause": "hold",
    "continue": "resume",
    "go": "start",
    "evidence": "report",
}
"""What people mean by words that are no commands and look like none."""
_EXAMPLE = "payments-20261123-x7k2m"


def _help(asked: Asked) -> Reply:
    if not asked.words:
        return helping.help_text(_usages(asked.slash), asked.slash)
    found = command_named(asked.words[0])
    return helping.command_help(found.usage(asked.slash)) if found else unknown(asked.words[0], asked.slash)


COMMANDS = (
    Command(
        "drill",
        "[plan]",
        "checks a plan's servers and offers to start its drill.",
        asking.drill,
        ("drill payments",),
        "Without a plan a form opens, in which it is picked. Only operators of the plan may. Nothing is launched "
        "before somebody clicks Start on the card.",
        most=1,
    ),
    Command(
        "check",
        "<plan>",
        "only checks whether a plan could be drilled now.",
        asking.check,
        ("check payments",),
        "What the checks find is in the thread of its card. It can be started from there like any drill.",
        least=1,
        most=1,
    ),
    Command("plans", "", "shows what can be drilled, and what is overdue.", asking.plans, ("plans",)),
    Command(
        "status",
        "[drill or plan]",
        "shows the drills under way, or one of them.",
        asking.status,
        ("status", "status payments", f"status {_EXAMPLE}"),
        "Of a plan it shows the drill under way, or else how the last one ended.",
        most=1,
    ),
    Command(
        "history",
        "[plan] [csv]",
        "shows how drills ended: when, and the recovery time against its objective.",
        asking.history,
        ("history", "history payments", "history payments csv"),
        "Without a plan it shows the last drill of each plan. Of a plan it draws the trend; `csv` gives its figures to "
        "be copied.",
        most=2,
    ),
    Command(
        "start",
        "[drill]",
        "starts a drill that is ready.",
        acting.at_once(Action.START),
        ("start", f"start {_EXAMPLE}"),
        f"It is started at once: the recovery time counts from then on. {_ONLY_ONE}",
        most=1,
    ),
    Command(
        "approve",
        "[drill] [comment …]",
        "approves the wave that waits.",
        acting.with_words(Action.APPROVE),
        ("approve", "approve Change 4711 is closed.", f"approve {_EXAMPLE}"),
        _ONLY_ONE,
        most=MANY,
    ),
    Command(
        "reject",
        "[drill] <comment …>",
        "rejects the wave that waits, and says why.",
        acting.with_words(Action.REJECT),
        ("reject The month-end close still runs.", f"reject {_EXAMPLE} not before noon"),
        f"The drill is then on hold until an operator decides. {_ONLY_ONE}",
        least=1,
        most=MANY,
    ),
    Command(
        "breakglass",
        "[drill] <reason …>",
        "launches the wave that waits without its approvals.",
        acting.with_words(Action.BREAK_GLASS),
        ("breakglass The approvers cannot be reached, and the window ends at noon.",),
        f"Only those whom the plan names for it may. Everybody concerned is told, in the channel too. {_ONLY_ONE}",
        least=1,
        most=MANY,
    ),
    Command(
        "waive",
        "[drill] <reason …>",
        "waives the warnings that keep a drill from being started.",
        acting.with_words(Action.WAIVE),
        (
            "waive Backlog is from the backup, over by six.",
            f"waive {_EXAMPLE} leftovers of last week, nobody uses them",
        ),
        "Only for plans with `warnings: waive`, and only by their operators. The reason has 10 characters at least and "
        f"is kept on record. {_ONLY_ONE}",
        least=1,
        most=MANY,
    ),
    Command(
        "hold",
        "[drill] [reason …]",
        "launches nothing more for now.",
        acting.with_words(Action.HOLD),
        ("hold", "hold The network team is not here yet.", f"hold {_EXAMPLE} waiting for change 4711"),
        f"DRS jobs that run are followed to their end. {_ONLY_ONE}",
        most=MANY,
    ),
    Command(
        "resume",
        "[drill]",
        "goes on after a hold that somebody asked for.",
        acting.at_once(Action.RESUME),
        ("resume", f"resume {_EXAMPLE}"),
        _ONLY_ONE,
        most=1,
    ),
    Command(
        "retry",
        "[drill] [reason …]",
        "tries again what put the drill on hold.",
        acting.with_words(Action.RETRY),
        ("retry", f"retry {_EXAMPLE}", "retry Capacity is back in the zone."),
        f"DRS is asked again only for what it has no job of. {_ONLY_ONE}",
        most=MANY,
    ),
    Command(
        "skip",
        "[drill] <reason …>",
        "goes on without the wave that put the drill on hold, and says why.",
        acting.with_words(Action.SKIP),
        ("skip The batch servers are not needed until Monday.", f"skip {_EXAMPLE} known fault, see change 4711"),
        f"The reason has 10 characters at least and is kept on record. {_ONLY_ONE}",
        least=1,
        most=MANY,
    ),
    Command(
        "abort",
        "[drill] [confirm]",
        "ends the drill early and terminates its instances.",
        acting.abort,
        ("abort", "abort confirm", f"abort {_EXAMPLE} confirm"),
        "It cannot be undone: with `confirm` it is done at once; without, a button asks back. A drill that was not "
        f"started is cancelled. {_ONLY_ONE}",
        most=2,
    ),
    Command(
        "cleanup",
        "[drill]",
        "terminates what is left of the drill's instances now.",
        acting.at_once(Action.CLEAN_UP),
        ("cleanup", f"cleanup {_EXAMPLE}"),
        "A drill cleans up by itself once its waves have ended, or when its plan says so; this does not wait for that. "
        f"{_ONLY_ONE}",
        most=1,
    ),
    Command(
        "sweep",
        "<plan>",
        "looks for drill instances that belong to no open drill.",
        asking.sweep,
        ("sweep payments",),
        "It looks through the whole account and Region of the plan for instances that drills of this bot have launched "
        "and that no drill under way knows, and offers to terminate them. Nothing is terminated before a click.",
        least=1,
        most=1,
    ),
    Command(
        "report",
        "[drill or plan]",
        "makes the report of a drill that has ended, of its record as it is now.",
        asking.report,
        ("report", "report payments", f"report {_EXAMPLE}"),
        "Every drill that ends has a report already. This makes it once more, with what was added since: findings, "
        "notes, sign-offs. It comes into the drill's thread. Without a name it is about the last drill of the channel.",
        most=1,
    ),
    Command("whoami", "", "tells what you may do, and why.", asking.me, ("whoami",)),
    Command("help", "[command]", "shows this, or more about one command.", _help, ("help", "help abort"), most=1),
)


def command_named(word: str) -> Command | None:
    """The command of that name, however it is capitalised or quoted."""
    return next((command for command in COMMANDS if command.word == name(word).lower()), None)


def unknown(word: str, slash: str) -> Reply:
    """What is answered to a word that is no command."""
    names = [command.word for command in COMMANDS]
    typed = name(word).lower()
    return helping.unknown_word(word, _MEANT.get(typed) or nearest(typed, names), _usages(slash))


def _usages(slash: str) -> list[Usage]:
    return [command.usage(slash) for command in COMMANDS]


def usage_hint() -> str:
    """What Slack shows behind `/drs` while somebody types: the forms of all commands."""
    return " | ".join(command.form for command in COMMANDS)
