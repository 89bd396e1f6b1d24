"""The report is asked for, signed and added to, by buttons, forms, a command and a shortcut, in signed requests."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from bot.domain.afterwards import EVIDENCE, REPORT, TIMELINE
from bot.domain.events import LaunchWithdrawn
from bot.domain.report_events import EvidenceFailed, EvidenceKept
from bot.domain.states import DrillState
from bot.views.action_ids import ADD_NOTE, DRILL_ACTIONS, MORE
from infra.local.slack.records import Message
from tests.handlers.slack.bot import CHANNEL, LOBBY, Bot
from tests.handlers.slack.forms import menu_value, sent_as

FILES = {EVIDENCE: "e" * 64, REPORT: "f" * 64, TIMELINE: "a" * 64}
FOUND = {"words": "The disk of the ledger is too small.", "owner": "U0LINUS", "due": "2026-04-01"}


def kept(bot: Bot, number: int = 1) -> None:
    """The executor has made the report, and its files lie in the bucket."""
    place = f"payments/payments-1/report-{number:03}/"
    for name in FILES:
        bot.shelf.files[f"{place}{name}"] = f"{name} {number}".encode()
    bot.happens(EvidenceKept(number=number, version=bot.drill.version, place=place, files=FILES))


@pytest.fixture
def reported(bot: Bot) -> Bot:
    """A drill was aborted, has ended, and its report is in the thread."""
    bot.started()
    bot.ada.click(bot.card(), "abort")
    bot.happens(LaunchWithdrawn(key=bot.drill.wave(1).launches[0].key))
    assert bot.drill.state is DrillState.ENDED
    kept(bot)
    return bot


def actions(message: Message) -> set[str]:
    rows = (block["elements"] for block in message.content.blocks if block["type"] == "actions")
    return {element["action_id"] for row in rows for element in row}


def test_the_picture_and_the_pdf_are_in_the_thread_before_the_words_about_them(reported: Bot) -> None:
    reported.settle()
    files = reported.slack.state.files.all()
    assert [(file.name, file.body) for file in files] == [
        ("payments-1-timeline.png", b"timeline.png 1"),
        ("payments-1-report.pdf", b"report.pdf 1"),
    ]
    assert actions(reported.message("report")) == {"sign_off", "add_finding", "report"}
    assert "report" in actions(reported.card())


def test_the_button_has_the_report_made_again(reported: Bot) -> None:
    assert reported.linus.click(reported.card(), "report").status == 200
    assert reported.drill.report
    assert (reported.drill.report.number, reported.drill.report.is_being_made) == (2, True)
    assert "report" not in actions(reported.card())
    kept(reported, 2)
    reported.settle()
    assert [file.name for file in reported.slack.state.files.all()][2:] == [
        "payments-1-timeline-2.png",
        "payments-1-report-2.pdf",
    ]


def test_a_stranger_gets_no_report_and_hears_who_could(reported: Bot) -> None:
    reported.eve.click(reported.card(), "report")
    assert "You may not have a report made of this drill." in "\n".join(reported.told(reported.eve))


@pytest.mark.parametrize("text", ["report", "report payments", "report PAYMENTS-1", "Report “payments”"])
def test_the_command_has_it_made_of_the_drill_that_is_meant(reported: Bot, text: str) -> None:
    reported.grace.command("/drs", text, channel=CHANNEL)
    assert "The report of payments-1 is being made" in "\n".join(reported.told(reported.grace))
    assert reported.drill.report
    assert reported.drill.report.number == 2


def test_the_command_without_a_drill_that_has_ended_says_so(bot: Bot) -> None:
    bot.grace.command("/drs", "report", channel=LOBBY)
    assert "No drill of this channel's plans has been run yet." in "\n".join(bot.told(bot.grace))
    bot.started()
    bot.grace.command("/drs", f"report {bot.drill.id}", channel=CHANNEL)
    assert "This does not apply now: the drill is running." in "\n".join(bot.told(bot.grace))


def test_what_could_not_be_made_can_be_tried_again_from_its_message(reported: Bot) -> None:
    reported.ada.click(reported.card(), "report")
    reported.happens(EvidenceFailed(number=2, error="AccessDenied: s3:PutObject"))
    message = reported.message("report")
    assert "AccessDenied: s3:PutObject" in json.dumps(message.content.blocks)
    assert reported.ada.click(message, "report").status == 200
    assert reported.drill.report
    assert reported.drill.report.number == 3


def test_an_approver_signs_off_in_a_form_that_names_what_is_signed(reported: Bot) -> None:
    reported.grace.click(reported.message("report"), "sign_off")
    assert "e" * 64 in reported.reads(reported.grace)
    reported.grace.submit({"words": "Seen, and accepted."})
    (signed,) = reported.drill.signoffs
    assert (signed.by.user_id, signed.sha256, signed.comment) == ("U0GRACE", "e" * 64, "Seen, and accepted.")
    kept(reported, 2)
    assert "Signed off by <@U0GRACE>" in json.dumps(reported.message("report").content.blocks)


def test_whoever_started_it_signs_nothing_and_is_told_before_they_write(reported: Bot) -> None:
    reported.ada.click(reported.message("report"), "sign_off")
    assert "You may not sign this drill off." in "\n".join(reported.told(reported.ada))
    assert reported.slack.state.views.stack(reported.ada.user.id) == []


def test_a_form_that_was_open_while_a_newer_report_came_signs_nothing(reported: Bot) -> None:
    reported.grace.click(reported.message("report"), "sign_off")
    reported.linus.click(reported.card(), "report")
    kept(reported, 2)
    reported.grace.submit({"words": "Seen."})
    told = reported.errors(reported.grace)
    assert told == {"words": "This is not the newest report any more: read the newest one, and sign that."}
    assert reported.drill.signoffs == ()


def test_a_finding_is_added_with_its_owner_and_date_and_later_fixed(reported: Bot) -> None:
    reported.grace.click(reported.card(), "add_finding")
    reported.grace.submit(FOUND)
    (found,) = reported.drill.follow_ups
    assert (found.text, found.owner, found.due) == (FOUND["words"], "U0LINUS", date(2026, 4, 1))
    message = reported.message("report")
    reported.linus.click(message, MORE, menu_value(message, "Finding 1 is fixed"))
    assert FOUND["words"] in reported.reads(reported.linus)
    reported.linus.submit({"words": "Twice as large now."})
    (fixed,) = reported.drill.follow_ups
    assert (fixed.is_open, fixed.how) == (False, "Twice as large now.")


@pytest.mark.parametrize(
    ("left_out", "told"),
    [("owner", "Choose who sees to it."), ("due", "Choose the day until which it is to be seen to.")],
)
def test_a_finding_without_owner_or_date_is_not_taken_though_slack_should_send_it(
    reported: Bot, left_out: str, told: str
) -> None:
    reported.grace.click(reported.card(), "add_finding")
    values: dict[str, Any] = {
        "words": {"words": {"type": "plain_text_input", "value": "A larger disk."}},
        "owner": {"owner": {"type": "users_select", "selected_user": "U0LINUS"}},
        "due": {"due": {"type": "datepicker", "selected_date": "2026-04-01"}},
    }
    del values[left_out]
    answer = sent_as(reported, reported.grace, {"state": {"values": values}}, FOUND)
    assert answer == {"response_action": "errors", "errors": {left_out: told}}
    assert reported.drill.follow_ups == ()


def test_a_message_of_the_thread_is_put_on_record_with_its_author_and_where_it_stands(bot: Bot) -> None:
    bot.started()
    card = bot.card()
    said = bot.eve.say("The test payment went through.", channel=CHANNEL, thread_ts=card.ts)
    reply = bot.grace.message_shortcut(said, ADD_NOTE)
    assert reply.status == 200
    (note,) = bot.drill.notes
    assert (note.author, note.text, note.by.user_id) == ("U0EVE", "The test payment went through.", "U0GRACE")
    assert note.permalink.endswith(f"/p{said.ts.replace('.', '')}?thread_ts={card.ts}&cid={card.channel}")
    assert "is on the record of payments-1" in bot.reads(bot.grace)


def test_the_same_message_is_noted_once(bot: Bot) -> None:
    bot.started()
    said = bot.eve.say("It works.", channel=CHANNEL, thread_ts=bot.card().ts)
    bot.grace.message_shortcut(said, ADD_NOTE)
    bot.linus.message_shortcut(said, ADD_NOTE)
    assert "among the drill's notes already" in "\n".join(bot.told(bot.linus))
    assert len(bot.drill.notes) == 1


def test_a_long_message_is_kept_as_far_as_there_is_room(bot: Bot) -> None:
    bot.started()
    said = bot.eve.say("It works. " * 200, channel=CHANNEL, thread_ts=bot.card().ts)
    bot.grace.message_shortcut(said, ADD_NOTE)
    (note,) = bot.drill.notes
    assert len(note.text) == 500
    assert note.text.endswith("…")


def test_a_message_of_no_drill_is_put_on_nobodys_record(bot: Bot) -> None:
    bot.started()
    bot.grace.message_shortcut(bot.eve.say("Lunch?", channel=CHANNEL), ADD_NOTE)
    assert "This message belongs to no drill under way" in "\n".join(bot.told(bot.grace))
    assert bot.drill.notes == ()


def test_what_is_said_of_a_plans_last_drill_once_it_has_ended_is_noted_too(reported: Bot) -> None:
    said = reported.eve.say("It was the firewall.", channel=CHANNEL, thread_ts=reported.card().ts)
    reported.grace.message_shortcut(said, ADD_NOTE)
    assert [note.text for note in reported.drill.notes] == ["It was the firewall."]


def test_a_drill_that_has_ended_is_signed_off_from_the_menu_of_any_message_of_its_thread(reported: Bot) -> None:
    said = reported.eve.say("Fine.", channel=CHANNEL, thread_ts=reported.card().ts)
    reported.grace.message_shortcut(said, DRILL_ACTIONS)
    inputs = [block for block in reported.form(reported.grace)["blocks"] if block["type"] == "input"]
    options = {each["text"]["text"]: each["value"] for block in inputs for each in block["element"]["options"]}
    reported.grace.submit({"choice": options["Sign off"]})
    reported.grace.submit({"words": "Seen."})
    assert [each.comment for each in reported.drill.signoffs] == ["Seen."]


def test_a_stranger_adds_no_notes(bot: Bot) -> None:
    bot.started()
    said = bot.eve.say("It works.", channel=CHANNEL, thread_ts=bot.card().ts)
    bot.eve.message_shortcut(said, ADD_NOTE)
    assert "You may not add notes to this drill." in "\n".join(bot.told(bot.eve))
    assert bot.drill.notes == ()


def test_no_button_and_no_form_adds_a_note(reported: Bot) -> None:
    reported.grace.click(reported.card(), "add_finding")
    answer = sent_as(reported, reported.grace, {"callback_id": "note"}, FOUND)
    assert "of no use any more" in json.dumps(answer)


def test_the_history_of_a_plan_can_be_had_as_csv(reported: Bot) -> None:
    reported.eve.command("/drs", "history payments CSV", channel=CHANNEL)
    told = "\n".join(reported.told(reported.eve))
    assert "payments-1,2026-03-02 10:" in told
    reported.eve.command("/drs", "history payments pdf", channel=CHANNEL)
    assert "Behind a plan, only 'csv' can follow." in "\n".join(reported.told(reported.eve))
