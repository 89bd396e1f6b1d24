"""Waves that are done only when what was launched has passed its checks."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.states import WaveState
from infra.local import drs
from infra.local.world import World
from tests.scenarios.story import Story, actions

Begin = Callable[..., Story]
PORT = {"tcp": 5432, "within": "10m"}
PAGE = {"http": {"url": "https://pay.example.com/health", "text": "UP"}, "via": "probe"}
COMMAND = {"command": {"parameters": {"commands": "systemctl is-active nginx"}, "says": "answers"}}
RUNBOOK = {"automation": {"document": "Smoke-Test", "parameters": {"InstanceIds": "$instances"}}}
LOGIN = {"manual": "Finance has logged in"}


def test_a_wave_is_checked_in_every_way_before_the_next_one_is_launched(story: Begin) -> None:
    drill = story(
        waves=[["critical", "critical"], ["critical"]],
        wave={"approval": "none"},
        fields={"checks": [{"status": "ok"}, PORT, PAGE, COMMAND, RUNBOOK]},
    )
    drill.start()
    checked = drill.until(lambda now: now.wave(1).state is WaveState.VERIFYING)
    assert checked.wave(2).state is WaveState.PENDING
    drill.until(lambda _now: "Verifying wave 1 of 2 (Wave 1)" in drill.lines("card"))
    ended = drill.until_ended()
    assert (ended.outcome, ended.findings) == ("passed", ())
    told = drill.lines("wave/1/1")
    for line in ("EC2 status checks · 2 of 2 servers", "TCP port 5432 · 2 of 2 servers", "Runbook Smoke-Test"):
        assert f"✅ {line}" in told
    verified, launched = ended.wave(1).verified_at, ended.wave(1).checks[0].since
    assert verified
    assert verified > launched
    assert "launched after" in drill.lines("result")


def test_a_person_confirms_what_no_machine_can_see(story: Begin) -> None:
    drill = story(wave={"checks": [{"status": "ok"}, LOGIN]})
    drill.start()
    drill.until_shown("confirmation/1/102", "confirm")
    assert "Waiting for a confirmation" in drill.lines("card")
    drill.click("mallory", "confirmation/1/102", "confirm")
    assert "You may not confirm checks of this drill." in drill.told("mallory")
    drill.click("grace", "confirmation/1/102", "confirm")
    assert drill.until_ended().outcome == "passed"
    drill.until(lambda _now: "confirmed by @grace" in drill.lines("confirmation/1/102"))
    assert actions(drill.message("confirmation/1/102")) == set()


def test_a_person_denies_it_and_it_is_asked_again_by_a_retry(story: Begin) -> None:
    drill = story(wave={"checks": [LOGIN]})
    drill.start()
    drill.until_shown("confirmation/1/101", "deny")
    drill.write("grace", "confirmation/1/101", "deny", "The page stays white.")
    drill.until_held()
    assert "The page stays white." in drill.lines("hold/1")
    drill.click("ada", "hold/1", "retry")
    drill.until_shown("confirmation/1/201", "confirm")
    drill.click("ada", "confirmation/1/201", "confirm")
    assert drill.until_ended().outcome == "passed"


def test_a_server_that_is_silent_holds_the_drill_and_a_retry_checks_it_again(story: Begin, world: World) -> None:
    drill = story(waves=[["critical", "critical"]], wave={"checks": [{"status": "ok"}, PORT]})
    silent = drill.plan.server_ids[1]
    world.faults.afflict(silent, drs.Ailment.SILENT)
    drill.start()
    held = drill.until_held()
    assert held.holds[0].reason == "checks_failed"
    told = drill.lines("hold/1")
    assert "was launched, but checks of it have not passed" in told
    assert "It does not answer." in told
    assert len(held.wave(1).launches) == 1
    world.faults.cure(silent)
    drill.click("ada", "hold/1", "retry")
    ended = drill.until_ended()
    assert ended.outcome == "passed"
    assert len(ended.wave(1).launches) == 1, "nothing is launched again"


def test_an_optional_check_that_fails_is_a_finding(story: Begin, world: World) -> None:
    check = {"status": "ok", "impact": "optional", "within": "3m"}
    drill = story(wave={"checks": [check]})
    world.faults.afflict(drill.plan.server_ids[0], drs.Ailment.IMPAIRED)
    drill.start()
    assert drill.until_ended().outcome == "passed_with_findings"
    assert "A check did not pass: EC2 status checks" in drill.lines("result")


def test_without_an_agent_the_reason_is_told(story: Begin, world: World) -> None:
    drill = story(wave={"checks": [{**PORT, "within": "3m"}]})
    world.faults.afflict(drill.plan.server_ids[0], drs.Ailment.NO_AGENT)
    drill.start()
    drill.until_held()
    assert "SSM does not see its agent online" in drill.lines("hold/1")


def test_what_comes_before_a_wave_is_run_first_and_its_failure_launches_nothing(story: Begin, world: World) -> None:
    drill = story(wave={"before": [{"document": "Open-The-Door"}, {"document": "Light-The-Fire"}]})
    drill.start()
    assert drill.until_ended().outcome == "passed"
    failing = story(wave={"before": [{"document": "Break-The-Door"}]})
    world.faults.fail_document("Break-The-Door")
    failing.start()
    failing.patience = 40
    failing.until_held()
    assert failing.jobs() == []
    assert "What is to be run before" in failing.lines("hold/1")
    failing.write("ada", "hold/1", "skip", "Not needed before Monday.")
    assert failing.until_ended().outcome == "failed"
