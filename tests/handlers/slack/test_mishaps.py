"""When the bot itself breaks, nobody is told that all is well."""

from __future__ import annotations

import json
import logging
import re
from threading import Thread, current_thread

import pytest

from bot.application.ports.storage import Change, StoredDrill
from bot.domain.errors import ConcurrentUpdate
from bot.domain.states import DrillState
from bot.slack.app import answer
from tests.fakes.store import MemoryStore
from tests.handlers.slack.bot import CHANNEL, Bot


class WatchedStore(MemoryStore):
    """Notes the thread in which something is saved."""

    saved_in: Thread | None = None

    def save(self, change: Change) -> StoredDrill:
        self.saved_in = current_thread()
        return super().save(change)


class BrokenStore(MemoryStore):
    """Reads, but saves nothing."""

    def save(self, change: Change) -> StoredDrill:
        raise TimeoutError(f"the table did not answer about {change.after.id}")


class CrowdedStore(MemoryStore):
    """Reads, but every save has lost its race."""

    def save(self, change: Change) -> StoredDrill:
        raise ConcurrentUpdate(f"{change.after.id} has moved on")


@pytest.fixture
def broken(bot: Bot) -> Bot:
    bot.ready()
    bot.card()
    bot.app = bot.build_app(BrokenStore(bot.table))
    return bot


def test_a_click_that_could_not_be_saved_is_no_success(broken: Bot, caplog: pytest.LogCaptureFixture) -> None:
    reply = broken.linus.click(broken.card(), "start")
    assert reply.status == 500
    assert reply.notice is not None
    assert broken.drill.state is DrillState.READY
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.exc_info
    assert isinstance(record.exc_info[1], TimeoutError)


def test_the_person_gets_the_reference_under_which_the_log_has_it(
    broken: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    reply = broken.linus.click(broken.card(), "start")
    (told,) = broken.told(broken.linus)
    found = re.search(r"under the reference ([0-9a-f]{8})\.", told)
    assert found
    assert found[1] in {getattr(record, "reference", None) for record in caplog.records}
    assert json.loads(reply.answer.body)["reference"] == found[1]
    assert "TimeoutError" not in told


def test_a_command_that_could_not_be_saved_is_no_success_either(broken: Bot) -> None:
    before = len(broken.told(broken.ada))
    reply = broken.ada.command("/drs", "drill payments", channel=CHANNEL)
    assert reply.status == 500
    assert "Something went wrong inside the bot." in broken.told(broken.ada)[before]


def test_a_click_that_lost_every_race_is_no_success_and_the_person_is_asked_to_click_again(bot: Bot) -> None:
    bot.ready()
    card = bot.card()
    bot.app = bot.build_app(CrowdedStore(bot.table))
    reply = bot.linus.click(card, "start")
    assert reply.status == 503
    assert bot.told(bot.linus) == ["The bot was too busy just now; nothing was changed. Click again."]
    assert bot.drill.state is DrillState.READY
    bot.app = bot.build_app(bot.store)
    assert bot.linus.click(card, "start").status == 200


def test_a_command_that_lost_every_race_is_no_success_either(bot: Bot) -> None:
    bot.app = bot.build_app(CrowdedStore(bot.table))
    reply = bot.ada.command("/drs", "drill payments", channel=CHANNEL)
    assert reply.status == 503
    assert "The bot was too busy just now; nothing was changed. Click again." in bot.told(bot.ada)


def test_a_drill_that_is_not_there_is_an_answer_and_no_failure(bot: Bot) -> None:
    assert bot.ada.command("/drs", "status payments-9", channel=CHANNEL).status == 200


def test_nobody_waits_for_a_slack_that_does_not_answer(broken: Bot) -> None:
    card = broken.card()
    broken.slack.faults.down()
    reply = broken.linus.click(card, "start")
    assert reply.status == 500
    assert reply.answer.seconds < 3


def test_all_is_done_before_the_answer_in_the_thread_that_gives_it(bot: Bot) -> None:
    """Lambda freezes what still runs once the answer is given."""
    store = WatchedStore(bot.table)
    bot.app = bot.build_app(store)
    bot.proposed()
    assert answer(bot.app, bot.events[-1])["statusCode"] == 409
    assert store.saved_in is current_thread()


def test_a_forged_request_leaves_nothing_of_its_body_in_the_log(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="root")
    bot.ada.tampered(secret="guessed").command("/drs", "drill sesame", channel=CHANNEL)
    assert "sesame" not in caplog.text
