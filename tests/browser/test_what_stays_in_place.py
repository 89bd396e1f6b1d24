"""What must not get lost on the page: the keyboard's place when a menu closes, and the connection to the server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Route, expect

from infra.local.aws.ministack import Ministack
from infra.local.page.server import PageServer
from infra.local.slack.records import Content
from infra.local.world import World
from tests.browser.window import Window

CHANNEL = "C0DRILLS01"
OPTIONS = [{"text": {"type": "plain_text", "text": name}, "value": name} for name in ("First", "Second")]
BLOCKS = (
    {"type": "section", "block_id": "words", "text": {"type": "mrkdwn", "text": "words"}},
    {
        "type": "actions",
        "block_id": "more",
        "elements": [{"type": "overflow", "action_id": "more", "options": OPTIONS}],
    },
)


@pytest.fixture(scope="module")
def world(ministack: Ministack) -> Iterator[World]:
    """One for all: no drill is started here."""
    with World(ministack=ministack) as world:
        yield world


def post(world: World) -> str:
    slack = world.slack.state
    return slack.messages.post(CHANNEL, slack.app.bot_user, Content("words", blocks=BLOCKS)).ts


def shown(window: Window, ts: str) -> Locator:
    """A message, by its time: the last one on the page may still be the one before it."""
    return window.channel.locator(f"[data-ts='{ts}']")


def opened(window: Window, opener: Locator) -> None:
    opener.focus()
    window.page.keyboard.press("Enter")
    expect(window.page.get_by_role("menuitem").first).to_be_focused()


@pytest.mark.parametrize("name", ["More actions on this message", "More actions"])
def test_escape_in_a_menu_leads_back_to_what_opened_it(ada: Window, world: World, name: str) -> None:
    opener = shown(ada, post(world)).get_by_role("button", name=name, exact=True)
    opened(ada, opener)
    ada.page.keyboard.press("ArrowDown")
    ada.page.keyboard.press("Escape")
    expect(ada.page.get_by_role("menu")).to_have_count(0)
    expect(opener).to_be_focused()


def test_a_dialog_from_a_menu_leads_back_to_what_opened_the_menu(ada: Window, world: World) -> None:
    opener = shown(ada, post(world)).get_by_role("button", name="More actions on this message")
    opened(ada, opener)
    ada.page.get_by_role("menuitem", name="Raw payload").press("Enter")
    expect(ada.dialog).to_be_visible()
    ada.page.keyboard.press("Escape")
    expect(ada.page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()


def test_an_update_of_the_message_leaves_an_open_menu_where_it_was(ada: Window, world: World) -> None:
    ts = post(world)
    opened(ada, shown(ada, ts).get_by_role("button", name="More actions", exact=True))
    ada.page.keyboard.press("ArrowDown")
    world.slack.state.messages.update(CHANNEL, ts, Content("words", blocks=BLOCKS))
    expect(shown(ada, ts)).to_contain_text("(edited)")
    expect(ada.page.get_by_role("menuitem", name="Second")).to_be_focused()


def test_blocks_of_the_same_id_are_no_elements_of_the_same_id(ada: Window, world: World) -> None:
    for ts in (post(world), post(world)):
        expect(shown(ada, ts)).to_contain_text("words")
    assert ada.page.locator("[id=words]").count() == 0


def test_a_server_that_is_not_ready_is_asked_again(browser: Browser, page_server: PageServer) -> None:
    page = browser.new_page()
    asked = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=503)

    page.route("**/api/updates?*", refuse, times=1)
    page.goto(page_server.url)
    expect(Window(page).composer).to_be_visible()
    expect(page.get_by_text("Reconnecting")).to_have_count(0)
    assert len(asked) == 1
    page.close()
