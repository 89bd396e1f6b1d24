"""When the bot itself breaks, nobody is told that all is well."""

from __future__ import annotations

import logging
import re
from datetime import datetime
from threading import Thread, current_thread

import pytest

from bot.application.ports.storage import Change, StoredDrill
from bot.domain.person import Person
from bot.domain.states import DrillState
from bot.slack.app import answer
from bot.views.replies import BUSY
from tests.fakes.homes import MemoryHomes
from tests.fakes.store import MemoryStore
from tests.handlers.slack.bot import CHANNEL, Bot
from tests.handlers.slack.stores import BrokenStore, CrowdedStore


class WatchedStore(MemoryStore):
    """Notes the thread in which something is saved."""

    saved_in: Thread | None = None

    def save(self, change: Change) -> StoredDrill:
        self.saved_in = current_thread()
        return super().save(change)


class BrokenHomes(MemoryHomes):
    """Keeps nothing."""

    def open(self, person: Person, now: datetime, *, is_blank: bool = False) -> None:
        raise TimeoutError(f"the table did not answer about {person} at {now}, {is_blank}")


@pytest.fixture
def broken(bot: Bot) -> Bot:
    bot.ready()
    bot.card()
    bot.app = bot.build_app(BrokenStore(bot.table))
    return bot


def test_a_click_that_could_not_be_saved_is_told_in_words_and_not_by_a_warning_of_slacks(
    broken: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    reply = broken.linus.click(broken.card(), "start")
    assert (reply.status, reply.notice) == (200, None)
    assert "Something went wrong inside the bot." in broken.told(broken.linus)[0]
    assert broken.drill.state is DrillState.READY
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.exc_info
    assert isinstance(record.exc_info[1], TimeoutError)


def test_the_person_gets_the_reference_under_which_the_log_has_it(
    broken: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    broken.linus.click(broken.card(), "start")
    (told,) = broken.told(broken.linus)
    found = re.search(r"under the reference ([0-9a-f]{8})\.", told)
    assert found
    assert found[1] in {getattr(record, "reference", None) for record in caplog.records}
    assert "TimeoutError" not in told


def test_a_command_that_could_not_be_saved_is_told_in_its_own_answer(broken: Bot) -> None:
    before = len(broken.told(broken.ada))
    reply = broken.ada.command("/drs", "abort", channel=CHANNEL)
    assert (reply.status, reply.notice) == (200, None)
    assert "Something went wrong inside the bot." in broken.told(broken.ada)[before]


def test_whoever_has_lost_every_race_is_asked_to_try_it_again(bot: Bot) -> None:
    bot.ready()
    card = bot.card()
    bot.app = bot.build_app(CrowdedStore(bot.table))
    reply = bot.linus.click(card, "start")
    assert (reply.status, reply.notice) == (200, None)
    assert bot.told(bot.linus) == ["The bot was too busy just now; nothing was changed. Try it again."]
    assert bot.drill.state is DrillState.READY
    bot.app = bot.build_app(bot.store)
    assert bot.linus.click(card, "start").status == 200


def test_a_command_that_has_lost_every_race_is_told_the_same(bot: Bot) -> None:
    bot.app = bot.build_app(CrowdedStore(bot.table))
    reply = bot.ada.command("/drs", "drill payments", channel=CHANNEL)
    assert (reply.status, reply.notice) == (200, None)
    assert bot.told(bot.ada) == ["The bot was too busy just now; nothing was changed. Try it again."]


@pytest.mark.parametrize(("store", "status"), [(BrokenStore, 500), (CrowdedStore, 503)])
def test_whoever_cannot_be_told_sees_slacks_own_warning(bot: Bot, store: type[MemoryStore], status: int) -> None:
    bot.ready()
    card = bot.card()
    bot.app = bot.build_app(store(bot.table))
    bot.slack.faults.down()
    reply = bot.linus.click(card, "start")
    assert reply.status == status
    assert reply.notice is not None
    assert bot.drill.state is DrillState.READY


def test_an_event_that_failed_is_sent_again_by_slack(bot: Bot) -> None:
    bot.app = bot.build_app(bot.store, homes=BrokenHomes(bot.table))
    assert bot.ada.open_home().status == 500
    assert bot.told(bot.ada) == []


def test_a_drill_that_is_not_there_is_an_answer_and_no_failure(bot: Bot) -> None:
    assert bot.ada.command("/drs", "status payments-9", channel=CHANNEL).status == 200


def test_a_lost_race_on_the_home_is_told_on_the_home(bot: Bot) -> None:
    bot.ready()
    bot.linus.open_home()
    bot.settle()
    bot.app = bot.build_app(CrowdedStore(bot.table))
    reply = bot.linus.click_in_view("start", in_home=True)
    assert (reply.status, reply.notice) == (200, None)
    assert bot.table.viewers[bot.linus.user.id].notice == BUSY


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
    bot.ada.command("/drs", "abort", channel=CHANNEL)
    assert answer(bot.app, bot.events[0])["statusCode"] == 409
    assert store.saved_in is current_thread()


def test_a_forged_request_leaves_nothing_of_its_body_in_the_log(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="root")
    bot.ada.tampered(secret="guessed").command("/drs", "drill sesame", channel=CHANNEL)
    assert "sesame" not in caplog.text
