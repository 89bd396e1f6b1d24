from __future__ import annotations

import re
from pathlib import Path

import pytest

from infra.release_notes import CHANGELOG, notes

LOG = """# Changelog

## [Unreleased]

### Added
- Something.

## [1.2.0] - 2026-11-26

### Fixed
- A thing, with [a link](x).

## [1.1.10] - 2026-11-01

- Old.
"""
WORKFLOWS = sorted((CHANGELOG.parent / ".github" / "workflows").glob("*.yml"))


def test_a_releases_notes_are_its_part_of_the_changelog() -> None:
    assert notes(LOG, "v1.2.0") == "### Fixed\n- A thing, with [a link](x).\n"
    assert notes(LOG, "1.1.10") == "- Old.\n"


@pytest.mark.parametrize("tag", ["v9.9.9", "v1.1.1", "v1.2", ".*"])
def test_a_version_of_which_nothing_is_said_is_not_released(tag: str) -> None:
    with pytest.raises(LookupError, match="says nothing of"):
        notes(LOG, tag)


def test_this_projects_changelog_can_be_read() -> None:
    assert "### Added" in notes(CHANGELOG.read_text(), "Unreleased")


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_each_action_of_a_workflow_is_pinned_to_a_commit(workflow: Path) -> None:
    used = re.findall(r"uses: (\S+)(?: # (v[\d.]+))?", workflow.read_text())
    assert used
    assert [name for name, version in used if not (re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", name) and version)] == []


def test_the_workflow_runs_what_anybody_can_run() -> None:
    assert "- run: .ci/run\n" in (CHANGELOG.parent / ".github" / "workflows" / "ci.yml").read_text()
