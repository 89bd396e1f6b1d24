"""Where a drill stands, in one headline and a sentence or two: is it fine, what does it wait for, whose turn is it."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.approval import mention
from bot.domain.cleanup_rules import unseen
from bot.domain.drill import Drill
from bot.domain.drill_parts import Hold
from bot.domain.person import Person
from bot.domain.states import DrillState, InstanceState, Outcome, Purpose
from bot.views import sweeping
from bot.views.checks import opens_again, summary
from bot.views.hold_words import reason
from bot.views.naming import drill_size, fact, operators, the_wave
from bot.views.operation import hours, stays_up
from bot.views.running import running
from bot.views.text import clock, count, moment, quoted
from bot.views.where import NOTHING_TO_DO, Standing

WORDS_SHOWN = 250
FACTS_SHOWN = 3
FACT_LENGTH = 250
"""So many reasons for a refusal stand on the card, in so many characters; the thread has more."""


def standing(drill: Drill) -> Standing:
    """Where the drill stands now."""
    of_a_sweep = sweeping.standing(drill) if drill.purpose is Purpose.SWEEP else None
    return of_a_sweep or _BY_STATE[drill.state](drill)


def _proposed(drill: Drill) -> Standing:
    told = f"{drill_size(drill)}. Nothing is launched yet."
    return Standing("🔎", "Checking whether it is safe to start", told, NOTHING_TO_DO)


def _ready(drill: Drill) -> Standing:
    who, until = operators(drill), moment(drill.expires_at)
    found = f"{summary(drill)} · see the thread" if drill.preflight and drill.preflight.findings else summary(drill)
    if drill.times_checked > 1:
        found = f"🔄 Other servers than when Start was last clicked: the thread says which.\n{found}"
    standing = len(drill.standing_warnings)
    if standing:
        warnings = count(standing, "warning")
        turn = f"Before it can be started, {who} must waive {warnings}, with a reason, until {until}."
        told = "It is the operators' turn to waive them, or to cancel the drill."
        return Standing("🟡", f"Not to be started before {warnings} {_are(standing)} waived", f"{found}\n{turn}", told)
    return Standing(
        "🟢", "Ready to start", f"{found}\n{who} can start it until {until}.", "It is the operators' turn to start it."
    )


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _starting(drill: Drill) -> Standing:
    who = f"{mention(drill.start.by.user_id)} clicked Start at {clock(drill.start.at)}. " if drill.start else ""
    told = "The servers that tags choose are looked up once more; if they are the same, the drill runs."
    return Standing("🔎", "Starting", f"{who}{told} {NOTHING_TO_DO}", NOTHING_TO_DO)


def _on_hold(drill: Drill) -> Standing:
    held = drill.holds[-1]
    if held.is_requested:
        return _held_on_request(drill, held)
    turn = f"{reason(drill, held)} Nothing more is launched before a decision, by {operators(drill)}."
    headline = f"On hold: {the_wave(drill, drill.wave(held.wave))} needs a decision"
    return Standing("⛔", headline, turn, "It is the operators' turn.")


def _held_on_request(drill: Drill, held: Hold) -> Standing:
    words = quoted(held.detail, WORDS_SHOWN)
    asked = f"Asked for{_by(held.by)} at {clock(held.since)}" + (f": {words}" if words else ".")
    turn = f"Nothing more is launched until it is resumed, by {operators(drill)}."
    return Standing("⏸️", "On hold", f"{asked}\n{turn}", "Somebody asked for it. It is the operators' turn to resume.")


def _aborting(drill: Drill) -> Standing:
    jobs = count(sum(launch.is_open for launch in drill.launches), "DRS job")
    told = (
        f"Aborted{_by(drill.aborted_by)}. DRS cannot cancel a job: {jobs} still to end, then everything is cleaned up."
    )
    return Standing("🛑", "Aborting", f"{told} {NOTHING_TO_DO}", f"{jobs} still to end. {NOTHING_TO_DO}")


def verdict(outcome: Outcome, *, only_checked: bool = False) -> tuple[str, str]:
    """How an outcome is called, behind its icon. That nobody starts what was only to be checked is no failure."""
    return ("☑️", "Checked, not started") if only_checked else _VERDICTS[outcome]


def _operating(drill: Drill) -> Standing:
    words = verdict(drill.outcome)[1] if drill.outcome else "Done"
    if drill.operation is None:
        return Standing("▶️", words)
    told = " ".join(filter(None, [stays_up(drill, drill.operation), _costs(drill)]))
    aloud = "Nobody has to do anything now." if drill.operation.until else "Somebody has to have it cleaned up."
    return Standing("▶️", f"{words}, and still up", told, aloud)


def _costs(drill: Drill) -> str:
    reminded = drill.operation.reminders if drill.operation else ()
    return f"{hours(drill, reminded[-1])} by {clock(reminded[-1])}." if reminded else ""


def _cleaning_up(drill: Drill) -> Standing:
    words = verdict(drill.outcome)[1] if drill.outcome else "Done"
    problem = "DRS will not terminate them just now; the bot keeps trying." if _is_hindered(drill) else ""
    told = f"{instances_gone(drill)}. {problem or NOTHING_TO_DO}"
    return Standing("🧹", f"{words}, cleaning up", told, told)


def _is_hindered(drill: Drill) -> bool:
    return bool(drill.cleanup and drill.cleanup.problem)


def instances_gone(drill: Drill) -> str:
    """`2 of 6 drill instances gone`; what DRS has not shown yet is not counted."""
    seen = [server.instance for server in drill.servers if server.instance]
    if not seen:
        return "Looking for the drill instances in DRS" if unseen(drill) else "There is nothing to terminate"
    gone = sum(instance.state is InstanceState.GONE for instance in seen)
    if gone == len(seen):
        return "The drill instance is gone" if gone == 1 else f"All {gone} drill instances are gone"
    return f"{gone} of {count(len(seen), 'drill instance')} gone"


def _ended(drill: Drill) -> Standing:
    if drill.outcome is None:
        return Standing("🏁", "Ended")
    icon, words = verdict(drill.outcome, only_checked=drill.only_checked)
    return Standing(icon, words, _WHY[drill.outcome](drill), _cleaned(drill))


def _refused(drill: Drill) -> str:
    blocking = drill.preflight.blocking if drill.preflight else ()
    facts = [f"• {fact(drill, finding, FACT_LENGTH)}" for finding in blocking[:FACTS_SHOWN]]
    left = len(blocking) - len(facts)
    more = [f"and {count(left, 'more problem')}, listed in the thread" if left else "The thread says what to do."]
    return "\n".join(filter(None, [f"Nothing was launched. {summary(drill)}", *facts, opens_again(drill), *more]))


def _cleaned(drill: Drill) -> str:
    if not drill.job_ids:
        return "Nothing was launched."
    if missing := len(unseen(drill)):
        return f"DRS never showed what it launched of {count(missing, 'server')}: see the thread."
    return "Every drill instance is terminated."


def _aborted(drill: Drill) -> str:
    when = f" at {clock(drill.aborted_at)}" if drill.aborted_at else ""
    return f"Aborted{_by(drill.aborted_by)}{when}. {_cleaned(drill)}"


def _withdrawn(drill: Drill) -> str:
    return f"Cancelled{_by(drill.aborted_by)} before it was started. Nothing was launched."


def _expired(drill: Drill) -> str:
    if drill.only_checked:
        return f"What the checks found is in the thread. Drill it with `/drs drill {drill.plan.name}`."
    again = f"Ask for it again with `/drs drill {drill.plan.name}`."
    return f"Nobody started it before {moment(drill.expires_at)}, and the checks are too old by now. {again}"


def _by(person: Person | None) -> str:
    return f" by {mention(person.user_id)}" if person else ""


_VERDICTS = {
    Outcome.PASSED: ("✅", "Passed"),
    Outcome.PASSED_WITH_FINDINGS: ("⚠️", "Passed with findings"),
    Outcome.FAILED: ("❌", "Failed"),
    Outcome.ABORTED: ("🛑", "Aborted"),
    Outcome.REFUSED: ("🚫", "Not safe to start"),
    Outcome.WITHDRAWN: ("✖️", "Cancelled"),
    Outcome.EXPIRED: ("⌛", "Expired"),
    Outcome.SWEPT: ("🧹", "Sweeping"),
}
_WHY: dict[Outcome, Callable[[Drill], str]] = {
    Outcome.PASSED: _cleaned,
    Outcome.PASSED_WITH_FINDINGS: _cleaned,
    Outcome.FAILED: _cleaned,
    Outcome.ABORTED: _aborted,
    Outcome.REFUSED: _refused,
    Outcome.WITHDRAWN: _withdrawn,
    Outcome.EXPIRED: _expired,
    Outcome.SWEPT: _cleaned,
}
_BY_STATE: dict[DrillState, Callable[[Drill], Standing]] = {
    DrillState.PROPOSED: _proposed,
    DrillState.READY: _ready,
    DrillState.STARTING: _starting,
    DrillState.RUNNING: running,
    DrillState.ON_HOLD: _on_hold,
    DrillState.ABORTING: _aborting,
    DrillState.OPERATING: _operating,
    DrillState.CLEANING_UP: _cleaning_up,
    DrillState.ENDED: _ended,
}
