"""The use cases of the bot, over the world's own table, for what no button leads to by itself.

UseCases(drill).reject("grace", wave=2, comment="Not today.")
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from bot.adapters.dynamodb_groups import DynamoDbGroups
from bot.adapters.dynamodb_homes import DynamoDbHomes
from bot.adapters.dynamodb_messages import DynamoDbMessages
from bot.adapters.identity import new_drill_id
from bot.adapters.plan_files import PlanFiles
from bot.application.deciding import Click, Decider
from bot.application.drills import Drills
from bot.domain.launch_point import LaunchPoint
from bot.domain.person import Person
from bot.domain.plan import Target
from tests.scenarios.story import Story


@dataclass(frozen=True, slots=True)
class UseCases:
    """What a story's people do where a form would have to be filled in first."""

    story: Story

    def propose(self, who: str, launch_point: LaunchPoint) -> None:
        """Ask for the drill; the story is about it from then on."""
        self.story.id = self._drills.propose(self.story.plan.name, self._click(who), launch_point).id

    def approve(self, who: str, wave: int, comment: str, asked: int = 1) -> None:
        self._drills.approve(self.story.id, wave, asked, self._click(who), comment)

    def reject(self, who: str, wave: int, comment: str, asked: int = 1) -> None:
        self._drills.reject(self.story.id, wave, asked, comment, self._click(who))

    @property
    def _drills(self) -> Drills:
        world = self.story.world
        table = world.table
        return Drills(
            decider=Decider(world.store, world.now),
            plan_source=PlanFiles(world.plans),
            home=Target(account_id=world.account, region=world.region),
            new_id=new_drill_id,
            homes=DynamoDbHomes(table),
            groups=DynamoDbGroups(table),
            messages=DynamoDbMessages(table),
        )

    def _click(self, who: str) -> Click:
        world = self.story.world
        actor = Person(user_id=world.person(who).user.id, team_id=world.slack.state.workspace.team_id)
        return Click(actor, replay_key=uuid.uuid4().hex, replay_until=world.now() + timedelta(minutes=5))
