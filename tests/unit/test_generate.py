from __future__ import annotations

from pathlib import Path

import pytest

from infra import generate


def test_every_committed_file_is_what_the_code_makes_of_it() -> None:
    """When this fails: python -m infra.generate."""
    assert list(generate.stale()) == []


def test_check_passes_when_nothing_is_stale(capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--check"]) == 0
    assert capsys.readouterr().out == ""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose schema is stale and whose README is not there yet."""
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans/plan.schema.json").write_text("{}", encoding="utf-8")
    return tmp_path


def test_check_names_what_is_stale_and_writes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main(["--check"], root=project) == 1
    assert capsys.readouterr().out.splitlines() == [
        "plans/plan.schema.json: stale; run python -m infra.generate",
        "plans/README.md: stale; run python -m infra.generate",
        "docs/state-machine.md: stale; run python -m infra.generate",
        "docs/reference/checks.md: stale; run python -m infra.generate",
        "docs/reference/commands.md: stale; run python -m infra.generate",
        "docs/reference/evidence.schema.json: stale; run python -m infra.generate",
        "infra/slack/manifest.yaml: stale; run python -m infra.generate",
    ]
    assert (project / "plans/plan.schema.json").read_text(encoding="utf-8") == "{}"
    assert not (project / "plans/README.md").exists()


def test_what_is_stale_is_written_and_then_no_longer_stale(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert generate.main([], root=project) == 0
    assert capsys.readouterr().out.splitlines() == [f"{path}: written" for path in generate.GENERATED]
    assert generate.main(["--check"], root=project) == 0
