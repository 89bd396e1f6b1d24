"""The servers of a wave: those that need a look come first, and 500 of them still fit into a message."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.domain.commands import Topic, TopicKind
from bot.domain.states import ServerPhase
from bot.views.servers import ON_THE_CARD, short_list
from infra.local.slack.blockkit import TEXT_BUDGET, check_message, text_length
from tests.unit.builders import HOME, Story, a_plan
from tests.unit.views.reading import blocks_of, draw, reads
from tests.unit.views.sizes import LONG_ERROR, names

CARD = Topic(kind=TopicKind.CARD)
WAVE = Topic(kind=TopicKind.WAVE, wave=1, number=1)


def launching(servers: int) -> Story:
    story = Story(a_plan(("Everything", servers), optional=range(2, servers + 1, 2)))
    return story.checked(names=names(story.drill.plan) if servers > 50 else None).started().jobs_started()


def some(story: Story, number: int) -> list[str]:
    return [server.name for server in story.drill.waves[0].servers[:number]]


def half_launched(story: Story) -> Story:
    return story.moved(ServerPhase.LAUNCHED, some(story, 250))


def half_failed(story: Story) -> Story:
    return story.launched(failing=dict.fromkeys(some(story, 250), LONG_ERROR))


def lines(story: Story) -> list[str]:
    return short_list(HOME, story.drill.waves[0].servers)


def test_what_failed_comes_first_then_what_is_furthest_back() -> None:
    story = launching(5).moved(ServerPhase.CONVERSION, ["server-1", "server-2", "server-3"])
    story.moved(ServerPhase.LAUNCHED, ["server-3"]).moved(ServerPhase.FAILED, ["server-2"])
    assert lines(story) == [
        "❌ server-2 (optional) · failed",
        "▫️ server-5 · waiting",
        "▫️ server-4 · waiting",
        "🔸 server-1 · converting",
        "✅ server-3 · launched",
    ]


def test_what_there_is_no_room_for_is_counted() -> None:
    story = launching(30).moved(ServerPhase.CONVERSION, [f"server-{number}" for number in range(1, 16)])
    assert lines(story)[-1] == "and 20 more: 5 waiting · 15 converting"
    assert len(lines(story)) == ON_THE_CARD + 1
    story.moved(ServerPhase.CONVERSION, [f"server-{number}" for number in range(16, 21)])
    assert lines(story)[-1] == "and 20 more converting"


def test_many_that_are_all_in_one_phase_are_only_counted() -> None:
    assert lines(launching(ON_THE_CARD + 1)) == ["11 waiting"]
    assert len(lines(launching(ON_THE_CARD))) == ON_THE_CARD


@pytest.mark.parametrize("tell", [lambda story: story, half_launched, half_failed])
@pytest.mark.parametrize("topic", [CARD, WAVE], ids=lambda topic: topic.key)
def test_five_hundred_servers_fit_into_a_message(tell: Callable[[Story], Story], topic: Topic) -> None:
    message = draw(tell(launching(500)).drill, topic)
    assert message
    blocks = blocks_of(message)
    assert check_message({"text": message.text, "blocks": blocks}) == []
    assert text_length(blocks) <= TEXT_BUDGET


def test_a_server_that_was_never_tried_is_not_said_to_wait_when_all_is_over() -> None:
    story = Story(a_plan(("Everything", 2))).checked().started().refused().skipped()
    message = draw(story.drill, WAVE)
    assert message
    assert "▫️ server-1 · not launched" in reads(message)
