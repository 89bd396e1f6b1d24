"""The Web API methods that the simulated Slack answers: for each its function, its rate tier and whether it takes JSON.

Tiers and content types: each method's page under docs.slack.dev/reference/methods.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from infra.local.slack.arguments import Arguments
from infra.local.slack.findings import Json
from infra.local.slack.methods import chat, conversations, files, people, views
from infra.local.slack.rate_limits import Tier
from infra.local.slack.state import SlackState

Answer: TypeAlias = Callable[[SlackState, Arguments], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """One Web API method."""

    answer: Answer
    tier: Tier
    takes_json: bool = True


METHODS: dict[str, Method] = {
    "auth.test": Method(people.auth_test, Tier.SPECIAL),
    "chat.delete": Method(chat.delete, Tier.TIER_3),
    "chat.getPermalink": Method(chat.get_permalink, Tier.SPECIAL, takes_json=False),
    "chat.postEphemeral": Method(chat.post_ephemeral, Tier.TIER_4),
    "chat.postMessage": Method(chat.post_message, Tier.POSTING),
    "chat.update": Method(chat.update, Tier.TIER_3),
    "conversations.history": Method(conversations.history, Tier.TIER_3, takes_json=False),
    "conversations.info": Method(conversations.info, Tier.TIER_3, takes_json=False),
    "conversations.join": Method(conversations.join, Tier.TIER_3),
    "conversations.replies": Method(conversations.replies, Tier.TIER_3, takes_json=False),
    "files.completeUploadExternal": Method(files.complete_upload, Tier.TIER_4),
    "files.getUploadURLExternal": Method(files.get_upload_url, Tier.TIER_4, takes_json=False),
    "reactions.add": Method(conversations.add_reaction, Tier.TIER_3),
    "usergroups.users.list": Method(people.users_of_group, Tier.TIER_2, takes_json=False),
    "users.info": Method(people.user_info, Tier.TIER_4, takes_json=False),
    "views.open": Method(views.open_view, Tier.TIER_4),
    "views.publish": Method(views.publish_view, Tier.TIER_4),
    "views.push": Method(views.push_view, Tier.TIER_4),
    "views.update": Method(views.update_view, Tier.TIER_4),
}
