"""What happens can be followed, live and from the beginning."""

from __future__ import annotations

import threading

from slack_sdk import WebClient

from infra.local.slack.client import Person
from infra.local.slack.feed import Change, ChangeKind
from infra.local.slack.records import Ephemeral, Message, StoredFile
from infra.local.slack.server import SlackServer

CHANNEL = "C0DRDRILLS"


def test_every_kind_of_message_change_is_announced_in_order(slack: SlackServer, client: WebClient, ada: Person) -> None:
    ts = client.chat_postMessage(channel=CHANNEL, text="one")["ts"]
    client.chat_update(channel=CHANNEL, ts=ts, text="two")
    client.reactions_add(channel=CHANNEL, timestamp=ts, name="tada")
    client.chat_postEphemeral(channel=CHANNEL, user="U0ADA", text="psst")
    client.files_upload_v2(channel=CHANNEL, content="a", filename="a.txt")
    client.chat_delete(channel=CHANNEL, ts=ts)
    ada.command("/nope", channel="dr-drills")
    client.views_publish(user_id="U0ADA", view={"type": "home", "blocks": [{"type": "divider"}]})
    changes = slack.state.feed.changes()
    assert [change.kind for change in changes] == [
        ChangeKind.MESSAGE_POSTED,
        ChangeKind.MESSAGE_UPDATED,
        ChangeKind.REACTION_ADDED,
        ChangeKind.EPHEMERAL_SHOWN,
        ChangeKind.MESSAGE_POSTED,
        ChangeKind.FILE_SHARED,
        ChangeKind.MESSAGE_DELETED,
        ChangeKind.NOTICE_SHOWN,
        ChangeKind.HOME_PUBLISHED,
    ]
    assert [change.seq for change in changes] == list(range(1, 10))
    subjects = [type(change.subject) for change in changes[:6]]
    assert subjects == [Message, Message, Message, Ephemeral, Message, StoredFile]


def test_a_record_in_the_feed_is_as_it_was_then(slack: SlackServer, client: WebClient) -> None:
    ts = client.chat_postMessage(channel=CHANNEL, text="one")["ts"]
    client.chat_update(channel=CHANNEL, ts=ts, text="two")
    posted, updated = (change.subject for change in slack.state.feed.changes())
    assert isinstance(posted, Message)
    assert isinstance(updated, Message)
    assert (posted.content.text, updated.content.text) == ("one", "two")


def test_a_follower_gets_what_comes_and_can_start_anywhere(slack: SlackServer, client: WebClient) -> None:
    client.chat_postMessage(channel=CHANNEL, text="one")
    with slack.state.feed.subscribe() as from_now, slack.state.feed.subscribe(after=0) as from_the_start:
        client.chat_postMessage(channel=CHANNEL, text="two")
        assert _texts(from_now.get(1), from_now.get(0)) == ["two", None]
        assert _texts(from_the_start.get(1), from_the_start.get(1)) == ["one", "two"]


def test_a_follower_who_left_gets_nothing_more(slack: SlackServer, client: WebClient) -> None:
    follower = slack.state.feed.subscribe()
    follower.close()
    client.chat_postMessage(channel=CHANNEL, text="one")
    assert list(follower) == []


def test_stopping_the_server_lets_an_iterating_follower_go(slack: SlackServer, client: WebClient) -> None:
    seen: list[Change] = []
    follower = slack.state.feed.subscribe()
    reader = threading.Thread(target=lambda: seen.extend(follower))
    reader.start()
    client.chat_postMessage(channel=CHANNEL, text="one")
    slack.stop()
    reader.join(timeout=5)
    assert not reader.is_alive()
    assert _texts(*seen) == ["one"]


def test_posts_from_many_threads_are_all_kept_in_the_order_of_their_timestamps(slack: SlackServer) -> None:
    def post_ten() -> None:
        client = WebClient(token=slack.state.app.bot_token, base_url=slack.api_url)
        for _ in range(10):
            client.chat_postMessage(channel=CHANNEL, text="x")

    threads = [threading.Thread(target=post_ten) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stamps = [message.ts for message in slack.state.messages.in_channel(CHANNEL)]
    assert len(stamps) == 40
    assert stamps == sorted(set(stamps))
    assert len(slack.state.feed.changes()) == 40


def _texts(*changes: Change | None) -> list[str | None]:
    return [
        change.subject.content.text if change and isinstance(change.subject, Message) else None for change in changes
    ]
