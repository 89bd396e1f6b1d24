"""The report's sections, from what was to be proven to the proof that nothing is left running."""

from __future__ import annotations

from collections.abc import Iterator

from bot.documents import looks
from bot.documents.pages import SMALL, Pages, columns
from bot.documents.words import NOTHING, WAVES, Names, clock, length, moment, words
from bot.domain.checks import CheckState
from bot.domain.durations import spell
from bot.domain.evidence import Evidence
from bot.domain.evidence_wave_parts import CheckEvidence, LaunchEvidence, ServerEvidence, WaveEvidence
from bot.domain.states import ServerPhase

CHECKS_SHOWN = 120
"""Above so many checks of servers, only those that did not pass are listed one by one."""


def objective(pages: Pages, evidence: Evidence) -> None:
    """What was to be proven, where, and by what the drill is judged."""
    told, scope = evidence.objective, evidence.scope
    pages.heading("Objective and scope")
    pages.says(told.description)
    pages.ln(1)
    servers = f"{scope.servers} servers in {len(scope.waves)} waves, {scope.critical} of them critical"
    role = f", through {scope.role_arn}" if scope.role_arn else ""
    pages.facts(
        (
            ("Scenario", told.scenario),
            ("Scope", f"{servers}: {', '.join(scope.waves)}"),
            ("Account and Region", f"{scope.account_id}, {scope.region}{role}"),
            ("Owner", told.owner),
            ("Plan", f"{evidence.plan.name}, frozen at the proposal; SHA-256 {evidence.plan_hash}"),
        )
    )
    pages.subheading("Success criteria")
    pages.says("✔ holds   ✘ does not   ? the drill did not come so far, or nobody knows", looks.GREY, SMALL)
    for each in told.criteria:
        pages.item(each.text, looks.CRITERIA[each.is_met])


def people(pages: Pages, evidence: Evidence) -> None:
    """Who took part."""
    pages.heading("People")
    shares = {"Who": 20, "Slack id": 12, "E-mail": 22, "Named as": 14, "Did": 32}
    rows = (
        (
            person.name or person.user_id,
            person.user_id,
            person.email or NOTHING,
            ", ".join(words(role) for role in person.roles) or NOTHING,
            ", ".join(words(each) for each in person.did),
        )
        for person in evidence.participants
    )
    pages.tabulate(columns(shares, mono={"Slack id"}), rows)


def decisions(pages: Pages, evidence: Evidence) -> None:
    """What they decided, and what they wanted and were refused."""
    names = Names(evidence)
    pages.heading("Decisions, approvals and refusals")
    shares = {"Time": 17, "Who": 24, "What": 18, "Wave": 6, "Said": 35}
    rows = (
        (moment(deed.at), names.of(deed.by), words(deed.what), str(deed.wave or NOTHING), deed.said or NOTHING)
        for deed in evidence.deeds
    )
    pages.tabulate(columns(shares), rows)
    pages.subheading("Clicks that were refused")
    refused = columns({"Time": 17, "Who": 24, "What": 18, "Why": 41})
    pages.tabulate(refused, ((moment(c.at), names.of(c.by), words(c.what), c.why) for c in evidence.refused_clicks))


def readiness(pages: Pages, evidence: Evidence) -> None:
    """What was known before Start."""
    pages.heading("Readiness at the start")
    found = evidence.readiness
    if found is None:
        pages.says("The checks before Start were not made.", looks.GREY)
        return
    pages.says(f"Checked {moment(found.at)} UTC; {len(found.findings)} finding(s).", looks.GREY)
    shares = {"Severity": 8, "Check": 14, "What was found": 43, "Remedy": 35}
    rows = ((each.severity, words(each.check), each.fact, each.remedy) for each in found.findings)
    pages.tabulate(columns(shares), rows, "Nothing was found: every check passed.")
    names = Names(evidence)
    waived = (f"{names.of(w.by)} waived {', '.join(w.checks)}, {moment(w.at)} UTC: {w.reason}" for w in found.waivers)
    pages.subheading("Waivers")
    pages.lists(waived)


def waves(pages: Pages, evidence: Evidence) -> None:
    """Each wave with its jobs and servers."""
    pages.heading("Waves and servers")
    pages.says(
        "Times are UTC. Phases are when DRS was first seen in them; it is asked every 15 to 45 seconds. Launched is "
        "DRS's own time, and took counts from the first request for the launch.",
        looks.GREY,
        SMALL,
    )
    for wave in evidence.waves:
        _wave(pages, wave)


_JOBS = columns(
    {
        "Launch": 7,
        "DRS job": 22,
        "Servers": 8,
        "State": 11,
        "Asked for": 10,
        "Started": 10,
        "Ended": 10,
        "What was said": 22,
    },
    mono={"DRS job"},
)
_SERVERS = columns(
    {
        "Server": 15.5,
        "Id": 17,
        "Impact": 7,
        "Snap. > conv. > launch": 20.5,
        "Launched": 8,
        "Took": 6.5,
        "Data age": 7,
        "EC2 instance": 18.5,
    },
    mono={"Id", "EC2 instance"},
)


def _wave(pages: Pages, wave: WaveEvidence) -> None:
    pages.subheading(f"Wave {wave.number}: {wave.name}")
    state = WAVES.get(wave.state, words(wave.state))
    when = f"{moment(wave.started_at)} to {moment(wave.ended_at)}" if wave.started_at else "never begun"
    verified = f", verified {clock(wave.verified_at)}" if wave.verified_at else ""
    tries = f", {wave.attempts} attempts" if wave.attempts > 1 else ""
    pages.says(f"{state.capitalize()}: {when}, {length(wave.took)}{verified}{tries}.", looks.GREY, SMALL)
    if wave.launches:
        pages.tabulate(_JOBS, (_launch(each) for each in wave.launches))
        pages.ln(1)
    pages.tabulate(_SERVERS, (_server(each) for each in wave.servers))
    points = sorted(server.recovery_point for server in wave.servers if server.recovery_point)
    if points:
        pages.says(f"Launched from points in time of {moment(points[0])} to {moment(points[-1])}.", looks.GREY, SMALL)
    pages.lists(_failures(wave), none="")


def _launch(each: LaunchEvidence) -> tuple[str, ...]:
    said = each.error or (
        words(each.deferral.reason) if each.deferral else "adopted by its tags" if each.adopted else NOTHING
    )
    times = (clock(each.requested_at), clock(each.started_at), clock(each.completed_at))
    return (each.launch, each.job_id or NOTHING, str(each.servers), each.state, *times, said)


_PHASES = (ServerPhase.SNAPSHOT, ServerPhase.CONVERSION, ServerPhase.LAUNCH)


def _server(each: ServerEvidence) -> tuple[str, ...]:
    phases = " > ".join(f"{each.phases[phase]:%H:%M}" if phase in each.phases else NOTHING for phase in _PHASES)
    late = " !" if each.age_is_met is False else ""
    launched = clock(each.launched_at) if each.launched_at else "left out" if each.is_left_out else words(each.phase)
    age = f"{length(each.age)}{late}"
    instance = each.ec2_instance_id or NOTHING
    return (each.name or each.id, each.id, each.impact, phases, launched, length(each.took), age, instance)


def _failures(wave: WaveEvidence) -> Iterator[str]:
    for server in wave.servers:
        for failure in server.failures:
            called = server.name or server.id
            yield f"{called}, job {failure.job_id}, {moment(failure.at)}: {failure.error}"
        if server.snapshot:
            yield f"{server.name or server.id} from snapshot {server.snapshot.id}, taken {moment(server.snapshot.at)}"


def checks(pages: Pages, evidence: Evidence) -> None:
    """What was checked once the servers were launched, with what came of it."""
    pages.heading("Checks run")
    found = [(wave, check) for wave in evidence.waves for check in wave.checks]
    if evidence.verdict.operated:
        pages.says(f"What was launched stayed up for {spell(evidence.verdict.operated)} after the last wave.")
    passed = sum(check.state is CheckState.PASSED for _wave, check in found)
    if found:
        pages.says(f"{passed} of {len(found)} passed. Outputs are whole in evidence.json, as far as they were kept.")
    if len(found) > CHECKS_SHOWN:
        pages.says("There are many: only those that did not pass are listed.", looks.GREY)
        found = [(wave, check) for wave, check in found if check.state is not CheckState.PASSED]
    shares = {"Wave": 5, "Check": 20, "Server": 15, "Result": 7, "Ended": 8, "What was seen": 24, "Output": 21}
    called = {server.id: server.name or server.id for wave in evidence.waves for server in wave.servers}
    pages.tabulate(columns(shares), (_check(wave, check, called, Names(evidence)) for wave, check in found))


def _check(wave: WaveEvidence, check: CheckEvidence, called: dict[str, str], names: Names) -> tuple[str, ...]:
    server = called.get(check.server_id or "", check.server_id or "the wave")
    said = f"{names.of(check.by)}: {check.said}" if check.by else check.said
    return (
        str(wave.number),
        check.title,
        server,
        check.state,
        clock(check.ended_at),
        said or NOTHING,
        check.output or NOTHING,
    )


def troubles(pages: Pages, evidence: Evidence) -> None:
    """Failures, holds, retries, skips, broken glass."""
    names, told = Names(evidence), evidence.troubles
    pages.heading("Holds, retries, skips and overrides")
    shares = {
        "Since": 17,
        "Wave": 6,
        "Why": 12,
        "What was said": 26,
        "Decided": 8,
        "By": 17,
        "Reason given": 14,
    }
    rows = (
        (
            moment(hold.since),
            str(hold.wave),
            words(hold.reason),
            hold.detail or NOTHING,
            hold.decision or "open",
            names.of(hold.decided_by.user_id if hold.decided_by else None),
            hold.why or NOTHING,
        )
        for hold in told.holds
    )
    pages.tabulate(columns(shares), rows, "The drill was never on hold.")
    glass = (f"Glass broken by {names.of(d.by)}, wave {d.wave}, {moment(d.at)}: {d.said}" for d in told.broken_glass)
    pages.lists((*(f"{wave} was skipped." for wave in told.skipped), *glass, *told.false_starts), none="")


def cleanup(pages: Pages, evidence: Evidence) -> None:
    """That nothing is left, instance by instance."""
    told = evidence.cleanup
    pages.heading("Proof of cleanup")
    jobs = f"by DRS jobs {', '.join(told.job_ids)}" if told.job_ids else "by no job of this drill"
    if told.since:
        pages.says(f"From {moment(told.since)} to {moment(told.ended_at)} UTC, {jobs}.")
    shares = {
        "Recovery instance": 19,
        "EC2 instance": 19,
        "Server": 18,
        "State": 10,
        "Told to go": 17,
        "Gone": 17,
    }
    rows = (
        (
            each.instance_id,
            each.ec2_instance_id or NOTHING,
            each.server_name or each.server_id,
            each.state,
            moment(each.told_at),
            moment(each.gone_at),
        )
        for each in told.instances
    )
    pages.tabulate(
        columns(shares, mono={"Recovery instance", "EC2 instance"}), rows, "DRS showed no instance of this drill."
    )
    unseen = (f"DRS never showed an instance of {name}: look for it in EC2." for name in told.never_shown)
    pages.lists((*unseen, *(f"In the way: {problem}" for problem in told.problems)), none="")
