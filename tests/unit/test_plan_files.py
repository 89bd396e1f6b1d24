from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.plan_files import PlanFiles
from bot.domain.errors import UnknownPlan
from bot.domain.plan_servers import Impact
from bot.domain.written import none_named

SHIPPED = Path(__file__).resolve().parents[2] / "plans"

PLAN = (SHIPPED / "payments.yaml").read_text(encoding="utf-8")
Write = Callable[[str, str | bytes], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "plans"
    made.mkdir()
    return made


@pytest.fixture
def write(folder: Path) -> Write:
    def write(name: str, text: str | bytes) -> None:
        (folder / f"{name}.yaml").write_bytes(text.encode() if isinstance(text, str) else text)

    return write


def test_a_plan_is_read_by_its_name(folder: Path, write: Write) -> None:
    write("payments", PLAN)
    plan = PlanFiles(folder).load("payments")
    assert (plan.name, plan.owner, len(plan.waves)) == ("payments", "Payments platform", 3)
    assert plan.objectives.rto == timedelta(hours=1, minutes=30)
    assert plan.description.endswith("the drill instances gone.")


def test_the_shipped_plans_can_all_be_used() -> None:
    found = PlanFiles(SHIPPED).all()
    assert found.refused == ()
    sizes = {plan.name: (len(plan.waves), len(plan.server_ids)) for plan in found.plans}
    assert sizes == {"datacenter": (20, 500), "payments": (3, 6), "single-server": (1, 1), "warehouse": (2, 0)}


def test_payments_is_the_plan_that_the_documentation_tells_of() -> None:
    plan = PlanFiles(SHIPPED).load("payments")
    assert [wave.name for wave in plan.waves] == ["Database", "Application", "Web"]
    assert [plan.needs_approval(number) for number in (1, 2, 3)] == [False, True, True]
    optional = [server for wave in plan.waves for server in wave.servers if server.impact is Impact.OPTIONAL]
    assert optional == [plan.waves[2].servers[-1]]


def test_the_large_plan_is_read_in_less_than_a_tenth_of_a_second() -> None:
    plans = PlanFiles(SHIPPED)
    plans.load("datacenter")
    began = time.process_time()
    plans.load("datacenter")
    assert time.process_time() - began < 0.1


def test_names_come_in_order_from_the_file_names_alone(folder: Path, write: Write) -> None:
    write("b-2", PLAN)
    write("a", b"\xff\xfe no plan at all")
    for other in ("README.md", "plan.schema.json", "Upper.yaml", "c.yml", ".yaml", "-d.yaml"):
        (folder / other).write_text(PLAN, encoding="utf-8")
    (folder / "folder.yaml").mkdir()
    assert PlanFiles(folder).names() == ("a", "b-2")


def test_one_bad_file_takes_no_other_plan_away(folder: Path, write: Write) -> None:
    write("payments", PLAN)
    write("broken", "version: 2")
    write("other", PLAN)
    assert PlanFiles(folder).load("payments").name == "payments"
    found = PlanFiles(folder).all()
    assert [plan.name for plan in found.plans] == ["payments"]
    assert [(error.name, error.file) for error in found.refused] == [
        ("broken", "plans/broken.yaml"),
        ("other", "plans/other.yaml"),
    ]


@pytest.mark.parametrize(
    "name", ["", ".", "../x", "../plans/payments", "payments.yaml", "Payments", "payments\n", "/etc/passwd", "a\0b"]
)
def test_a_name_that_is_no_plan_is_unknown_and_never_a_path(folder: Path, write: Write, name: str) -> None:
    write("payments", PLAN)
    (folder.parent / "x.yaml").write_text(PLAN, encoding="utf-8")
    with pytest.raises(UnknownPlan) as refused:
        PlanFiles(folder).load(name)
    assert str(refused.value) == f"{none_named('plan', name)} There are: payments."


def test_a_long_name_is_not_repeated_in_full(folder: Path) -> None:
    with pytest.raises(UnknownPlan) as refused:
        PlanFiles(folder).load("x" * 5_000)
    assert str(refused.value) == f"There is no plan {'x' * 40}…. There are no plans yet."


def test_a_missing_folder_is_an_error_and_not_a_bot_without_plans(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        PlanFiles(tmp_path / "nowhere").names()
