"""The form for something that is done to a drill: what it would do, and room for words where it takes some."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.offers import Offer
from bot.domain.written import LONGEST, REASON_LEAST
from bot.views import blocks, buttons
from bot.views.blocks import Block
from bot.views.modals.parts import Modal, modal, text_input
from bot.views.modals.reporting import ADDING, fixing, owner_and_date, signing
from bot.views.modals.skipping import servers, skipping
from bot.views.modals.waiving import waiving, which
from bot.views.naming import plan_title, server_name, the_wave, wave_first
from bot.views.text import count, escape, listed

WORDS = "words"
"""The input for what the person has to say."""
SERVERS_SHOWN = 10
TITLE_LENGTH = 150


@dataclass(frozen=True, slots=True)
class _Words:
    label: str
    hint: str
    least: int = 0


@dataclass(frozen=True, slots=True)
class _Form:
    """`says`: what it would do, in a sentence or two. `asks`: what is to be chosen, before the words."""

    title: str
    submit: str
    says: Callable[[Drill, Offer], str]
    words: _Words | None = None
    asks: Callable[[Drill], list[Block]] = lambda _drill: []


def form(drill: Drill, offer: Offer) -> Modal:
    """The form for an offer. The domain decides at its submission, on the drill as it is by then."""
    found = FORMS.get(offer.action)
    return _written(drill, offer, found) if found else _confirming(drill, offer)


def _written(drill: Drill, offer: Offer, found: _Form) -> Modal:
    title = f"{found.title} {offer.wave}" if offer.wave else found.title
    shown = [_about(drill, found.says(drill, offer)), *found.asks(drill), *_input(found.words)]
    return _modal(drill, offer, title, found.submit, shown)


def _input(words: _Words | None) -> list[Block]:
    if words is None:
        return []
    hint = f"{words.hint} It is kept on record."
    return [text_input(WORDS, words.label, least=words.least, most=LONGEST, hint=hint)]


def _confirming(drill: Drill, offer: Offer) -> Modal:
    """The same question that the button asks."""
    ask = buttons.of(drill, offer)["confirm"]
    title, submit, says = (str(ask[part]["text"]) for part in ("title", "confirm", "text"))
    return _modal(drill, offer, title, submit, [_about(drill, says)])


def _modal(drill: Drill, offer: Offer, title: str, submit: str, shown: list[Block]) -> Modal:
    metadata = buttons.value_of(drill, offer).encode()
    return modal(title, shown, callback_id=offer.action, submit=submit, metadata=metadata)


def _about(drill: Drill, says: str) -> Block:
    return blocks.section("about", f"🧪 *{plan_title(drill.plan)}*", says)


def _approving(drill: Drill, offer: Offer) -> str:
    wave = drill.wave(offer.wave)
    named = listed([server_name(server) for server in wave.servers], SERVERS_SHOWN)
    are = "server is" if len(wave.servers) == 1 else "servers are"
    launched = f"{len(wave.servers)} {are} launched as drill instances: {named}."
    return f"Once enough people have approved {the_wave(drill, wave)}, {launched}"


def _question(drill: Drill, offer: Offer) -> str:
    wave = drill.wave(offer.wave)
    asked = escape(wave.checks[offer.round - 1].checks[offer.check - 1].title, TITLE_LENGTH)
    return f"{wave_first(drill, wave)}: *{asked}*"


def _rejecting(drill: Drill, offer: Offer) -> str:
    wave = the_wave(drill, drill.wave(offer.wave))
    then = "The drill is on hold until an operator asks for approval again, skips the wave or aborts."
    return f"Nothing of {wave} is launched. {then}{_who_is_out(drill)}"


def _who_is_out(drill: Drill) -> str:
    """Who can decide after it cannot be said by name: the form does not know who is about to reject."""
    is_separated = drill.plan.access.separation_of_duties
    return (
        " Whoever has approved or rejected can then only abort: the plan separates the duties." if is_separated else ""
    )


def _breaking_glass(drill: Drill, offer: Offer) -> str:
    wave = drill.wave(offer.wave)
    given = f"{len(wave.round.given)} of {count(wave.round.needed, 'approval')}" if wave.round else "no approval"
    passed_over = f"{wave_first(drill, wave)} has {given}, and is launched at once all the same"
    return f"*This passes over the approvers.* {passed_over}. You answer for it: it is a finding of the drill."


FORMS: dict[Action, _Form] = {
    Action.WAIVE: _Form(
        "Waive warnings",
        "Waive",
        lambda drill, _offer: waiving(drill),
        _Words("Why is it safe all the same?", "Everybody sees it in the drill's thread.", least=REASON_LEAST),
        asks=which,
    ),
    Action.APPROVE: _Form(
        "Approve wave", "Approve", _approving, _Words("Comment", "Everybody sees it with your approval.")
    ),
    Action.REJECT: _Form(
        "Reject wave", "Reject", _rejecting, _Words("Why?", "Everybody sees it in the drill's thread.", least=1)
    ),
    Action.BREAK_GLASS: _Form(
        "🚨 Break glass: wave",
        "Launch unapproved",
        _breaking_glass,
        _Words("Why can it not wait?", "Everybody concerned is told, in the channel too.", least=REASON_LEAST),
    ),
    Action.SKIP: _Form(
        "Skip wave",
        "Skip",
        lambda drill, _offer: skipping(drill),
        _Words("Why can it be left out?", "Everybody sees it in the drill's thread.", least=REASON_LEAST),
        asks=servers,
    ),
    Action.CONFIRM: _Form(
        "Confirm a check", "Confirm", _question, _Words("Comment", "Everybody sees it with your answer.")
    ),
    Action.DENY: _Form(
        "It is not so",
        "Deny",
        _question,
        _Words("What have you seen instead?", "Everybody sees it in the drill's thread.", least=1),
    ),
    Action.SIGN_OFF: _Form(
        "Sign off this drill",
        "Sign off",
        lambda drill, _offer: signing(drill),
        _Words("Comment", "It stands with your name in the report."),
    ),
    Action.ADD_FINDING: _Form(
        "Add a finding",
        "Add",
        lambda _drill, _offer: ADDING,
        _Words("What was found, and what is to be done?", "It stands in this report and the next ones.", least=1),
        asks=lambda _drill: owner_and_date(),
    ),
    Action.FIX_FINDING: _Form(
        "A finding is fixed",
        "It is fixed",
        fixing,
        _Words("How?", "It stands in the next reports of the plan."),
    ),
    Action.REPORT: _Form(
        "Report", "Make it", lambda _drill, _offer: "It is made of the record as it is now, and comes into the thread."
    ),
    Action.HOLD: _Form(
        "Hold this drill",
        "Hold",
        lambda _drill, _offer: buttons.HOLD_MEANS,
        _Words("Why?", "Everybody sees it in the drill's thread."),
    ),
    Action.WITHDRAW: _Form(
        "Cancel this drill", "Cancel drill", lambda _drill, _offer: "Nothing was launched, and nothing is lost by it."
    ),
    Action.CLEAN_UP: _Form(
        "Clean up now",
        "Clean up",
        lambda drill, _offer: buttons.cleanup_means(drill),
    ),
}
"""What takes words, or has a button that asks nothing. Everything else asks here what its button asks."""
