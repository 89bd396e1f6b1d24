"""The policy as a table: under which plan, after what, who may do what, and what those are told who may not.

A row is `policy | after | who | does | told`. The plan names Ada and Bob as operators, Bob, Cat and Dan as approvers;
Ada asks for each drill and starts it unless `after` says otherwise. `told` is empty where the click counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.domain.cleanup_events import CleanupRequested
from bot.domain.errors import DrillError, NotAllowed
from bot.domain.events import (
    DrillAborted,
    DrillHeld,
    DrillProposed,
    DrillResumed,
    DrillStarted,
    Event,
    GlassBroken,
    HoldRetried,
    HoldSkipped,
    ProposalWithdrawn,
    WaveApproved,
    WaveRejected,
)
from bot.domain.mark_up import plain
from bot.domain.person import Person
from bot.domain.state_machine import transition
from tests.unit.domain.orders import ADA, BOB, CAT, DAN, EVE, HOME, a_plan, a_wave
from tests.unit.domain.story import NOON, Story

DBA = "S0DBA"
FAY = Person(user_id="U0FAY", team_id=EVE.team_id, groups=(DBA,))
"""She is known to be in the group."""
GUS = Person(user_id="U0GUS", team_id=EVE.team_id, unsure=(DBA,))
"""Whether he is in it is not known."""
PEOPLE = {"ada": ADA, "bob": BOB, "cat": CAT, "dan": DAN, "eve": EVE, "fay": FAY, "gus": GUS}

POLICIES: dict[str, dict[str, Any]] = {
    "usual": {},
    "two of three": {"minimum_approvals": 2},
    "no four-eyes": {"four_eyes": False},
    "separated": {"separation_of_duties": True},
    "separated, no four-eyes": {"separation_of_duties": True, "four_eyes": False},
    "two of three, separated": {"minimum_approvals": 2, "separation_of_duties": True},
    "group approves": {"approvers": [DBA, DAN.user_id]},
    "group operates": {"operators": [ADA.user_id, DBA]},
    "escalates": {"escalation": {"after": "30m", "approvers": [EVE.user_id]}},
    "glass": {"break_glass": [EVE.user_id, ADA.user_id]},
    "glass, separated": {"break_glass": [ADA.user_id], "separation_of_duties": True},
}


def _proposed(policy: dict[str, Any], by: Person = ADA) -> Story:
    return Story(a_plan(a_wave("Database"), a_wave("Web"), **policy), by)


def _asked(policy: dict[str, Any], by: Person = ADA) -> Story:
    return _proposed(policy, by).is_started(by).jobs_start().jobs_complete()


AFTER: dict[str, Callable[[dict[str, Any]], Story]] = {
    "ready": lambda policy: _proposed(policy).checked(),
    "asked": _asked,
    "asked, by bob": lambda policy: _asked(policy, BOB),
    "asked, started by bob": lambda policy: _proposed(policy).checked().starts(BOB).jobs_start().jobs_complete(),
    "half an hour later": lambda policy: _asked(policy).after(minutes=30),
    "cat approved": lambda policy: _asked(policy).approves(CAT),
    "bob approved": lambda policy: _asked(policy).approves(BOB),
    "held": lambda policy: _asked(policy).holds(),
    "bob approved, held": lambda policy: _asked(policy).approves(BOB).holds(),
    "expired": lambda policy: _asked(policy).overdue(),
    "bob rejected": lambda policy: _asked(policy).rejects(BOB),
    "bob resumed": lambda policy: _asked(policy).holds().resumes(BOB),
    "bob retried": lambda policy: _asked(policy).overdue().retries(BOB),
    "ada broke glass": lambda policy: _asked(policy).breaks_glass(ADA),
    "cleaning up": lambda policy: _asked(policy).overdue().skips(),
}

DOES: dict[str, Callable[[Story, Person], Event]] = {
    "asks": lambda story, who: DrillProposed(drill_id="payments-2", plan=story.drill.plan, target=HOME, actor=who),
    "starts": lambda _story, who: DrillStarted(actor=who),
    "withdraws": lambda _story, who: ProposalWithdrawn(actor=who),
    "approves": lambda story, who: WaveApproved(actor=who, wave=2, round=len(story.drill.wave(2).rounds)),
    "rejects": lambda story, who: WaveRejected(actor=who, wave=2, round=len(story.drill.wave(2).rounds), comment="No."),
    "breaks glass": lambda story, who: GlassBroken(
        actor=who, wave=2, round=len(story.drill.wave(2).rounds), reason="Nobody else is awake."
    ),
    "holds": lambda _story, who: DrillHeld(actor=who),
    "resumes": lambda story, who: DrillResumed(actor=who, hold=len(story.drill.holds)),
    "retries": lambda story, who: HoldRetried(actor=who, hold=len(story.drill.holds)),
    "skips": lambda story, who: HoldSkipped(actor=who, hold=len(story.drill.holds), reason="not needed now"),
    "aborts": lambda _story, who: DrillAborted(actor=who),
    "cleans up": lambda _story, who: CleanupRequested(actor=who),
}

TABLE = """
usual | ready | ada | asks |
usual | ready | bob | asks |
usual | ready | cat | asks | You may not drill payments. Its operators may: <@U0ADA>, <@U0BOB>.
usual | ready | bob | starts |
usual | ready | cat | starts | You may not start this drill. These people may: <@U0ADA>, <@U0BOB>.
usual | ready | cat | withdraws |
usual | ready | eve | withdraws | You may not cancel this drill.
usual | asked | cat | approves |
usual | asked | bob | approves |
usual | asked | ada | approves | You may not approve waves of this drill. These people may: <@U0BOB>,
usual | asked | eve | approves | You may not approve
usual | asked | dan | rejects |
usual | asked | eve | rejects | You may not reject
usual | asked, by bob | bob | approves | a second pair of eyes: somebody else must approve (<@U0CAT>, <@U0DAN>)
usual | asked, by bob | bob | rejects | a second pair of eyes: somebody else must reject (<@U0CAT>, <@U0DAN>)
usual | asked, started by bob | bob | approves | a second pair of eyes
usual | bob resumed | bob | approves |
usual | cat approved | dan | approves | Already approved by <@U0CAT>, 2026-03-02 at 12:00 UTC.
usual | asked | cat | holds |
usual | asked | eve | holds | You may not hold this drill.
usual | asked | dan | aborts |
usual | asked | eve | aborts | You may not abort this drill.
usual | held | bob | resumes |
usual | held | cat | resumes | You may not resume this drill. These people may: <@U0ADA>, <@U0BOB>.
usual | expired | bob | retries |
usual | expired | cat | retries | You may not retry in this drill.
usual | expired | ada | skips |
usual | expired | dan | skips | You may not skip in this drill.
usual | expired | cat | approves | The time for this approval is over
usual | bob rejected | bob | retries |
usual | asked | ada | breaks glass | You may not break glass in this drill. The plan lets nobody do that.
usual | cleaning up | dan | cleans up |
usual | cleaning up | eve | cleans up | You may not clean up this drill.
usual | asked | ada | cleans up | cleans up by itself once its waves have ended.
two of three | asked | cat | approves |
two of three | cat approved | cat | approves | You have already approved this, 2026-03-02 at 12:00 UTC.
two of three | cat approved | dan | approves |
two of three | cat approved | cat | rejects |
no four-eyes | asked, by bob | bob | approves |
no four-eyes | asked, started by bob | bob | approves |
separated | asked | bob | approves |
separated | asked, by bob | bob | approves | a second pair of eyes
separated | bob resumed | bob | approves | separates the duties: somebody else must approve (<@U0CAT>, <@U0DAN>)
separated | bob retried | bob | rejects | separates the duties: somebody else must reject (<@U0CAT>, <@U0DAN>)
separated | bob retried | cat | approves |
separated | bob rejected | bob | retries | separates the duties: somebody else must retry (<@U0ADA>)
separated | bob rejected | bob | skips | separates the duties: somebody else must skip (<@U0ADA>)
separated | bob rejected | ada | skips |
separated | bob rejected | bob | aborts |
separated, no four-eyes | asked, by bob | bob | approves | a second pair of eyes
two of three, separated | bob approved, held | bob | resumes | somebody else must resume (<@U0ADA>)
two of three, separated | bob approved, held | ada | resumes |
two of three, separated | bob approved | bob | holds |
group approves | asked | fay | approves |
group approves | asked | fay | rejects |
group approves | asked | dan | approves |
group approves | asked | cat | approves | These people may: <!subteam^S0DBA>, <@U0DAN>.
group approves | asked | gus | approves | could not be looked up so far, so the bot does not know whether you may
group approves | asked | gus | aborts | or ask <@U0ADA>, <@U0BOB>, <@U0DAN>.
group operates | ready | fay | starts |
group operates | ready | gus | asks | could not be looked up so far
group operates | ready | bob | starts | These people may: <@U0ADA>, <!subteam^S0DBA>.
escalates | asked | eve | approves | You may approve this wave from 2026-03-02 at 12:30 UTC on, if it still waits then.
escalates | half an hour later | eve | approves |
escalates | half an hour later | cat | approves |
escalates | half an hour later | eve | retries | This drill is not on hold
escalates | half an hour later | eve | aborts | You may not abort this drill.
glass | asked | eve | breaks glass |
glass | asked | ada | breaks glass |
glass | asked | cat | breaks glass | You may not break glass in this drill. These people may: <@U0EVE>, <@U0ADA>.
glass | asked | eve | approves | You may not approve
glass | ada broke glass | eve | breaks glass | <@U0ADA> broke glass for this wave, 2026-03-02 at 12:00 UTC.
glass | expired | eve | breaks glass | The time for this approval is over
glass, separated | asked | ada | breaks glass |
"""

ROWS = [[cell.strip() for cell in row.split("|")] for row in TABLE.strip().splitlines()]


@pytest.mark.parametrize(("policy", "after", "who", "does", "told"), ROWS, ids=["; ".join(row[:4]) for row in ROWS])
def test_the_policy(policy: str, after: str, who: str, does: str, told: str) -> None:
    story = AFTER[after](POLICIES[policy])
    event = DOES[does](story, PEOPLE[who])
    if not told:
        if isinstance(event, DrillProposed):
            transition(None, event, NOON)
        else:
            story.tell(event)
        return
    with pytest.raises(DrillError) as refused:
        transition(None if isinstance(event, DrillProposed) else story.drill, event, story.now)
    assert told in plain(str(refused.value))


def test_every_policy_stage_and_deed_is_in_the_table() -> None:
    used = [set(column) for column in zip(*ROWS, strict=True)]
    assert (used[0], used[1], used[2], used[3]) == (set(POLICIES), set(AFTER), set(PEOPLE), set(DOES))


UNMEETABLE: dict[str, tuple[dict[str, Any], Person, str]] = {
    "the only approver asks": ({"approvers": (BOB,)}, BOB, "nobody could give one"),
    "two are needed and one of two asks": (
        {"approvers": (BOB, CAT), "minimum_approvals": 2},
        BOB,
        "each needs 2 approvals, and without <@U0BOB>, who asked for it or started it, only <@U0CAT> could give one",
    ),
    "separated, the only approver asks": (
        {"approvers": (BOB,), "separation_of_duties": True, "four_eyes": False},
        BOB,
        "nobody could give one",
    ),
    "nobody knows who is in the group": ({"approvers": [DBA]}, ADA, "<!subteam^S0DBA> could not be looked up"),
    "who may break glass does not make up for it": (
        {"approvers": (BOB,), "break_glass": (CAT, DAN)},
        BOB,
        "nobody could give one",
    ),
    "who is asked after a while does not either": (
        {"approvers": (BOB,), "escalation": {"after": "30m", "approvers": [CAT.user_id]}},
        BOB,
        "nobody could give one",
    ),
}


@pytest.mark.parametrize(("policy", "by", "told"), UNMEETABLE.values(), ids=UNMEETABLE)
def test_a_policy_that_nobody_can_meet_refuses_the_drill_when_it_is_asked_for(
    policy: dict[str, Any], by: Person, told: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        _proposed({"operators": (ADA, BOB)} | policy, by)
    assert told in str(refused.value)


def test_without_anybody_barred_what_is_missing_is_told_plainly() -> None:
    plan = a_plan(a_wave("Database"), a_wave("Web"), approvers=[DBA], minimum_approvals=2, four_eyes=False)
    proposal = DrillProposed(drill_id="payments-1", plan=plan, target=HOME, actor=ADA, directory={DBA: (CAT.user_id,)})
    with pytest.raises(NotAllowed, match=r"each needs 2 approvals, and only <@U0CAT> could give one"):
        transition(None, proposal, NOON)
