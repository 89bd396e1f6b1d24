"""Reading channels, threads, people and groups through the real slack_sdk client."""

from __future__ import annotations

from collections.abc import Callable

from slack_sdk import WebClient

from infra.local.slack.client import Person

CHANNEL = "C0DRDRILLS"
Refusal = Callable[..., str]
METADATA = {"event_type": "drill_log", "event_payload": {"key": "d1-7"}}


def a_thread(client: WebClient, replies: int) -> str:
    root = str(client.chat_postMessage(channel=CHANNEL, text="card", metadata=METADATA)["ts"])
    for index in range(replies):
        client.chat_postMessage(channel=CHANNEL, text=f"log {index}", thread_ts=root, metadata=METADATA)
    return root


def test_metadata_is_returned_only_on_request(client: WebClient) -> None:
    root = a_thread(client, 1)
    without = client.conversations_replies(channel=CHANNEL, ts=root)["messages"]
    assert [message.get("metadata") for message in without] == [None, None]
    found = client.conversations_replies(channel=CHANNEL, ts=root, include_all_metadata=True)["messages"]
    assert [message["metadata"] for message in found] == [METADATA, METADATA]
    listed = client.conversations_history(channel=CHANNEL, include_all_metadata=True)["messages"]
    assert listed[0]["metadata"] == METADATA


def test_a_thread_is_paged_oldest_first_with_the_root_on_the_first_page_only(client: WebClient) -> None:
    root = a_thread(client, 4)
    pages = [page["messages"] for page in client.conversations_replies(channel=CHANNEL, ts=root, limit=2)]
    assert [[message["text"] for message in page] for page in pages] == [
        ["card", "log 0"],
        ["log 1", "log 2"],
        ["log 3"],
    ]


def test_a_page_goes_on_though_the_message_its_cursor_names_was_deleted(client: WebClient) -> None:
    root = a_thread(client, 3)
    stamps = [message["ts"] for message in client.conversations_replies(channel=CHANNEL, ts=root)["messages"]]
    first = client.conversations_replies(channel=CHANNEL, ts=root, limit=2)
    client.chat_delete(channel=CHANNEL, ts=stamps[2])
    cursor = first["response_metadata"]["next_cursor"]
    rest = client.conversations_replies(channel=CHANNEL, ts=root, cursor=cursor)["messages"]
    assert [message["ts"] for message in rest] == [stamps[3]]


def test_the_root_counts_its_replies(client: WebClient, ada: Person) -> None:
    root = a_thread(client, 1)
    last = ada.say("well done", channel="dr-drills", thread_ts=root)
    card = client.conversations_replies(channel=CHANNEL, ts=root)["messages"][0]
    assert (card["reply_count"], card["latest_reply"]) == (2, last.ts)
    assert card["reply_users"] == ["U0DRILLBOT", "U0ADA"]


def test_a_time_window_limits_replies_but_never_hides_the_root(client: WebClient) -> None:
    root = a_thread(client, 3)
    stamps = [message["ts"] for message in client.conversations_replies(channel=CHANNEL, ts=root)["messages"]]
    after = client.conversations_replies(channel=CHANNEL, ts=root, oldest=stamps[1])["messages"]
    assert [message["ts"] for message in after] == [root, stamps[2], stamps[3]]
    within = client.conversations_replies(channel=CHANNEL, ts=root, oldest=stamps[1], latest=stamps[2], inclusive=True)[
        "messages"
    ]
    assert [message["ts"] for message in within] == [root, stamps[1], stamps[2]]


def test_a_message_without_replies_is_a_thread_of_one(client: WebClient) -> None:
    root = a_thread(client, 1)
    reply = client.conversations_replies(channel=CHANNEL, ts=root)["messages"][1]["ts"]
    alone = client.conversations_replies(channel=CHANNEL, ts=reply)["messages"]
    assert [message["ts"] for message in alone] == [reply]


def test_history_lists_roots_and_broadcasts_newest_first(client: WebClient) -> None:
    root = a_thread(client, 1)
    client.chat_postMessage(channel=CHANNEL, text="passed", thread_ts=root, reply_broadcast=True)
    client.chat_postMessage(channel=CHANNEL, text="next card")
    listed = client.conversations_history(channel=CHANNEL)["messages"]
    assert [message["text"] for message in listed] == ["next card", "passed", "card"]
    pages = [page["messages"][0]["text"] for page in client.conversations_history(channel=CHANNEL, limit=1)]
    assert pages == ["next card", "passed", "card"]


def test_reading_is_refused_as_slack_refuses_it(client: WebClient, refusal: Refusal) -> None:
    root = a_thread(client, 0)
    replies = client.conversations_replies
    assert refusal(replies, channel=CHANNEL, ts="1.000001") == "thread_not_found"
    assert refusal(replies, channel="C0ELSEWHERE", ts=root) == "not_in_channel"
    assert refusal(replies, channel="C0SECRET", ts=root) == "channel_not_found"
    assert refusal(replies, channel=CHANNEL, ts=root, cursor="???") == "invalid_cursor"
    assert refusal(replies, channel=CHANNEL, ts=root, cursor="bmV4dDox") == "invalid_cursor"
    assert refusal(replies, channel=CHANNEL, ts=root, limit=0) == "invalid_limit"


def test_a_channel_says_whether_the_bot_is_in_it(client: WebClient, refusal: Refusal) -> None:
    assert client.conversations_info(channel="C0ELSEWHERE")["channel"]["is_member"] is False
    client.conversations_join(channel="C0ELSEWHERE")
    joined = client.conversations_info(channel="C0ELSEWHERE", include_num_members=True)["channel"]
    assert (joined["name"], joined["is_member"], joined["num_members"]) == ("elsewhere", True, 2)
    assert client.chat_postMessage(channel="C0ELSEWHERE", text="hello")["ok"]
    assert refusal(client.conversations_join, channel="C0OLD") == "is_archived"
    assert refusal(client.conversations_join, channel="U0ADA") == "method_not_supported_for_channel_type"


def test_people_and_groups_are_looked_up_by_id(client: WebClient, refusal: Refusal) -> None:
    ada = client.users_info(user="U0ADA")["user"]
    assert (ada["name"], ada["real_name"], ada["is_bot"]) == ("ada", "Ada", False)
    assert refusal(client.users_info, user="ada") == "user_not_found"
    assert client.usergroups_users_list(usergroup="S0APPROVERS")["users"] == ["U0ADA", "U0GRACE"]
    assert refusal(client.usergroups_users_list, usergroup="S0NOBODY") == "no_such_subteam"


def test_a_reaction_is_counted_once(client: WebClient, refusal: Refusal) -> None:
    root = a_thread(client, 0)
    client.reactions_add(channel=CHANNEL, timestamp=root, name="tada")
    card = client.conversations_replies(channel=CHANNEL, ts=root)["messages"][0]
    assert card["reactions"] == [{"name": "tada", "users": ["U0DRILLBOT"], "count": 1}]
    assert refusal(client.reactions_add, channel=CHANNEL, timestamp=root, name="tada") == "already_reacted"
