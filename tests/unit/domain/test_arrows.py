"""The table of rules is exact: every arrow it names is walked by one of these stories, and no story walks another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.domain.afterwards import EVIDENCE
from bot.domain.checks import CheckResult
from bot.domain.cleanup_events import CleanupHindered, LeftoversFound
from bot.domain.events import Event, JobStarted, LaunchDeferred, ProposalWithdrawn, SelectionFailed, TimePassed
from bot.domain.findings import Check, Finding, Severity
from bot.domain.plan import Plan
from bot.domain.plan_checks import PlanCheck
from bot.domain.plan_servers import Impact
from bot.domain.plan_waves import Approval
from bot.domain.preflight import unreadable
from bot.domain.report_events import (
    EvidenceFailed,
    EvidenceKept,
    FollowUpAdded,
    FollowUpFixed,
    NoteAdded,
    ReportRequested,
    SignedOff,
)
from bot.domain.state_machine import RULES
from bot.domain.states import DeferralReason, DrillState, Purpose, ServerPhase
from tests.unit.domain.orders import ADA, BOB, CAT, EVE, a_plan, a_wave
from tests.unit.domain.seen import left_over
from tests.unit.domain.story import NOON, Story, job, key

SNAPSHOT = {1: ServerPhase.SNAPSHOT}
Arrow = tuple[DrillState, type[Event], DrillState]


def one(servers: int = 1) -> Plan:
    return a_plan(a_wave("Database", servers))


def two() -> Plan:
    return a_plan(a_wave("Database"), a_wave("Web"))


def gated() -> Plan:
    """Its only wave needs approval: nothing is launched by Start."""
    return a_plan(a_wave("Database", approval=Approval.REQUIRED))


def glass() -> Plan:
    return a_plan(a_wave("Database", approval=Approval.REQUIRED), break_glass=(EVE,))


def careful() -> Plan:
    """What its checks warn of must be waived."""
    return a_plan(a_wave("Database"), also={"warnings": "waive"})


def chosen() -> Story:
    """Somebody has clicked Start, and its servers are looked up."""
    return Story(a_plan(a_wave("Web", 0, tags={"Tier": ("web",)}))).checked(chosen=[[1]]).starts()


def warning() -> Finding:
    return Finding(check=Check.REPLICATION, severity=Severity.WARN, fact="It lags.", remedy="Look at it.")


def behind(plan: Plan) -> Story:
    """Wave 1 has been skipped while nobody knows whether its launch has a job: the executor looks for it."""
    return Story(plan).is_started().launch_unknown(key(1)).skips()


def ran_on(plan: Plan) -> Story:
    """Wave 1 has been skipped while its job runs on."""
    return Story(plan).is_started().jobs_start().overdue().skips()


def deferral() -> LaunchDeferred:
    return LaunchDeferred(key=key(1), reason=DeferralReason.CONFLICT, error="busy", delay=timedelta(seconds=30))


def started(batch: int) -> JobStarted:
    return JobStarted(key=key(1, 1, batch), job_id=job(key(1, 1, batch)))


def mixed() -> Story:
    """Batch 1 has a job, batch 2 is asked for."""
    return Story(one(101)).is_started().jobs_start(key(1, 1, 1))


def kept(waves: int = 1, **cleanup: str) -> Plan:
    """What it launches stays up after the waves."""
    orders = [a_wave(f"Wave {number}") for number in range(waves)]
    return a_plan(*orders, also={"cleanup": cleanup or {"when": "on-click"}})


def last_wave_unknown(plan: Plan | None = None) -> Story:
    """Wave 1 has been launched; wave 2, the last, was skipped while nobody knows whether its launch has a job."""
    return Story(plan or two()).is_started().jobs_start().jobs_complete().approves(BOB).launch_unknown(key(2)).skips()


STORIES: dict[str, Callable[[], Story]] = {
    "withdrawn at once": lambda: Story(one()).tell(ProposalWithdrawn(actor=ADA)),
    "withdrawn when ready": lambda: Story(one()).checked().tell(ProposalWithdrawn(actor=ADA)),
    "expired at once": lambda: Story(one()).overdue(),
    "expired when ready": lambda: Story(one()).checked().overdue(),
    "refused": lambda: Story(one()).checked(unreadable("DRS", "denied")),
    "started with the same servers": lambda: chosen().selected([1]),
    "started with other servers": lambda: chosen().selected([1, 2]),
    "started, not looked up": lambda: chosen().tell(SelectionFailed(error="denied")),
    "withdrawn while it starts": lambda: chosen().tell(ProposalWithdrawn(actor=ADA)),
    "expired while it starts": lambda: chosen().overdue(),
    "warned, waived": lambda: Story(careful()).checked(warning()).waives(),
    "to the end": lambda: (
        Story(two())
        .is_started()
        .jobs_start()
        .jobs_complete()
        .approves(BOB)
        .jobs_start()
        .jobs_complete()
        .tell(CleanupHindered(error="denied"))
        .is_clean()
    ),
    "deferred": lambda: Story(one()).is_started().tell(deferral()),
    "critical server failed, retried": lambda: (
        Story(one()).is_started().jobs_start().jobs_complete(failed=[1]).retries()
    ),
    "deferred on hold": lambda: Story(one()).is_started().overdue().tell(deferral()).jobs_start().shows(SNAPSHOT),
    "refused on hold": lambda: Story(one(101)).is_started().launch_denied(key(1)).launch_denied(key(1, 1, 2)),
    "taken back on hold": lambda: Story(one(101)).is_started().launch_denied(key(1)).launch_withdrawn(key(1, 1, 2)),
    "too slow, ended well after all": lambda: Story(two()).is_started().jobs_start().overdue().jobs_complete(),
    "too slow, the last wave": lambda: Story(one()).is_started().jobs_start().overdue().jobs_complete(),
    "too slow, given more time": lambda: Story(one()).is_started().jobs_start().overdue().retries(),
    "another wave holds, retried": lambda: ran_on(two()).approves(BOB).jobs_start().job_lost(key(1), key(2)).retries(),
    "another wave holds, skipped": lambda: ran_on(two()).approves(BOB).jobs_start().job_lost(key(1), key(2)).skips(),
    "skipped, another wave": lambda: Story(two()).is_started().launch_denied(key(1)).skips(),
    "skipped, the last wave": lambda: Story(one()).is_started().jobs_start().jobs_complete(failed=[1]).skips(),
    "skipped, nothing launched": lambda: Story(one()).is_started().launch_denied(key(1)).skips(),
    "taken back at once": lambda: mixed().launch_denied(key(1, 1, 2)).retries().launch_withdrawn(key(1, 1, 2)),
    "looked for, not there, nothing launched": lambda: behind(one()).launch_withdrawn(key(1)),
    "looked for, not there, others launched": lambda: last_wave_unknown().launch_withdrawn(key(2)),
    "looked for, refused, nothing launched": lambda: behind(one()).launch_denied(key(1)),
    "looked for, refused, others launched": lambda: last_wave_unknown().launch_denied(key(2)),
    "looked for, refused, another wave": lambda: behind(two()).launch_denied(key(1)),
    "glass broken": lambda: Story(glass()).is_started().breaks_glass(EVE),
    "cleanup wanted sooner": lambda: Story(one()).is_started().jobs_start().jobs_complete().wants_cleanup(),
    "stays up": lambda: Story(kept()).is_started().jobs_start().jobs_complete().reminds().wants_cleanup(),
    "stays up for its time": lambda: (
        Story(kept(when="after", after="2h")).is_started().jobs_start().jobs_complete().overdue()
    ),
    "stays up, looked for, refused": lambda: last_wave_unknown(kept(2)).launch_denied(key(2)),
    "stays up, looked for, taken back": lambda: last_wave_unknown(kept(2)).launch_withdrawn(key(2)),
    "stays up, its job does not end": lambda: Story(kept()).is_started().jobs_start().overdue().skips().overdue(),
    "stays up, resumed": lambda: Story(kept()).is_started().jobs_start().holds().jobs_complete().resumes(),
    "stays up, skipped": lambda: Story(kept()).is_started().jobs_start().jobs_complete(failed=[1]).skips(),
    "stays up, too slow": lambda: Story(kept()).is_started().jobs_start().overdue().jobs_complete(),
    "rejected": lambda: Story(gated()).is_started().rejects(BOB),
    "held, resumed": lambda: Story(one()).is_started().holds().resumes(),
    "held, failed meanwhile": lambda: Story(one()).is_started().holds().launch_denied(key(1)).resumes(),
    "held, launched meanwhile": lambda: Story(one()).is_started().jobs_start().holds().jobs_complete().resumes(),
    "held, nothing was launched": lambda: behind(one()).holds().launch_withdrawn(key(1)).resumes(),
    "aborted with a job": lambda: (
        mixed().aborts().tell(deferral_of_second()).launch_denied(key(1, 1, 2)).shows(SNAPSHOT).jobs_complete()
    ),
    "aborted, taken back": lambda: mixed().aborts().launch_withdrawn(key(1, 1, 2)),
    "aborted, job ended, refused": lambda: mixed().aborts().jobs_complete().launch_denied(key(1, 1, 2)),
    "aborted, job ended, taken back": lambda: mixed().aborts().jobs_complete().launch_withdrawn(key(1, 1, 2)),
    "aborted, refused": lambda: Story(one()).is_started().aborts().launch_denied(key(1)),
    "aborted, nothing there": lambda: Story(one()).is_started().aborts().launch_withdrawn(key(1)),
    "aborted, started meanwhile": lambda: Story(one()).is_started().aborts().jobs_start(),
    "aborted between waves": lambda: Story(two()).is_started().jobs_start().jobs_complete().aborts(),
    "aborted before anything": lambda: Story(gated()).is_started().aborts(),
    "aborted, a job does not end": lambda: Story(one()).is_started().jobs_start().aborts().overdue(),
    "aborted, a job does not end, another is looked for": lambda: mixed().aborts().overdue(),
    "skipped, its job does not end": lambda: Story(one()).is_started().jobs_start().overdue().skips().overdue(),
    "skipped, its job does not end, another is looked for": lambda: mixed().overdue().skips().overdue(),
    "aborted on hold with a job": lambda: Story(one()).is_started().jobs_start().overdue().aborts(),
    "aborted on hold, jobs ended": lambda: Story(one()).is_started().jobs_start().jobs_complete(failed=[1]).aborts(),
    "aborted on hold, nothing launched": lambda: Story(one()).is_started().launch_denied(key(1)).aborts(),
}


def checked(*kinds: str, waves: int = 1, when: str = "at-once") -> Story:
    """A wave is launched, and its checks are open: `status`, which machines answer, `manual`, or one that is `nice`."""
    login = PlanCheck(manual="Finance has logged in")
    nice = login.model_copy(update={"impact": Impact.OPTIONAL})
    made = {"status": PlanCheck(status="ok"), "manual": login, "nice": nice}
    orders = [a_wave(f"Wave {n}", checks=tuple(made[kind] for kind in kinds)) for n in range(waves)]
    return Story(a_plan(*orders, also={"cleanup": {"when": when}})).is_started().jobs_start().jobs_complete()


UP = "on-click"


def sweep() -> Story:
    return Story(one(), purpose=Purpose.SWEEP)


STORIES |= {
    "nothing left over": lambda: sweep().tell(LeftoversFound()),
    "left over, swept": lambda: sweep().tell(LeftoversFound(leftovers=(left_over(1),))).starts().is_clean(),
    "verified": lambda: checked("status", waves=2).checks_show(1),
    "verified, the last wave": lambda: checked("status").checks_show(1),
    "verified, stays up": lambda: checked("status", when=UP).checks_show(1),
    "not verified": lambda: checked("status").after(hours=1).checks_show(1, CheckResult.FAILED),
    "confirmed": lambda: checked("manual", waves=2).confirms(BOB, 1, 1),
    "confirmed, the last wave": lambda: checked("manual").confirms(BOB, 1, 1),
    "confirmed, stays up": lambda: checked("manual", when=UP).confirms(BOB, 1, 1),
    "denied": lambda: checked("manual").denies(BOB, 1, 1),
    "denied, which is a finding": lambda: checked("nice", waves=2).denies(BOB, 1, 1),
    "denied, the last wave": lambda: checked("nice").denies(BOB, 1, 1),
    "denied, stays up": lambda: checked("nice", when=UP).denies(BOB, 1, 1),
    "verified on hold": lambda: checked("status").holds().checks_show(1),
    "confirmed on hold": lambda: checked("manual").holds().confirms(BOB, 1, 1),
    "denied on hold": lambda: checked("manual").holds().denies(BOB, 1, 1),
    "checked again": lambda: (
        checked("status", when=UP).checks_show(1).after(minutes=15).tell(TimePassed()).checks_show(1)
    ),
    "out of time": lambda: checked("status").overdue(),
}


PLACE = "payments/payments-1/"
FILES = {EVIDENCE: "e" * 64}


def noted(story: Story) -> Story:
    return story.tell(NoteAdded(actor=ADA, author=EVE.user_id, text="It works.", permalink="https://p/1"))


def over() -> Story:
    return Story(gated()).is_started().aborts()


def reported() -> Story:
    return over().tell(EvidenceKept(number=1, version=1, place=PLACE, files=FILES))


def found() -> Story:
    due = (NOON + timedelta(days=9)).date()
    return reported().tell(FollowUpAdded(actor=BOB, text="A larger disk.", owner=EVE.user_id, due=due))


STORIES |= {
    "noted while proposed": lambda: noted(Story(one())),
    "noted while ready": lambda: noted(Story(one()).checked()),
    "noted while starting": lambda: noted(chosen()),
    "noted while running": lambda: noted(Story(one()).is_started()),
    "noted on hold": lambda: noted(Story(one()).is_started().holds()),
    "noted while aborting": lambda: noted(Story(one()).is_started().jobs_start().aborts()),
    "noted while operating": lambda: noted(checked("status", when=UP).checks_show(1)),
    "noted while cleaning up": lambda: noted(Story(one()).is_started().jobs_start().jobs_complete()),
    "noted at the end": lambda: noted(over()),
    "no report could be made": lambda: over().tell(EvidenceFailed(number=1, error="AccessDenied")),
    "asked for once more": lambda: reported().after(minutes=1).tell(ReportRequested(actor=BOB)),
    "signed off": lambda: reported().tell(SignedOff(actor=CAT, report=1)),
    "fixed": lambda: found().tell(FollowUpFixed(actor=EVE, number=1)),
}


def deferral_of_second() -> LaunchDeferred:
    return deferral().model_copy(update={"key": key(1, 1, 2)})


def walked(story: Story) -> set[Arrow]:
    states = [decision.drill.state for _event, _at, decision in story.history]
    events = [type(event) for event, _at, _decision in story.history[1:]]
    return set(zip(states, events, states[1:], strict=False))


def test_every_arrow_of_the_table_is_walked_and_no_other() -> None:
    named: set[Arrow] = {(s, e, to) for s, rules in RULES.items() for e, rule in rules.items() for to in rule.leads_to}
    found = {arrow for tell in STORIES.values() for arrow in walked(tell())}
    assert sorted(map(str, named - found)) == []
    assert sorted(map(str, found - named)) == []


def test_every_state_has_its_row() -> None:
    assert set(RULES) == set(DrillState)


def test_nothing_leads_out_of_the_end() -> None:
    assert {to for rule in RULES[DrillState.ENDED].values() for to in rule.leads_to} == {DrillState.ENDED}
