"""The whole state of the simulated Slack, to be read by tests, printers and pages, and changed by the server."""

from __future__ import annotations

import time

from infra.local.slack.errors import SlackRefusal
from infra.local.slack.feed import Clock, Feed
from infra.local.slack.file_shelf import FileShelf
from infra.local.slack.message_book import MessageBook
from infra.local.slack.passes import Passes
from infra.local.slack.private_book import PrivateBook
from infra.local.slack.view_book import ViewBook
from infra.local.slack.workspace import SLACKBOT, Channel, User, UserGroup, Workspace


class SlackState:
    """Directory, messages, private messages, views, files and passes of one workspace. Safe to use from any thread.

    Args:
        workspace: who and what is there at the start.
        clock: seconds since the epoch, for timestamps, trigger ids and response_urls; wall time in real use.
    """

    def __init__(self, workspace: Workspace, clock: Clock = time.time) -> None:
        self.workspace = workspace
        self.app = workspace.app
        self.feed = Feed(clock)
        self.messages = MessageBook(self.feed)
        self.private = PrivateBook(self.feed)
        self.views = ViewBook(self.feed)
        self.files = FileShelf(self.feed)
        self.passes = Passes(clock)
        self._users = {user.id: user for user in (*workspace.users, workspace.app.as_user)}
        self._users[SLACKBOT] = User(SLACKBOT, "slackbot", "Slackbot", is_bot=True)
        self._channels = {channel.id: channel for channel in workspace.channels}

    def user(self, name_or_id: str) -> User:
        """A person or bot by id or handle. Refuses with user_not_found."""
        for user in self._users.values():
            if name_or_id in (user.id, user.name):
                return user
        raise SlackRefusal("user_not_found")

    def user_by_id(self, user_id: str) -> User:
        """A person or bot by id only. Refuses with user_not_found."""
        if user_id not in self._users:
            raise SlackRefusal("user_not_found")
        return self._users[user_id]

    def users(self) -> list[User]:
        """Everybody, the bot and Slackbot included."""
        return list(self._users.values())

    def channel(self, name_or_id: str) -> Channel:
        """A channel by id or name (with or without #), or the direct messages with a user id.

        Refuses with channel_not_found.
        """
        with self.feed.lock:
            found = self._find_channel(name_or_id)
        if found is None:
            raise SlackRefusal("channel_not_found")
        return found

    def channel_for_app(self, name_or_id: str) -> Channel:
        """The same, as the app may know it: a private channel that the bot is not in does not exist for it."""
        found = self.channel(name_or_id)
        if found.is_private and self.app.bot_user not in found.members:
            raise SlackRefusal("channel_not_found")
        return found

    def channels(self) -> list[Channel]:
        """Every conversation, direct messages that have been opened included."""
        with self.feed.lock:
            return list(self._channels.values())

    def join(self, channel: Channel, user: str) -> Channel:
        """Make somebody a member."""
        with self.feed.lock:
            self._channels[channel.id] = channel.joined_by(user)
            return self._channels[channel.id]

    def group(self, group_id: str) -> UserGroup:
        """A user group. Refuses with no_such_subteam."""
        for group in self.workspace.groups:
            if group.id == group_id:
                return group
        raise SlackRefusal("no_such_subteam")

    def direct_messages(self, user: str) -> Channel:
        """The conversation between the bot and one person; made when first asked for."""
        channel_id = f"D{user[1:]}"
        with self.feed.lock:
            members = frozenset({user, self.app.bot_user})
            return self._channels.setdefault(channel_id, Channel(channel_id, "", members, is_im=True))

    def _find_channel(self, name_or_id: str) -> Channel | None:
        if name_or_id in self._users and name_or_id != self.app.bot_user:
            return self.direct_messages(name_or_id)
        for channel in self._channels.values():
            if channel.id == name_or_id or (channel.name and channel.name == name_or_id.removeprefix("#")):
                return channel
        return None
