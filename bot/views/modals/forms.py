"""The form for something that is done to a drill: what it would do, and room for words where it takes some."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.offers import Offer
from bot.domain.written import LONGEST
from bot.views import blocks, buttons
from bot.views.blocks import Block
from bot.views.modals.parts import Modal, modal, text_input
from bot.views.naming import operators, plan_title, server_name, the_wave
from bot.views.text import count, listed

WORDS = "words"
"""The input for what the person has to say."""
SERVERS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class _Words:
    label: str
    hint: str
    least: int = 0


@dataclass(frozen=True, slots=True)
class _Form:
    """`says`: what it would do, in a sentence or two."""

    title: str
    submit: str
    says: Callable[[Drill, Offer], str]
    words: _Words


def form(drill: Drill, offer: Offer) -> Modal:
    """The form for an offer. The domain decides at its submission, on the drill as it is by then."""
    found = FORMS.get(offer.action)
    return _written(drill, offer, found) if found else _confirming(drill, offer)


def _written(drill: Drill, offer: Offer, found: _Form) -> Modal:
    title = f"{found.title} {offer.wave}" if offer.wave else found.title
    words = text_input(
        WORDS,
        found.words.label,
        least=found.words.least,
        most=LONGEST,
        hint=f"{found.words.hint} It is kept on record.",
    )
    return _modal(drill, offer, title, found.submit, [_about(drill, found.says(drill, offer)), words])


def _confirming(drill: Drill, offer: Offer) -> Modal:
    """What needs no words: the same question that the button asks."""
    button = buttons.of(drill, offer)
    ask = button.get("confirm")
    if ask is None:
        label = str(button["text"]["text"])
        return _modal(drill, offer, label, label, [_about(drill, "Nothing is lost by it.")])
    title, submit = str(ask["title"]["text"]), str(ask["confirm"]["text"])
    return _modal(drill, offer, title, submit, [_about(drill, str(ask["text"]["text"]))])


def _modal(drill: Drill, offer: Offer, title: str, submit: str, shown: list[Block]) -> Modal:
    metadata = buttons.value_of(drill, offer).encode()
    return modal(title, shown, callback_id=offer.action, submit=submit, close="Not now", metadata=metadata)


def _about(drill: Drill, says: str) -> Block:
    return blocks.section("about", f"🧪 *{plan_title(drill.plan)}*", says)


def _approving(drill: Drill, offer: Offer) -> str:
    wave = drill.wave(offer.wave)
    servers = listed([server_name(server) for server in wave.servers], SERVERS_SHOWN)
    will = f"{count(len(wave.servers), 'server')} will be launched as drill instances: {servers}."
    return f"You approve {the_wave(drill, wave)}. Once enough people have, {will}"


def _rejecting(drill: Drill, offer: Offer) -> str:
    wave = the_wave(drill, drill.wave(offer.wave))
    then = f"The drill is on hold until {operators(drill)} asks for approval again, skips the wave or aborts."
    return f"Nothing of {wave} is launched. {then}"


FORMS: dict[Action, _Form] = {
    Action.APPROVE: _Form(
        "Approve wave", "Approve", _approving, _Words("Comment", "Everybody sees it with your approval.")
    ),
    Action.REJECT: _Form(
        "Reject wave", "Reject", _rejecting, _Words("Why?", "Everybody sees it in the drill's thread.", least=1)
    ),
    Action.HOLD: _Form(
        "Hold this drill",
        "Hold",
        lambda _drill, _offer: buttons.HOLD_MEANS,
        _Words("Why?", "Everybody sees it in the drill's thread."),
    ),
}
"""What takes words. Everything else asks only whether it is meant."""
