"""What people may not do, do twice, or do at the same instant: refused with the reason, on record, nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from bot.domain.drill import Drill
from infra.local import drs
from infra.local.slack.client import Reply
from infra.local.world import World
from tests.scenarios.story import Story

Begin = Callable[..., Story]


def refusals(drill: Story) -> list[tuple[str, str]]:
    return [(refusal.actor.user_id, refusal.action) for refusal in drill.world.store.refusals(drill.id)]


def test_under_four_eyes_the_requester_cannot_approve(story: Begin) -> None:
    drill = story(waves=[["critical"], ["critical"]])
    drill.start("linus")
    drill.until_asked(wave=2)
    before = drill.drill
    drill.click("linus", "approval/2/1", "approve")
    assert "second pair of eyes" in drill.told("linus")
    assert drill.drill == before
    assert refusals(drill) == [("U0LINUS001", "wave_approved")]


def test_a_stranger_cannot_approve_start_or_abort(story: Begin) -> None:
    drill = story(waves=[["critical"], ["critical"]])
    drill.ask("ada")
    drill.click("mallory", "card", "start")
    assert "@ada" in drill.told("mallory")
    drill.click("ada", "card", "start")
    drill.until_asked(wave=2)
    drill.click("mallory", "approval/2/1", "approve")
    assert "@grace" in drill.told("mallory")
    drill.click("mallory", "card", "abort")
    assert drill.drill.state == "running"
    assert {action for _, action in refusals(drill)} == {"drill_started", "wave_approved", "drill_aborted"}


def test_a_stranger_cannot_propose_a_drill(story: Begin) -> None:
    drill = story()
    reply = drill.command("mallory", f"drill {drill.plan.name}")
    assert reply.status == 200
    assert "@ada" in drill.told("mallory")
    assert all(known.plan != drill.plan for known in drill.world.drills())


def test_two_people_who_approve_at_the_same_instant_launch_once(story: Begin) -> None:
    drill = story(waves=[["critical"], ["critical"]])
    drill.start("ada")
    drill.until_asked(wave=2)
    message = drill.message("approval/2/1")
    with ThreadPoolExecutor() as pool:
        replies = list(
            pool.map(lambda who: drill.person(who).click(message, "approve", revision=0), ["grace", "linus"] * 2)
        )
    assert {reply.status for reply in replies} == {200}
    drill.until_ended()
    assert len(drill.jobs()) == 2
    assert len(drill.drill.wave(2).rounds[0].given) == 1


def test_a_second_click_is_told_who_was_first(story: Begin) -> None:
    drill = story(waves=[["critical"], ["critical"]])
    drill.start("ada")
    drill.until_asked(wave=2)
    message = drill.message("approval/2/1")
    drill.person("grace").click(message, "approve", revision=0)
    drill.person("linus").click(message, "approve", revision=0)
    assert "Already approved by @grace" in drill.told("linus")


def test_a_button_of_an_earlier_request_does_not_count(story: Begin) -> None:
    drill = story(waves=[["critical"], ["critical"]], access={"approval_timeout": "2m"})
    drill.start("ada")
    drill.until_asked(wave=2)
    drill.until_held()
    drill.click("ada", "hold/1", "retry")
    drill.until_asked(wave=2, asked=2)
    drill.click("grace", "approval/2/1", "approve", revision=0)
    assert "earlier request" in drill.told("grace")
    drill.click("grace", "approval/2/2", "approve")
    assert drill.until_ended().outcome == "passed"


def test_after_an_abort_nobody_can_approve_and_nothing_is_launched(story: Begin) -> None:
    drill = story(waves=[["critical"], ["critical"]])
    drill.start("ada")
    drill.until_asked(wave=2)
    message = drill.message("approval/2/1")
    drill.click("ada", "card", "abort")
    drill.person("grace").click(message, "approve", revision=0)
    assert "aborted by @ada" in drill.told("grace")
    assert drill.until_ended().outcome == "aborted"
    assert len(drill.jobs()) == 1
    assert drill.instances() == []


def test_an_abort_while_jobs_run_follows_them_to_their_end_and_cleans_up(story: Begin) -> None:
    drill = story(waves=[["critical"], ["critical"]])
    drill.start("ada")
    drill.until(lambda now: bool(now.followed_jobs))
    drill.until_shown("card", "abort")
    drill.click("grace", "card", "abort")
    assert drill.until_ended().outcome == "aborted"
    assert drill.instances() == []
    assert [wave.state for wave in drill.drill.waves][1] == "not_run"


def test_an_abort_that_lands_between_the_pollers_read_and_its_write_stands(story: Begin, world: World) -> None:
    drill = story(waves=[["critical"], ["critical"]])
    world.faults.stick_server(drill.plan.server_ids[0], lasts=timedelta(minutes=3))
    drill.start("ada")
    drill.until(lambda now: bool(now.followed_jobs))
    replies: list[Reply] = []
    states: list[str] = []

    def abort_once() -> None:
        if drill.jobs()[0]["status"] != "STARTED":
            return  # nothing that would be news to the poller, so nothing that it would write
        stop()
        states.append(drill.drill.state)
        replies.append(drill.click("grace", "card", "abort"))
        states.append(drill.drill.state)

    stop = drs.on_call(world.account, world.region, "DescribeJobs", abort_once)
    drill.until(lambda _now: len(states) == 2)
    assert replies[0].status == 200
    assert states == ["running", "aborting"]

    def ended_and_noted(now: Drill) -> bool:
        states.append(now.state)
        return now.state == "ended"

    drill.until(ended_and_noted)
    ended = drill.until_ended()
    assert set(states[1:]) == {"aborting", "cleaning_up", "ended"}
    assert ended.outcome == "aborted"
    assert [job["status"] for job in drill.jobs()] == ["COMPLETED"]
    assert [launch.job_status for launch in ended.wave(1).launches] == ["COMPLETED"]
    assert ended.wave(2).state == "not_run"
    assert drill.instances() == []


def test_a_signed_click_of_another_workspace_is_refused(story: Begin) -> None:
    drill = story()
    drill.ask("ada")
    own = drill.click("mallory", "card", "start").request
    assert own is not None
    foreign = own.body.replace(b"T0LOCALDR", b"T0ELSEWHERE").replace(b"U0MALLORY1", b"U0ADA00001")
    reply = drill.person("mallory").tampered(body=foreign).click(drill.message("card"), "start")
    assert reply.status == 200
    assert "workspace in which the bot is installed" in drill.told("mallory")
    assert drill.drill.state == "ready"


def test_a_plan_that_is_being_drilled_is_not_drilled_a_second_time(story: Begin) -> None:
    drill = story(waves=[["critical"], ["critical"]])
    drill.start("ada")
    drill.until_asked(wave=2)
    drill.command("linus", f"drill {drill.plan.name}")
    told = drill.told("linus")
    assert "under way" in told
    assert "@ada" in told
    drill.approve("grace", wave=2)
    drill.until_ended()


def test_of_two_proposals_started_at_the_same_instant_one_wins_and_the_other_is_told_by_whom(story: Begin) -> None:
    first = story()
    second = story(servers={(1, 1): first.plan.server_ids[0]})
    first.ask("ada")
    second.ask("linus")
    assert first.id != second.id
    with ThreadPoolExecutor() as pool:
        starts = [
            pool.submit(first.click, "ada", "card", "start"),
            pool.submit(second.click, "linus", "card", "start"),
        ]
        assert [start.result().status for start in starts] == [200, 200]
    running = [story for story in (first, second) if story.drill.started_at]
    assert len(running) == 1
    loser, who = (second, "linus") if running == [first] else (first, "ada")
    assert running[0].id in loser.told(who)
    running[0].until_ended()
    assert len(running[0].jobs()) == 1


def test_a_server_of_another_active_drill_is_refused_with_that_drill_named(story: Begin) -> None:
    first = story(waves=[["critical"], ["critical"]])
    second = story(servers={(1, 1): first.plan.server_ids[0]})
    first.start("ada")
    second.command("linus", f"drill {second.plan.name}")
    assert first.id in second.told("linus")
    first.approve("grace", wave=2)
    first.until_ended()
