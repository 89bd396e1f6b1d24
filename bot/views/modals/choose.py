"""All that one person can do to a drill now, to choose from: for threads, in which Slack takes no slash command."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.offers import Offer, Offered
from bot.views import blocks, buttons
from bot.views.action_ids import CHOOSE, MenuValue
from bot.views.blocks import Block
from bot.views.hold_words import retry_means
from bot.views.modals.parts import CHOICES, Modal, modal, notice, option, radio
from bot.views.naming import plan_title
from bot.views.standing import standing
from bot.views.text import bullets, count, escape, from_domain

CHOICE = "choice"
"""The input that tells what was chosen."""
TITLE = "Drill actions"
REASON_LENGTH = 240
DRILLS_SHOWN = 10
LABELS = {Action.CLEAN_UP: "Clean up now"}
"""Where the button's own label would not be understood among others."""
MEANS = {
    Action.START: "Launches the first wave, or asks for its approval",
    Action.WAIVE: "Lets it be started in spite of them; your reason is on record",
    Action.APPROVE: "With a comment, if you like",
    Action.REJECT: "Launches nothing; the drill is on hold until an operator decides",
    Action.BREAK_GLASS: "Launches it without its approvals; everybody is told",
    Action.RESUME: "Goes on where the drill was",
    Action.SKIP: "Goes on without the rest of the wave",
    Action.HOLD: "Launches nothing more until somebody resumes",
    Action.WITHDRAW: "Nothing was launched, and nothing will be",
    Action.CONFIRM: "Says that it is the case, with a comment if you like",
    Action.DENY: "Says that it is not, and what is instead; the drill is on hold then",
    Action.CLEAN_UP: "Looks at the instances now, not at the next turn",
    Action.ABORT: "Ends the drill early and terminates its instances",
    Action.SIGN_OFF: "Puts your name under the newest report",
    Action.ADD_FINDING: "Something to be put right before the next drill, by whom and until when",
    Action.FIX_FINDING: "Says that it is put right, and how",
    Action.REPORT: "Makes the report of the record as it is now",
}


def choose(offered: Offered) -> Modal:
    """What this person can do to the drill; of the rest, who can."""
    now, drill = standing(offered.drill), offered.drill
    shown = [blocks.section("now", f"{now.icon} *{plan_title(drill.plan)}: {now.headline}*", now.detail)]
    if not offered.mine:
        return notice(TITLE, [*shown, *(_others(offered) or [_nothing()])])
    options = [_option(drill, offer) for offer in offered.mine[:CHOICES]]
    chosen = radio(CHOICE, "What do you want to do?", options)
    return modal(TITLE, [*shown, chosen, *_others(offered)], callback_id=CHOOSE, submit="Go on")


def _option(drill: Drill, offer: Offer) -> Block:
    value = MenuValue(do=offer.action, at=buttons.value_of(drill, offer))
    label = LABELS.get(offer.action) or buttons.label_of(drill, offer)
    return option(label, value.encode(), MEANS.get(offer.action) or _retrying(drill, offer))


def _retrying(drill: Drill, offer: Offer) -> str:
    held = drill.holds[offer.hold - 1]
    means = retry_means(held, drill.wave(held.wave))
    return f"{means[:1].upper()}{means[1:]}"


def _others(offered: Offered) -> list[Block]:
    """Who can do the rest. Why, in the words of a refusal, says what it is about."""
    reasons = dict.fromkeys(from_domain(why, REASON_LENGTH) for _offer, why in offered.others)
    return [blocks.context("others", f"Not for you:\n{bullets(list(reasons), CHOICES)}")] if reasons else []


def _nothing() -> Block:
    return blocks.section("nothing", "There is nothing that anybody has to do or can do now.")


def drills_here(drills: Sequence[Drill]) -> Modal:
    """For a message that belongs to no drill that is known by it: which drills this channel has instead."""
    told = (
        "This message belongs to no drill under way, nor to the last one of a plan: what can still be done to one that "
        "has ended is on its card."
    )
    if not drills:
        return notice(TITLE, [blocks.section("none", told, "There is none in this channel.")])
    lines = [
        f"{now.icon} *{plan_title(drill.plan)}*: {now.headline} · {escape(drill.id, 80)}"
        for drill, now in ((each, standing(each)) for each in drills)
    ]
    where = f"This channel has {count(len(drills), 'drill')} under way: use the shortcut on a card, or in its thread."
    listed = blocks.section("drills", bullets(lines, DRILLS_SHOWN))
    return notice(TITLE, [blocks.section("none", told, where), listed])
