"""DRS at work behind its port: its jobs move, servers fail, its events are lost, late or doubled."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.states import JobStatus, ServerPhase
from tests.fakes.drs_records import Job
from tests.simulation.containers import Ports
from tests.simulation.sources import Queues, notice_of_drs
from tests.simulation.world import World
from tests.unit.plans import HOME

LOOK = timedelta(seconds=5)
PHASES = (ServerPhase.SNAPSHOT, ServerPhase.CONVERSION, ServerPhase.LAUNCH)
KNOWN_BY = 300
"""Seconds."""
NO_ROOM = "InsufficientInstanceCapacity"


@dataclass(slots=True)
class Disasters:
    """What DRS does by itself."""

    world: World
    ports: Ports
    queues: Queues
    wrong: list[str]
    known: set[str] = field(default_factory=set)

    def begin(self) -> None:
        """From now on."""
        self.world.after(LOOK, "drs", self._look)

    def _look(self) -> None:
        for job in list(self.ports.drs.jobs.values()):
            if job.id not in self.known:
                self.known.add(job.id)
                self._plan(job)
        self.world.after(LOOK, "drs", self._look)

    def _plan(self, job: Job) -> None:
        """Lay down how a job goes."""
        chance = self.world.chance
        if job.instance_ids:
            self._later(chance.between("termination takes", 20, 240), lambda: self._end(job, {}))
            return
        takes = chance.between("launch takes", 120, 900)
        for number, phase in enumerate(PHASES, start=1):
            self._later(takes * number / 5, lambda phase=phase: self._advance(job, phase))
        failed = {each: NO_ROOM for each in job.server_ids if self.world.weather.happens("server fails", 0.06)}
        self._later(takes, lambda: self._end(job, failed))

    def _later(self, seconds: float, act: object) -> None:
        self.world.after(timedelta(seconds=seconds), "drs", act)  # type: ignore[arg-type]

    def _advance(self, job: Job, phase: ServerPhase) -> None:
        if job.status is not JobStatus.COMPLETED:
            self.ports.drs.advance(job.id, phase)
            self._notice()

    def _end(self, job: Job, failed: dict[str, str]) -> None:
        self.world.tell(f"DRS ends {job.id}{', which has failed on ' + ', '.join(failed) if failed else ''}")
        self.ports.drs.finish(job.id, failed)
        self._notice()
        if job.key and self.world.weather.is_calm:
            self._later(KNOWN_BY, lambda: self._expect_known(job))
        if job.key and self.world.weather.happens("launch from the console", 0.05):
            self._later(self.world.chance.between("launch from the console", 30, 300), lambda: self._interfere(job))

    def _expect_known(self, job: Job) -> None:
        """In calm weather, a drill knows within some minutes that its job has ended."""
        stored = self.ports.kept.drills.get(job.drill_id or "")
        launches = stored.drill.launches if stored else ()
        if any(launch.job_id == job.id and launch.completed_at is None for launch in launches):
            self.wrong.append(f"{job.id} ended {KNOWN_BY} s ago, and {job.drill_id} does not know")

    def _interfere(self, job: Job) -> None:
        """Somebody launches one of its servers by hand: DRS deletes the drill's instance, and theirs is not ours."""
        server_id = job.server_ids[0]
        drs = self.ports.drs
        if any(server_id in each.server_ids for each in drs.jobs.values() if each.status is not JobStatus.COMPLETED):
            return
        drs.instances = {each.id: each for each in drs.instances.values() if each.server_id != server_id}
        theirs = drs.add_job([server_id])
        self.known.add(theirs)
        self.world.tell(f"somebody launches {server_id} from the console, as {theirs}")
        self._later(120, lambda: drs.finish(theirs))

    def _notice(self) -> None:
        weather, chance = self.world.weather, self.world.chance
        if weather.happens("DRS event lost", 0.3):
            return
        for _ in range(2 if weather.happens("DRS event twice", 0.1) else 1):
            delay = timedelta(seconds=chance.between("DRS event", 0, 30))
            self.queues.send("poll", notice_of_drs(HOME.account_id, HOME.region), delay)
