from __future__ import annotations

from pathlib import Path

import pytest

from infra import check_plans

SHIPPED = Path(__file__).resolve().parents[2] / "plans"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "plans"
    made.mkdir()
    for name in ("payments.yaml", "README.md", "plan.schema.json"):
        (made / name).write_bytes((SHIPPED / name).read_bytes())
    return made


def test_plans_that_can_be_used_are_counted_and_the_exit_status_is_0(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check_plans.main([str(folder)]) == 0
    assert capsys.readouterr().out == "plans/payments.yaml: OK, 3 waves, 6 servers\n"


def test_the_folder_may_be_the_one_that_one_stands_in(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert check_plans.main(["."]) == 0
    assert capsys.readouterr().out == "plans/payments.yaml: OK, 3 waves, 6 servers\n"


def test_a_bad_plan_is_told_beside_the_good_ones_and_the_exit_status_is_1(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "broken.yaml").write_text("version: [1", encoding="utf-8")
    assert check_plans.main([str(folder)]) == 1
    good, bad = capsys.readouterr().out.splitlines()
    assert good == "plans/payments.yaml: OK, 3 waves, 6 servers"
    assert bad.startswith("plans/broken.yaml:1:10: not YAML: ")


@pytest.mark.parametrize("stray", ["orders.yml", "Orders.yaml", "orders.yaml.bak"])
def test_a_file_that_the_bot_would_pass_over_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str], stray: str
) -> None:
    (folder / stray).write_text("version: 1", encoding="utf-8")
    assert check_plans.main([str(folder)]) == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        f"plans/{stray}: never read; name a plan's file like payments.yaml (a-z, 0-9 and -)"
    ]


def test_a_folder_that_is_not_there_is_an_error_of_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        check_plans.main([str(tmp_path / "nowhere")])
    assert ended.value.code == 2
    assert "nowhere is no folder" in capsys.readouterr().err
