"""A button is there only while what it does is possible, and says which drill, wave, round or hold it belongs to."""

from __future__ import annotations

import pytest

from bot.adapters.identity import new_drill_id
from bot.domain.actions import possible
from bot.domain.approval import Action
from bot.domain.commands import Topic, TopicKind
from bot.views.action_ids import BUTTON_VALUE_LENGTH, OPTION_VALUE_LENGTH, ButtonValue, MenuValue
from tests.unit.builders import EVE, GRACE, LINUS, T0, Story, a_plan
from tests.unit.views.reading import buttons_of, draw, menu_of, reads
from tests.unit.views.stages import STAGES, Size, at

CARD = Topic(kind=TopicKind.CARD)


def buttons(story: Story, topic: Topic) -> dict[str, ButtonValue]:
    message = draw(story.drill, topic)
    assert message is not None
    return {action: ButtonValue.model_validate_json(b["value"]) for action, b in buttons_of(message).items()}


@pytest.mark.parametrize(
    ("stage", "shown"),
    [
        ("proposed", ["withdraw"]),
        ("ready", ["start", "withdraw"]),
        ("unwaived", ["waive", "withdraw"]),
        ("partly-waived", ["waive", "withdraw"]),
        ("waived", ["start", "withdraw"]),
        ("refused", []),
        ("launching", ["hold", "abort"]),
        ("waiting", ["approve", "reject", "hold", "abort"]),
        ("held", ["resume", "abort"]),
        ("failed-wave", ["retry", "skip", "abort"]),
        ("rejected", ["retry", "skip", "abort"]),
        ("aborting", []),
        ("cleaning-up", []),
        ("hindered", ["clean_up"]),
        ("passed", ["add_finding"]),
        ("reported", ["sign_off", "add_finding", "report"]),
        ("asked-for-again", ["add_finding"]),
    ],
)
def test_the_card_offers_what_the_moment_calls_for_first_and_an_abort_last(stage: str, shown: list[str]) -> None:
    assert list(buttons(at(stage, Size.USUAL), CARD)) == shown


def test_the_card_answers_the_request_and_decides_the_hold_that_are_open_now() -> None:
    waiting, held = at("waiting", Size.USUAL), at("failed-wave", Size.USUAL)
    asked = ButtonValue(drill=waiting.drill.id, wave=3, round=1)
    assert buttons(waiting, CARD)["approve"] == asked
    assert menu(waiting, CARD) == {"Approve with a comment…": MenuValue(do=Action.APPROVE, at=asked)}
    assert buttons(held, CARD)["skip"] == ButtonValue(drill=held.drill.id, hold=1)


@pytest.mark.parametrize("stage", list(STAGES))
def test_no_message_offers_what_is_not_possible(stage: str) -> None:
    story = at(stage, Size.SMALLEST)
    allowed = {action.value for action in possible(story.drill)}
    for topic in story.topics:
        of_a_wave = {"approve", "reject", "confirm", "deny"}
        assert set(buttons(story, topic)) - of_a_wave <= allowed, topic.key


def test_a_cleanup_that_is_hindered_can_be_tried_again_at_once() -> None:
    story = at("hindered", Size.SMALLEST)
    cleanup = Topic(kind=TopicKind.CLEANUP)
    assert set(buttons(story, cleanup)) == {"clean_up"}
    assert buttons(at("terminating", Size.SMALLEST), cleanup) == {}


def test_a_request_can_be_approved_until_it_is_met() -> None:
    story = Story(a_plan(minimum_approvals=2)).checked().started().jobs_started().launched()
    request = Topic(kind=TopicKind.APPROVAL, wave=2, number=1)
    asked = buttons(story, request)
    assert asked["approve"] == ButtonValue(drill=story.drill.id, wave=2, round=1)
    assert asked["abort"] == ButtonValue(drill=story.drill.id)
    assert set(buttons(story.approved(GRACE), request)) == {"approve", "reject", "abort"}
    assert buttons(story.approved(LINUS), request) == {}


def test_a_request_cannot_be_approved_while_the_drill_is_on_hold_for_something_else() -> None:
    story = Story().checked().started().jobs_started().overdue().skipped()
    request = Topic(kind=TopicKind.APPROVAL, wave=2, number=1)
    assert set(buttons(story, request)) == {"approve", "reject", "abort"}
    assert buttons(story.jobs_lost(), request) == {}
    message = draw(story.drill, request)
    assert message is not None
    assert any("this can be approved when it goes on" in line for line in reads(message))
    assert set(buttons(story.retried(), request)) == {"approve", "reject", "abort"}


def test_what_is_wanted_seldom_is_in_a_menu_and_says_what_it_belongs_to() -> None:
    story = Story().checked().started().jobs_started().launched()
    request = Topic(kind=TopicKind.APPROVAL, wave=2, number=1)
    asked = ButtonValue(drill=story.drill.id, wave=2, round=1)
    commented = {"Approve with a comment…": MenuValue(do=Action.APPROVE, at=asked)}
    assert menu(story, request) == commented
    plan = a_plan(("Database", 2), ("Web", 1))
    access = plan.access.model_copy(update={"break_glass": (EVE.user_id,)})
    glass = Story(plan.model_copy(update={"access": access})).checked().started().jobs_started().launched()
    asked = ButtonValue(drill=glass.drill.id, wave=2, round=1)
    assert menu(glass, request)["Break glass…"] == MenuValue(do=Action.BREAK_GLASS, at=asked)
    assert menu(glass.approved(GRACE), request) == {}


def menu(story: Story, topic: Topic) -> dict[str, MenuValue]:
    message = draw(story.drill, topic)
    assert message is not None
    return menu_of(message)


def test_how_many_have_approved_is_shown_as_it_grows() -> None:
    story = Story(a_plan(minimum_approvals=2)).checked().started().jobs_started().launched().approved(GRACE)
    message = draw(story.drill, Topic(kind=TopicKind.APPROVAL, wave=2, number=1))
    assert message is not None
    assert "(1 of 2 so far: @grace at 10:09)" in reads(message)


def test_an_old_request_loses_its_buttons_when_it_is_asked_again() -> None:
    story = at("asked-again", Size.SMALLEST)
    assert buttons(story, Topic(kind=TopicKind.APPROVAL, wave=1, number=1)) == {}
    newest = buttons(story, Topic(kind=TopicKind.APPROVAL, wave=1, number=2))
    assert newest["approve"] == ButtonValue(drill=story.drill.id, wave=1, round=2)


def test_nobody_is_asked_to_approve_who_cannot() -> None:
    story = Story(by=LINUS).checked().started(LINUS).jobs_started().launched()
    message = draw(story.drill, Topic(kind=TopicKind.APPROVAL, wave=2, number=1))
    assert message is not None
    assert any("needed, from @grace, until" in line for line in reads(message))


def test_a_hold_offers_its_choices_until_somebody_decides() -> None:
    story = Story().checked().started().jobs_started().launched(failing={"server-1": "no capacity"})
    held = Topic(kind=TopicKind.HOLD, number=1)
    choice = ButtonValue(drill=story.drill.id, hold=1)
    assert buttons(story, held) == {"retry": choice, "skip": choice, "abort": ButtonValue(drill=story.drill.id)}
    assert buttons(story.retried(), held) == {}


def test_a_hold_that_was_asked_for_can_be_resumed_from_its_message_and_from_the_card() -> None:
    story = Story().checked().started().held()
    held = Topic(kind=TopicKind.HOLD, number=1)
    choices = {"resume": ButtonValue(drill=story.drill.id, hold=1), "abort": ButtonValue(drill=story.drill.id)}
    assert buttons(story, held) == choices
    assert buttons(story, CARD) == choices
    assert buttons(story.resumed(), held) == {}


@pytest.mark.parametrize(
    ("stage", "topic", "asked"),
    [
        ("ready", CARD, {"start"}),
        ("launching", CARD, {"abort"}),
        ("held", CARD, {"resume", "abort"}),
        ("waiting", Topic(kind=TopicKind.APPROVAL, wave=3, number=1), {"approve", "abort"}),
        ("failed-wave", Topic(kind=TopicKind.HOLD, number=1), {"retry", "abort"}),
    ],
)
def test_what_cannot_be_undone_is_asked_about_first(stage: str, topic: Topic, asked: set[str]) -> None:
    message = draw(at(stage, Size.USUAL).drill, topic)
    assert message is not None
    shown = buttons_of(message)
    assert {action for action, button in shown.items() if "confirm" in button} == asked
    assert {action for action, button in shown.items() if button.get("style") == "danger"} <= {Action.ABORT.value}


def test_approving_promises_a_launch_only_with_the_approvals_that_are_still_missing() -> None:
    story = Story(a_plan(minimum_approvals=2)).checked().started().jobs_started().launched()
    assert approving(story).endswith("will be launched as drill instances, once 1 more has approved.")
    assert approving(story.approved(GRACE)).endswith("will be launched as drill instances.")


def approving(story: Story) -> str:
    message = draw(story.drill, CARD)
    assert message is not None
    return str(buttons_of(message)["approve"]["confirm"]["text"]["text"])


def test_a_value_is_short_and_always_written_the_same() -> None:
    value = ButtonValue(drill="d" * 100, wave=20, round=999, hold=999)
    assert len(value.encode()) < BUTTON_VALUE_LENGTH
    longest = ButtonValue(drill=new_drill_id("p" * 40, T0), wave=20, round=999)
    assert len(MenuValue(do=Action.BREAK_GLASS, at=longest).encode()) <= OPTION_VALUE_LENGTH
    assert ButtonValue(drill="payments-1", wave=2, round=1).encode() == '{"drill":"payments-1","wave":2,"round":1}'
