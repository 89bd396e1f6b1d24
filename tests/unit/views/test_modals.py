"""The forms, at their smallest and largest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.domain.approval import Action
from bot.domain.drill import Drill
from bot.domain.offers import Offer, Offered, event_of, objection, offers
from bot.domain.person import Person
from bot.domain.plan_waves import Approval
from bot.domain.written import LONGEST, REASON_LEAST
from bot.views import buttons
from bot.views.action_ids import ButtonValue, MenuValue
from bot.views.modals import told
from bot.views.modals.choose import MEANS, choose, drills_here
from bot.views.modals.forms import form
from bot.views.modals.parts import CHOICES, METADATA_LENGTH, Modal
from bot.views.modals.picker import PLANS_SHOWN, picker
from infra.local.slack.blockkit import check_view
from tests.unit.builders import ADA, EVE, GRACE, LINUS, Story
from tests.unit.views.cases import CASE_IDS, CASES
from tests.unit.views.reading import texts
from tests.unit.views.sizes import NASTY, names
from tests.unit.views.stages import Size, at, the_plan

GOLDEN = Path(__file__).parents[2] / "golden" / "views" / "modals.json"
PICKABLE = [the_plan(Size.USUAL, name=f"plan-{number}", title=f"{number:03} {NASTY}"[:80]) for number in range(450)]


def offered(story: Story, person: Person) -> Offered:
    """What a person is offered at a stage."""
    mine, others = [], []
    for offer in offers(story.drill):
        refused = objection(story.drill, event_of(offer, person), story.now)
        if refused:
            others.append((offer, str(refused)))
        else:
            mine.append(offer)
    return Offered(story.drill, tuple(mine), tuple(others))


def glassy(size: Size) -> Story:
    """A drill whose first wave waits, by a plan that lets Eve break glass."""
    plan = the_plan(size, approval=Approval.REQUIRED)
    access = plan.access.model_copy(update={"break_glass": (EVE.user_id,)})
    return Story(plan.model_copy(update={"access": access})).checked(names=names(plan)).started()


def form_of(story: Story, action: Action) -> Modal:
    (offer,) = [each for each in offers(story.drill) if each.action is action]
    return form(story.drill, offer)


WAITING, LARGE = at("waiting", Size.USUAL), at("waiting", Size.LARGEST)
GLASS, LARGE_GLASS = glassy(Size.SMALLEST), glassy(Size.LARGEST)
MODALS: dict[str, Modal] = {
    "approve": form_of(WAITING, Action.APPROVE),
    "approve, the largest": form_of(LARGE, Action.APPROVE),
    "reject": form_of(WAITING, Action.REJECT),
    "reject, the largest": form_of(LARGE, Action.REJECT),
    "hold": form_of(WAITING, Action.HOLD),
    "hold, the largest": form_of(LARGE, Action.HOLD),
    "break glass": form_of(GLASS, Action.BREAK_GLASS),
    "break glass, the largest": form_of(LARGE_GLASS, Action.BREAK_GLASS),
    "start": form_of(at("ready", Size.USUAL), Action.START),
    "waive, one check": form_of(at("unwaived", Size.SMALLEST), Action.WAIVE),
    "waive, several checks": form_of(at("unwaived", Size.USUAL), Action.WAIVE),
    "waive, the largest": form_of(at("unwaived", Size.LARGEST), Action.WAIVE),
    "withdraw": form_of(at("ready", Size.USUAL), Action.WITHDRAW),
    "abort": form_of(LARGE, Action.ABORT),
    "resume": form_of(at("held", Size.USUAL), Action.RESUME),
    "retry": form_of(at("failed-wave", Size.LARGEST), Action.RETRY),
    "skip": form_of(at("failed-wave", Size.LARGEST), Action.SKIP),
    "skip, some of several": form_of(at("side-held", Size.USUAL), Action.SKIP),
    "clean up": form_of(at("terminating", Size.USUAL), Action.CLEAN_UP),
    "choose, an approver": choose(offered(WAITING, GRACE)),
    "choose, an operator": choose(offered(WAITING, ADA)),
    "choose, an outsider": choose(offered(WAITING, EVE)),
    "choose, who may break glass": choose(offered(GLASS, EVE)),
    "choose, the largest": choose(offered(LARGE_GLASS, LINUS)),
    "choose, a hold": choose(offered(at("failed-wave", Size.USUAL), ADA)),
    "choose, warnings that stand": choose(offered(at("unwaived", Size.USUAL), ADA)),
    "choose, nothing to do": choose(Offered(at("passed", Size.USUAL).drill, (), ())),
    "no drill here": drills_here([]),
    "one drill here": drills_here([WAITING.drill]),
    "many drills here": drills_here([LARGE.drill] * 30),
    "one plan": picker([the_plan(Size.SMALLEST)]),
    "a hundred plans": picker(PICKABLE[:100]),
    "plans beyond a hundred": picker(PICKABLE[:101]),
    "the most plans": picker(PICKABLE),
    "refused": told.refused("You may not drill payments. Its operators may: <@U0ADA>. <!channel>"),
    "refused at length": told.refused("No & no. " * 1_000),
    "failed": told.failed("3f2a9c01"),
    "coming": told.coming(at("proposed", Size.LARGEST).drill),
}
IN_THE_GOLDEN_FILE = [name for name in MODALS if "plans" not in name]


@pytest.mark.parametrize("name", list(MODALS))
def test_slack_takes_it(name: str) -> None:
    assert check_view(MODALS[name]) == []


@pytest.mark.parametrize("name", list(MODALS))
def test_nothing_from_outside_becomes_mark_up(name: str) -> None:
    shown = "\n".join(text["text"] for text in texts(MODALS[name]["blocks"]))
    assert "<!channel>" not in shown
    assert "<!everyone>" not in shown
    assert "<@U0EVE> *bold*" not in shown


@pytest.mark.parametrize("name", list(MODALS))
def test_an_input_is_sent_back_under_one_name_that_no_other_has(name: str) -> None:
    inputs = [block for block in MODALS[name]["blocks"] if block["type"] == "input"]
    names = [block["block_id"] for block in inputs]
    assert names == [block["element"]["action_id"] for block in inputs]
    assert len(set(names)) == len(names)


def test_what_it_shows_is_what_it_was(pytestconfig: pytest.Config) -> None:
    shown = {name: MODALS[name] for name in IN_THE_GOLDEN_FILE}
    written = json.dumps(shown, ensure_ascii=False, indent=1) + "\n"
    if pytestconfig.getoption("--update-golden"):
        GOLDEN.write_text(written, encoding="utf-8")
    assert written == GOLDEN.read_text(encoding="utf-8"), "modals.json differs; see --update-golden"


@pytest.mark.parametrize(("stage", "size"), CASES, ids=CASE_IDS)
def test_everything_that_can_be_done_has_a_form_and_an_option_at_every_stage(stage: str, size: Size) -> None:
    story = at(stage, size)
    for offer in offers(story.drill):
        shown = form(story.drill, offer)
        assert check_view(shown) == [], offer.action
        assert ButtonValue.model_validate_json(shown["private_metadata"]) == buttons.value_of(story.drill, offer)
        assert len(shown["private_metadata"]) < METADATA_LENGTH
    for person in (ADA, GRACE, LINUS, EVE):
        found = offered(story, person)
        assert len(found.mine) <= CHOICES
        assert check_view(choose(found)) == []


def test_every_action_says_what_it_means() -> None:
    assert set(MEANS) | {Action.RETRY, Action.NOTE} == set(Action)  # a note has a shortcut of its own


@pytest.mark.parametrize(
    ("stage", "means"),
    [("rejected", "Asks for approval again"), ("failed-wave", "Launches once more the servers that failed")],
)
def test_a_retry_means_what_the_hold_is_about(stage: str, means: str) -> None:
    shown = choose(offered(at(stage, Size.USUAL), ADA))
    assert means in [text["text"] for text in texts(shown["blocks"])]


def test_who_is_about_to_reject_hears_that_they_decide_nothing_after_it_where_duties_are_separated() -> None:
    plan = the_plan(Size.USUAL, approval=Approval.REQUIRED)
    access = plan.access.model_copy(update={"separation_of_duties": True})
    story = Story(plan.model_copy(update={"access": access})).checked().started()
    out = "Whoever has approved or rejected can then only abort: the plan separates the duties."
    assert out in json.dumps(form_of(story, Action.REJECT))
    assert out not in json.dumps(MODALS["reject"])


@pytest.mark.parametrize("name", [name for name in MODALS if "submit" in MODALS[name]])
def test_closing_a_form_cancels_no_drill(name: str) -> None:
    assert MODALS[name]["close"]["text"] == "Not now"


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("approve", None),
        ("reject", 1),
        ("hold", None),
        ("break glass", REASON_LEAST),
        ("waive, one check", REASON_LEAST),
    ],
)
def test_words_are_asked_for_as_the_domain_takes_them(name: str, least: int | None) -> None:
    (element,) = [block["element"] for block in MODALS[name]["blocks"] if block["type"] == "input"]
    assert (element.get("min_length"), element["max_length"]) == (least, LONGEST)
    (block,) = [block for block in MODALS[name]["blocks"] if block["type"] == "input"]
    assert block["optional"] is (least is None)


def test_an_option_says_what_it_is_for() -> None:
    shown = options(MODALS["choose, an approver"], "choice")
    values = {label: MenuValue.model_validate_json(value) for label, value in shown}
    asked = ButtonValue(drill=WAITING.drill.id, wave=3, round=1)
    assert values["Reject wave 3"] == MenuValue(do=Action.REJECT, at=asked)
    assert values["Abort drill"] == MenuValue(do=Action.ABORT, at=ButtonValue(drill=WAITING.drill.id))


def options(modal: Modal, name: str) -> list[tuple[str, str]]:
    (element,) = [block["element"] for block in modal["blocks"] if block["block_id"] == name]
    groups = element.get("option_groups", [element])
    return [(option["text"]["text"], option["value"]) for group in groups for option in group["options"]]


def test_plans_stand_in_the_order_of_their_titles_and_none_is_lost_up_to_the_most() -> None:
    for name, many in (("a hundred plans", 100), ("plans beyond a hundred", 101), ("the most plans", PLANS_SHOWN)):
        shown = options(MODALS[name], "plan")
        assert [value for _, value in shown] == [plan.name for plan in PICKABLE[:many]]
    told = [text["text"] for text in texts(MODALS["the most plans"]["blocks"])]
    assert "50 more plans cannot be listed here: type `/drs drill` and the plan's name." in told


def test_a_form_is_for_the_request_that_was_clicked() -> None:
    drill: Drill = WAITING.drill
    shown = form(drill, Offer(Action.REJECT, wave=3, round=1))
    assert (shown["callback_id"], json.loads(shown["private_metadata"])) == (
        "reject",
        {"drill": drill.id, "wave": 3, "round": 1},
    )


def test_breaking_glass_says_plainly_what_it_does() -> None:
    shown: list[Any] = [text["text"] for text in texts(MODALS["break glass"])]
    assert shown[0] == "🚨 Break glass: wave 1"
    assert any("*This passes over the approvers.* Wave 1 (Canary) has 0 of 1 approval" in text for text in shown)


def test_all_warnings_are_meant_unless_one_check_is_chosen() -> None:
    shown = options(MODALS["waive, several checks"], "which")
    assert shown == [
        ("All 6 warnings", "all"),
        ("Leftover drill: 2 warnings", "leftover_drill"),
        ("Recovery point: 2 warnings", "recovery_point"),
        ("Replication: 2 warnings", "replication"),
    ]
    assert "which" not in {block["block_id"] for block in MODALS["waive, one check"]["blocks"]}
