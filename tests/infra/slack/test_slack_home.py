"""The App Home: published, opened, clicked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from infra.local.slack.client import Person
from infra.local.slack.server import SlackServer

Refusal = Callable[..., str]


def test_the_home_is_published_opened_and_clicked(
    slack: SlackServer, client: WebClient, bolt: App, refusal: Refusal, ada: Person
) -> None:
    heard: list[dict[str, Any]] = []
    button = {"type": "button", "action_id": "refresh", "value": "1", "text": {"type": "plain_text", "text": "Refresh"}}
    home = {"type": "home", "blocks": [{"type": "actions", "elements": [button]}]}

    @bolt.event("app_home_opened")
    def opened_home(event: dict[str, Any], client: WebClient) -> None:
        heard.append(event)
        client.views_publish(user_id=event["user"], view=home)

    @bolt.action("refresh")
    def refresh(ack: Ack, body: dict[str, Any]) -> None:
        heard.append(body)
        ack()

    assert ada.open_home().status == 200
    published = slack.state.views.home("U0ADA")
    assert published is not None
    assert (heard[0]["tab"], heard[0]["channel"], "view" in heard[0]) == ("home", "D0ADA", False)
    ada.open_home()
    assert heard[1]["view"]["id"] == published.id
    ada.click_in_view("refresh", in_home=True)
    assert heard[2]["view"]["type"] == "home"
    stale = {"user_id": "U0ADA", "view": home, "hash": published.hash}
    assert refusal(client.views_publish, **stale) == "hash_conflict"
    assert refusal(client.views_publish, user_id="U0NOBODY", view=home) == "user_not_found"
