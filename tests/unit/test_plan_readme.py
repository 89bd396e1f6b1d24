from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.adapters.plan_files import PlanFileError, PlanFiles
from bot.adapters.plan_schema import plan_schema
from infra import check_plans
from infra.plan_reference import BEGIN, END, reference, with_reference

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "plans/README.md").read_text(encoding="utf-8")
MEANING, _, WRONG = README.partition("## When something is wrong")
MISTAKES = re.findall(r"```yaml\n(.*?)```.*?```text\n(.*?)```", WRONG, re.DOTALL)


@pytest.mark.parametrize(("text", "told"), MISTAKES)
def test_the_readme_shows_what_the_bot_really_says(tmp_path: Path, text: str, told: str) -> None:
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "payments.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PlanFileError) as refused:
        PlanFiles(folder).load("payments")
    assert str(refused.value) == told.rstrip()


def test_what_the_readme_has_as_a_part_of_a_plan_is_one(tmp_path: Path) -> None:
    (part,) = re.findall(r"```yaml\n(.*?)```", MEANING, re.DOTALL)
    folder = tmp_path / "plans"
    folder.mkdir()
    whole = (ROOT / "plans/payments.yaml").read_text(encoding="utf-8")
    (folder / "payments.yaml").write_text(f"{whole}\n{part}", encoding="utf-8")
    plan = PlanFiles(folder).load("payments")
    assert [str(window) for window in plan.allowed] == re.findall(r"^  - (\S+ \d\d:\S+ \S+)$", part, re.MULTILINE)
    assert [(str(each.first), each.why, each.zone) for each in plan.freeze] == [
        ("2026-12-15", "year end", None),
        ("2027-03-31", "quarter end", "America/New_York"),
    ]


def test_the_readme_shows_three_kinds_of_mistakes() -> None:
    assert len(MISTAKES) == 3


def test_the_readme_shows_what_make_plans_really_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_plans.main([str(ROOT / "plans")]) == 0
    shown = re.search(r"\$ make plans\n(.*?)```", README, re.DOTALL)
    assert shown is not None
    assert capsys.readouterr().out == shown[1]


def test_the_readme_links_every_shipped_plan() -> None:
    linked = re.findall(r"^\| \[([a-z-]+)\.yaml\]\(\1\.yaml\)", README, re.MULTILINE)
    assert sorted(linked) == list(PlanFiles(ROOT / "plans").names())


def test_the_table_has_a_row_for_every_key_with_its_default_and_an_example() -> None:
    rows = reference(plan_schema()).splitlines()
    assert len(rows) == 2 + 116
    assert "| `version` | **required** | `1` | The version of this format. Always 1. |" in rows
    assert any(row.startswith("| `access.approval_timeout` | `4h` | `1h30m` | ") for row in rows)
    assert any(row.startswith("| `access.four_eyes` | `true` | `false` | ") for row in rows)
    assert any(row.startswith("| `access.approvers` | none | `[U0ADA00001]` | ") for row in rows)
    assert any(row.startswith('| `target.account_id` | **required** | `"123456789012"` | ') for row in rows)
    assert any(row.startswith("| `waves[].servers[].impact` | `critical` | `critical` or `optional` |") for row in rows)
    defaults = "`when: at-once`, `remind_every: 4h`, `check_every: 15m`"
    assert any(row.startswith(f"| `cleanup` | {defaults} | see the rows below | ") for row in rows)
    assert any(row.startswith("| `waves` | **required** |") and row.endswith(" 1 to 20 items. |") for row in rows)


def test_only_what_is_between_the_markers_is_made() -> None:
    made = with_reference(f"before {BEGIN} old {END} after", plan_schema())
    assert made == f"before {BEGIN}\n{reference(plan_schema())}{END} after"


@pytest.mark.parametrize("text", ["", f"{BEGIN} no end", f"no beginning {END}"])
def test_a_readme_without_its_markers_is_not_overwritten(text: str) -> None:
    with pytest.raises(ValueError, match="has lost its markers"):
        with_reference(text, plan_schema())
