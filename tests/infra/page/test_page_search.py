"""What comes of typing into a menu whose options the app offers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.wrappers import Request, Response

from tests.fakes.bots import bot_that, late_bot
from tests.infra.page.conftest import ADA, Page

OPTIONS = [{"text": {"type": "plain_text", "text": "Payments"}, "value": "payments"}]


@pytest.fixture
def modal(page: Page) -> Any:
    """A modal in front of Ada, with such a menu; closed again in the end."""
    views = page.world.slack.state.views
    menu = {"type": "external_select", "action_id": "plan", "min_query_length": 1}
    label = {"type": "plain_text", "text": "Plan"}
    blocks = [{"type": "input", "block_id": "plan", "label": label, "element": menu}]
    views.open(ADA, {"type": "modal", "title": {"type": "plain_text", "text": "Ask"}, "blocks": blocks})
    yield
    views.close(ADA, whole_stack=True)


@pytest.mark.usefixtures("modal")
def test_a_search_tells_the_options_and_how_the_bot_answered(page: Page) -> None:
    heard: list[str] = []

    def offer(request: Request) -> Response:
        heard.append(json.loads(request.form["payload"])["value"])
        return Response(json.dumps({"options": OPTIONS}))

    with bot_that(page.world, offer):
        outcome = page.act(ADA, "search", actionId="plan", text="pay")
    assert heard == ["pay"]
    assert (outcome["status"], outcome["notice"], outcome["options"]) == (200, None, OPTIONS)
    assert outcome["took"] >= 0


@pytest.mark.usefixtures("modal")
@pytest.mark.parametrize("body", ["", "no JSON", "[]", "null"])
def test_an_answer_with_no_options_in_it_offers_none(page: Page, body: str) -> None:
    with bot_that(page.world, lambda _request: Response(body)):
        outcome = page.act(ADA, "search", actionId="plan", text="pay")
    assert (outcome["status"], outcome["options"]) == (200, [])


@pytest.mark.usefixtures("modal")
def test_a_search_that_is_not_answered_in_time_says_so(page: Page) -> None:
    with late_bot(page.world):
        outcome = page.act(ADA, "search", actionId="plan", text="pay")
    assert (outcome["status"], outcome["options"]) == (None, [])
    assert "3 seconds" in outcome["notice"]["text"]
