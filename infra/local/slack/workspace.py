"""Who and what is in the simulated Slack workspace: people, channels, user groups, and our app with its secrets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

SLACKBOT = "USLACKBOT"
"""The user id under which Slack itself speaks."""


@dataclass(frozen=True, slots=True)
class User:
    """A member of the workspace. `name` is the handle (`user_name` in a slash command), `real_name` what is shown."""

    id: str
    name: str
    real_name: str
    is_bot: bool = False
    tz: str = "Etc/UTC"


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation. Direct messages have ids that begin with D and no name of their own."""

    id: str
    name: str
    members: frozenset[str] = frozenset()
    is_private: bool = False
    is_archived: bool = False
    is_im: bool = False

    @property
    def name_in_requests(self) -> str:
        """What `channel_name` says in a request: Slack hides private names (docs: implementing slash commands)."""
        if self.is_im:
            return "directmessage"
        return "privategroup" if self.is_private else self.name

    def joined_by(self, user: str) -> Channel:
        """This channel with one member more."""
        return replace(self, members=self.members | {user})


@dataclass(frozen=True, slots=True)
class UserGroup:
    """A user group, mentioned as `<!subteam^ID>`."""

    id: str
    handle: str
    users: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SlackApp:
    """Our app as installed in the workspace. Every secret here is made up and good on loopback only."""

    id: str = "A0DRILLBOT"
    name: str = "DRS Drill Bot"
    bot_id: str = "B0DRILLBOT"
    bot_user: str = "U0DRILLBOT"
    bot_token: str = "xoxb-local-drill-bot"
    signing_secret: str = "local-signing-secret"
    verification_token: str = "local-verification-token"
    commands: tuple[str, ...] = ("/drs",)

    @property
    def as_user(self) -> User:
        """The bot user."""
        return User(self.bot_user, self.name.lower().replace(" ", "_"), self.name, is_bot=True)


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace before anything happens in it."""

    users: tuple[User, ...]
    channels: tuple[Channel, ...]
    groups: tuple[UserGroup, ...] = ()
    app: SlackApp = field(default_factory=SlackApp)
    team_id: str = "T0LOCALDR"
    domain: str = "local-dr"
    name: str = "Local DR"

    def __post_init__(self) -> None:
        ids = [user.id for user in self.users] + [channel.id for channel in self.channels]
        ids += [group.id for group in self.groups]
        if len(set(ids)) != len(ids):
            raise ValueError(f"ids are not unique: {sorted(ids)}")

    @property
    def url(self) -> str:
        """The workspace's address, as auth.test returns it."""
        return f"https://{self.domain}.slack.com/"


def small_workspace(*handles: str, channels: Iterable[str] = ("dr-drills",), app: SlackApp | None = None) -> Workspace:
    """A workspace in which every person and the bot are in every channel.

    Ids follow from names: `ada` is U0ADA, `#dr-drills` is C0DRDRILLS.
    """
    app = app or SlackApp()
    people = tuple(User(f"U0{handle.upper()}", handle, handle.capitalize()) for handle in handles)
    members = frozenset(user.id for user in (*people, app.as_user))
    rooms = tuple(Channel(f"C0{name.replace('-', '').upper()}", name, members) for name in channels)
    return Workspace(users=people, channels=rooms, app=app)
