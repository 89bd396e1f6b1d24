"""What holds for every message of every drill, at each stage, of the smallest, a usual and the largest drill."""

from __future__ import annotations

import json
import re
from functools import cache

import pytest

from bot.application.ports.slack import Message
from bot.domain.commands import Topic, TopicKind
from bot.domain.drill import Drill
from bot.domain.states import Purpose
from bot.views.naming import plan_title
from bot.views.topics import FILES, THREAD
from infra.local.slack.blockkit import TEXT_BUDGET, check_message, text_length
from tests.unit.views.cases import CASE_IDS, CASES, newest_topics
from tests.unit.views.reading import blocks_of, draw, reads, texts
from tests.unit.views.stages import Size, at, history

EVERYWHERE = pytest.mark.parametrize(("stage", "size"), CASES, ids=CASE_IDS)
MARK_UP = re.compile(r"<([^>]*)>")
OURS = re.compile(
    r"@[UW][A-Z0-9]+|!subteam\^S[A-Z0-9]+|!date\^\d+\^\{[^|]*\|[^|]*UTC|https://[a-z0-9.-]+/drs/home\?[^|]*\|drsjob-[0-9a-f]+"
    r"|https://[a-z0-9.-]+/ec2/home\?[^|]*\|(i-[0-9a-f]+|EC2)"
)
FALLBACK_MOST = 1_000


@cache
def messages(stage: str, size: Size) -> tuple[tuple[Topic, Message], ...]:
    """Everything that the drill has said so far; of the largest only the newest of each kind."""
    story = at(stage, size)
    topics = newest_topics(story) if size is Size.LARGEST else story.topics
    earlier = history(stage, size)
    drawn = tuple((topic, draw(story.drill, topic, *earlier)) for topic in topics)
    assert [topic.key for topic, message in drawn if message is None] == []
    return tuple((topic, message) for topic, message in drawn if message)


@EVERYWHERE
def test_slack_takes_it_with_room_to_spare(stage: str, size: Size) -> None:
    for topic, message in messages(stage, size):
        blocks = blocks_of(message)
        assert check_message({"text": message.text, "blocks": blocks}) == [], topic.key
        assert text_length(blocks) <= TEXT_BUDGET, topic.key
        assert 0 < len(message.text) <= FALLBACK_MOST, topic.key


@EVERYWHERE
def test_nothing_from_outside_becomes_mark_up(stage: str, size: Size) -> None:
    for topic, message in messages(stage, size):
        for shown in [message.text, *(each["text"] for each in texts(blocks_of(message)))]:
            found = [inside for inside in MARK_UP.findall(shown) if not OURS.fullmatch(inside)]
            assert found == [], f"{topic.key}: {found}"
            assert "&" not in re.sub("&(amp|lt|gt);", "", shown), topic.key


@EVERYWHERE
def test_slack_is_told_not_to_look_for_names_and_links_by_itself(stage: str, size: Size) -> None:
    for _, message in messages(stage, size):
        assert all(text["verbatim"] for text in texts(blocks_of(message)) if text["type"] == "mrkdwn")


@EVERYWHERE
def test_blocks_are_named_once_and_mean_nothing_that_changes(stage: str, size: Size) -> None:
    for topic, message in messages(stage, size):
        ids = [block["block_id"] for block in blocks_of(message)]
        assert len(set(ids)) == len(ids), topic.key
        assert all(re.fullmatch(r"[a-z-]+(-\d)?", block_id) for block_id in ids), topic.key


@EVERYWHERE
def test_the_same_drill_gives_the_same_bytes(stage: str, size: Size) -> None:
    again = Drill.model_validate_json(at(stage, size).drill.model_dump_json())
    for topic, message in messages(stage, size):
        assert draw(again, topic, *history(stage, size)) == message


@EVERYWHERE
def test_a_message_is_found_again_by_drill_and_topic(stage: str, size: Size) -> None:
    for topic, message in messages(stage, size):
        assert message.key == f"payments-20260302-1000:{topic.key}"


@EVERYWHERE
def test_nobody_reads_a_code_where_words_belong(stage: str, size: Size) -> None:
    codes = re.compile(r"\b(N/A|None|null|WaveState|on_hold|not_run|servers_failed|launch_\w+|[a-z]+_[a-z_]+)\b")
    for topic, message in messages(stage, size):
        written = re.sub("```.*?```", "", " ".join(text["text"] for text in texts(blocks_of(message))))
        written = re.sub(r"\{date_short_pretty\}", "", written)
        assert codes.findall(f"{message.text} {written}") == [], topic.key


@EVERYWHERE
def test_what_is_read_aloud_is_a_sentence_without_signs(stage: str, size: Size) -> None:
    for topic, message in messages(stage, size):
        assert re.match(r"[A-Z]", message.text), topic.key
        assert message.text.endswith("."), topic.key
        assert "<" not in message.text, topic.key


@EVERYWHERE
def test_a_notification_says_that_it_is_a_drill_and_which(stage: str, size: Size) -> None:
    drill = at(stage, size).drill
    begins = f"{'Sweep' if drill.purpose is Purpose.SWEEP else 'Drill'} of {plan_title(drill.plan)}: "
    assert all(message.text.startswith(begins) for _, message in messages(stage, size))


@pytest.mark.parametrize(
    ("stage", "kind"),
    [
        ("glass-broken", TopicKind.BREAK_GLASS),
        ("reminded", TopicKind.REMINDER),
        ("approved-after-all", TopicKind.REMINDER),
    ],
)
def test_what_draws_people_into_the_thread_says_so_in_its_first_line(stage: str, kind: TopicKind) -> None:
    (shown,) = [message for topic, message in messages(stage, Size.USUAL) if topic.kind is kind]
    assert reads(shown)[0] == "🧪 DRILL · Payments in the recovery Region"


def test_every_topic_has_a_view() -> None:
    assert set(THREAD) | set(FILES) | {TopicKind.CARD} == set(TopicKind)


@pytest.mark.parametrize("kind", [kind for kind in TopicKind if kind is not TopicKind.CARD])
def test_a_topic_on_which_nothing_has_happened_shows_nothing(kind: TopicKind) -> None:
    assert draw(at("proposed", Size.USUAL).drill, Topic(kind=kind, wave=1, number=1)) is None
    assert draw(at("proposed", Size.USUAL).drill, Topic(kind=kind)) is None


def test_the_blocks_are_written_without_spaces_and_in_unicode() -> None:
    message = draw(at("ready", Size.USUAL).drill, Topic(kind=TopicKind.CARD))
    assert message is not None
    assert message.blocks.startswith('[{"type":"header","block_id":"drill","text":{"type":"plain_text","text":"🧪')
    assert json.loads(message.blocks)
