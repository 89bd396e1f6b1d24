"""How the checks of a wave move: begun, answered by machines, then by people, out of time. Pure, from wave to wave."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.domain.checks import Answer, Ask, CheckResult, CheckRound, CheckRun, CheckState, RoundPurpose
from bot.domain.durations import spell
from bot.domain.launch import ServerRun
from bot.domain.plan_checks import PlanCheck
from bot.domain.states import ServerPhase
from bot.domain.wave_run import WaveRun

LOOK_AGAIN = timedelta(seconds=20)
"""How long after a look at a wave's checks the next one comes."""
SILENT = "Nothing was heard of it"


def begin(wave: WaveRun, purpose: RoundPurpose, checks: Sequence[PlanCheck], now: datetime) -> WaveRun:
    """Begin a round of checks. What has passed in the round before, if it was for the same, need not pass again."""
    is_retry = bool(wave.checks) and wave.checks[-1].purpose is purpose is not RoundPurpose.REPEAT
    before = wave.checks[-1] if is_retry else None
    kept = {(run.number, run.server_id): run for run in before.runs if run.state is CheckState.PASSED} if before else {}
    runs = (run for number, check in enumerate(checks, start=1) for run in _runs(wave, number, check))
    fresh = CheckRound(
        number=len(wave.checks) + 1,
        purpose=purpose,
        checks=tuple(checks),
        runs=tuple(kept.get((run.number, run.server_id), run) for run in runs),
        since=now,
    )
    return wave.model_copy(update={"checks": (*wave.checks, _move_on(fresh, now))})


def _runs(wave: WaveRun, number: int, check: PlanCheck) -> Iterable[CheckRun]:
    if not check.of_each_server:
        return (CheckRun(number=number),)
    wanted = [server for server in wave.servers if _is_up(server) and server.id in (check.servers or {server.id})]
    return (CheckRun(number=number, server_id=server.id) for server in wanted)


def _is_up(server: ServerRun) -> bool:
    return server.phase is ServerPhase.LAUNCHED


def asks(wave: WaveRun) -> tuple[Ask, ...]:
    """What is to be made or looked at now. What comes before a launch comes one after the other."""
    checking = wave.checking
    if checking is None:
        return ()
    wanted = checking.open_runs[:1] if checking.purpose is RoundPurpose.BEFORE else checking.open_runs
    return tuple(_ask(wave, checking, run) for run in wanted)


def _ask(wave: WaveRun, checking: CheckRound, run: CheckRun) -> Ask:
    servers = [server for server in wave.servers if _is_up(server) and server.id == (run.server_id or server.id)]
    return Ask(
        key=checking.key(wave.number, run),
        check=checking.check(run),
        server_id=run.server_id,
        ec2_instance_ids=tuple(server.ec2_instance_id for server in servers if server.ec2_instance_id),
        job_id=servers[0].job_id if run.server_id else None,
        since=checking.since,
        ref=run.ref,
    )


def is_news(wave: WaveRun, answer: Answer, now: datetime) -> bool:
    """Whether an answer changes anything."""
    checking = wave.checking
    run = _run_of(wave.number, checking, answer.key) if checking else None
    return bool(checking and run and _answered(checking, run, answer, now) != run)


def take_in(wave: WaveRun, answers: Iterable[Answer], now: datetime) -> WaveRun:
    """Take in what was answered. An answer to a try that is over is dropped."""
    checking = wave.checking
    if checking is None:
        return wave
    for answer in answers:
        if run := _run_of(wave.number, checking, answer.key):
            checking = checking.with_run(_answered(checking, run, answer, now))
    return wave.with_checks(_move_on(checking, now))


def _run_of(wave: int, checking: CheckRound, key: str) -> CheckRun | None:
    return next((run for run in checking.open_runs if checking.key(wave, run) == key), None)


def _answered(checking: CheckRound, run: CheckRun, answer: Answer, now: datetime) -> CheckRun:
    """A failure before the time is over is tried again; a try that starts nothing needs no number of its own.

    While a later try runs, what was wrong with the one before is what there is to tell.
    """
    if answer.result is CheckResult.PASSED:
        return _ended(run, CheckState.PASSED, answer.said, now)
    if now >= checking.due(run):
        heard = answer.said if answer.result is CheckResult.FAILED else ""
        return _ended(run, CheckState.FAILED, heard or _late(checking, run), now)
    if answer.result is CheckResult.RUNNING:
        return run.model_copy(update={"ref": answer.ref, "said": run.said if run.tries else answer.said})
    tries = run.tries + 1 if checking.check(run).starts_something else run.tries
    return run.model_copy(update={"ref": None, "said": answer.said, "tries": tries})


def _ended(run: CheckRun, state: CheckState, said: str, now: datetime) -> CheckRun:
    return run.model_copy(update={"state": state, "said": said, "ended_at": now, "ref": None})


def _late(checking: CheckRound, run: CheckRun) -> str:
    if run.tries:
        return run.said
    return f"{'It has not ended' if run.ref else SILENT} within {spell(checking.within(run))}."


def expire(wave: WaveRun, now: datetime) -> WaveRun:
    """Fail what has not passed in its time."""
    checking = wave.checking
    if checking is None:
        return wave
    for run in (*checking.open_runs, *checking.asked_runs):
        if now >= checking.due(run):
            checking = checking.with_run(_ended(run, CheckState.FAILED, _in_vain(checking, run), now))
    return wave.with_checks(_move_on(checking, now))


def _in_vain(checking: CheckRound, run: CheckRun) -> str:
    if checking.is_manual(run):
        return f"Nobody confirmed it within {spell(checking.within(run))}."
    return run.said if run.said and not run.ref else _late(checking, run)


def close(wave: WaveRun, now: datetime) -> WaveRun:
    """End the round that is under way, whatever it has shown."""
    return wave.with_checks(wave.checking.model_copy(update={"ended_at": now})) if wave.checking else wave


def answered_by(wave: WaveRun, changed: CheckRun, now: datetime) -> WaveRun:
    """Take in what a person has answered."""
    checking = wave.checking
    return wave.with_checks(_move_on(checking.with_run(changed), now)) if checking else wave


def _move_on(checking: CheckRound, now: datetime) -> CheckRound:
    """Ask people once machines have answered everything well; end the round when nothing is open, or all is in vain."""
    is_in_vain = checking.purpose is RoundPurpose.BEFORE and bool(checking.failed(critical=True))
    if checking.open_runs and not is_in_vain:
        return checking
    if checking.machines_ended_at is None:
        checking = checking.model_copy(update={"machines_ended_at": now})
    if checking.failed(critical=True):
        return checking.model_copy(update={"ended_at": now})
    if checking.asked_at is None and any(map(checking.is_manual, checking.runs)):
        checking = checking.model_copy(update={"asked_at": now})
    return checking if checking.asked_runs else checking.model_copy(update={"ended_at": now})
