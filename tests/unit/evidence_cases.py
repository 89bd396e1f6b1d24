"""Drills that have ended in each way that evidence is made of, told by their events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from bot.domain.afterwards import EVIDENCE, REPORT, TIMELINE
from bot.domain.check_events import ChecksObserved
from bot.domain.checks import Answer, CheckResult
from bot.domain.events import PreflightCompleted
from bot.domain.evidence import Beside
from bot.domain.evidence_parts import Profile, RefusedClick
from bot.domain.findings import Severity
from bot.domain.plan import Plan
from bot.domain.plan_checks import PlanCheck
from bot.domain.report_events import EvidenceKept, FollowUpAdded, NoteAdded, SignedOff
from bot.domain.states import ServerPhase
from bot.domain.verifying import asks
from tests.unit.builders import ADA, GRACE, LINUS, a_finding, a_plan, server_id
from tests.unit.plans import EVE
from tests.unit.recorded import Recorded

PROFILES = {
    ADA.user_id: Profile(name="Ada Łukasiewicz", email="ada@example.com"),
    GRACE.user_id: Profile(name="Grace Hopper", email="grace@example.com"),
}
FILES = {EVIDENCE: "e" * 64, REPORT: "f" * 64, TIMELINE: "a" * 64}


def checked(story: Recorded, lag: timedelta = timedelta(minutes=3)) -> Recorded:
    """The checks are done, and DRS told how far it was behind."""
    names = {each.id: f"server-{number}" for number, each in enumerate(story.drill.servers, start=1)}
    warned = (a_finding(severity=Severity.WARN, fact="Its agent was last seen 9 minutes ago."),)
    lags = {each.id: lag for each in story.drill.servers}
    return story.tell(PreflightCompleted(findings=warned, names=names, lags=lags))


def launch(story: Recorded) -> Recorded:
    """The wave is approved where it waits for that, launched, and seen in every phase on its way."""
    story.approved_by_all().jobs_started()
    for phase in (ServerPhase.SNAPSHOT, ServerPhase.CONVERSION, ServerPhase.LAUNCH):
        story.moved(phase)
    return story.launched()


def answered(story: Recorded, wave: int, output: str = "HTTP 200 UP") -> Recorded:
    """Every check of the wave passes."""
    run = story.drill.wave(wave)
    answers = tuple(Answer(key=ask.key, result=CheckResult.PASSED, said="answered", output=output) for ask in asks(run))
    return story.tell(ChecksObserved(wave=wave, round=len(run.checks), answers=answers))


def checked_plan() -> Plan:
    """Two waves; the second one is checked after its launch."""
    return a_plan(("Database", 2), ("Web", 1), checks=(PlanCheck.model_validate({"tcp": 443}),))


def passed() -> Recorded:
    story = checked(Recorded(checked_plan())).started()
    for wave in (1, 2):
        answered(launch(story), wave)
    note = NoteAdded(actor=GRACE, author=EVE.user_id, text="The test payment went through.", permalink="https://p/1")
    return story.tell(note).cleaned()


def held_and_retried() -> Recorded:
    story = checked(Recorded(a_plan(("Database", 2), ("Web", 1), optional=(3,)))).started()
    story.jobs_started().launched(failing={"server-1": "InsufficientInstanceCapacity"})
    launch(story.retried())
    return launch(story).cleaned()


def aborted() -> Recorded:
    story = checked(Recorded(a_plan())).started()
    return launch(story).rejected(comment="The ledger is not whole.").aborted().cleaned()


def refused() -> Recorded:
    return Recorded(a_plan(("Database", 1))).checked(a_finding())


def withdrawn() -> Recorded:
    return Recorded(a_plan(("Database", 1))).checked().withdrawn()


def signed() -> Recorded:
    """A report was made of a drill that has passed, a finding added, and the drill signed off."""
    story = passed()
    story.tell(EvidenceKept(number=1, version=story.drill.version, place="payments/p-1/", files=FILES))
    due = date(2026, 4, 1)
    story.tell(FollowUpAdded(actor=GRACE, text="The ledger needs a larger disk.", owner=LINUS.user_id, due=due))
    return story.tell(SignedOff(actor=GRACE, report=1, comment="Seen, and accepted."))


CASES: dict[str, Callable[[], Recorded]] = {
    "passed": passed,
    "held-and-retried": held_and_retried,
    "aborted": aborted,
    "refused": refused,
    "withdrawn": withdrawn,
    "signed": signed,
}
GOLDEN = ("passed", "held-and-retried", "aborted", "refused")


def beside(story: Recorded) -> Beside:
    """What is known beside the record: who people are, and a click that was refused."""
    refusal = RefusedClick(at=story.now, by=EVE.user_id, what="wave_approved", why="You may not approve waves.")
    return Beside(refused=(refusal,), profiles=PROFILES)


def a_large_plan(waves: int, servers: int) -> Plan:
    """So many waves of so many servers each."""
    return a_plan(*((f"Wave of tier {number}", servers) for number in range(1, waves + 1)))


__all__ = ["CASES", "GOLDEN", "a_large_plan", "beside", "server_id"]
