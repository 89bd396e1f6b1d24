"""Commands that ask for something: a drill, a check, or what there is to know. Anybody may look."""

from __future__ import annotations

from bot.application.looking import PlanStatus
from bot.domain.approval import Action
from bot.domain.errors import UnknownDrill
from bot.domain.offers import Offer
from bot.domain.states import Purpose
from bot.domain.written import none_named
from bot.slack.listeners.commands.command import Asked
from bot.slack.modals.picker import new_drill
from bot.slack.typed_text import name
from bot.views import lookups, replies
from bot.views.modals.parts import Modal
from bot.views.replies import Reply
from bot.views.whoami import whoami

CSV = "csv"


def drill(asked: Asked) -> Reply | Modal:
    """Propose a drill of a plan; without one, have it picked in a form."""
    return _propose(asked, Purpose.DRILL) if asked.words else new_drill(asked.drills, asked.click.actor)


def check(asked: Asked) -> Reply:
    """Propose what is only to be checked."""
    return _propose(asked, Purpose.CHECK)


def sweep(asked: Asked) -> Reply:
    """Propose to look for drill instances that belong to no open drill."""
    return _propose(asked, Purpose.SWEEP)


def _propose(asked: Asked, purpose: Purpose) -> Reply:
    plan = asked.looking.plan_name(name(asked.words[0]))
    return replies.coming(asked.drills.propose(plan, asked.click, purpose=purpose))


def plans(asked: Asked) -> Reply:
    """What can be drilled."""
    return lookups.plans(asked.looking.plans(), asked.slash)


def status(asked: Asked) -> Reply:
    """What is under way, or one drill or plan."""
    if not asked.words:
        there = asked.looking.under_way()
        return lookups.status(there.drills, asked.slash, there.unreadable)
    found = asked.looking.status(name(asked.words[0]))
    if isinstance(found, PlanStatus):
        return lookups.plan_status(found, asked.slash)
    return lookups.drill_status(found)


def history(asked: Asked) -> Reply:
    """How drills have ended."""
    if not asked.words:
        return lookups.records(asked.looking.records(), asked.slash)
    found = asked.looking.history(name(asked.words[0]))
    if len(asked.words) == 1:
        return lookups.history(found, asked.slash)
    if name(asked.words[1]).lower() != CSV:
        raise UnknownDrill(f"{none_named('word', asked.words[1])} Behind a plan, only `{CSV}` can follow.")
    return lookups.history_csv(found)


def report(asked: Asked) -> Reply:
    """Have the report of a drill made, which then comes into its thread."""
    drill_id = asked.looking.reported(asked.channel, name(asked.words[0]) if asked.words else "")
    return replies.reporting(asked.drills.act(drill_id, Offer(Action.REPORT), asked.click))


def me(asked: Asked) -> Reply:
    """What somebody may do, and why."""
    return whoami(asked.looking.person(asked.click.actor))
