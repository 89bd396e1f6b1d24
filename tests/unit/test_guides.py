"""What the guides tell people to type and to set is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GUIDES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEMPLATES = "".join((ROOT / name).read_text() for name in ("template.yaml", "infra/target-account.yaml"))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_whatever_is_to_be_made_can_be_made(guide: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+(?:-[a-z]+)*)", guide.read_text(), re.MULTILINE))
    assert named <= targets


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_each_link_into_the_project_leads_somewhere(guide: Path) -> None:
    for link in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", guide.read_text()):
        assert (guide.parent / link).exists(), link


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_each_module_that_is_to_be_run_can_be(guide: Path) -> None:
    for module in re.findall(r"python -m ((?:bot|infra|tests)[\w.]*)", guide.read_text()):
        path = ROOT / module.replace(".", "/")
        source = path / "__main__.py" if path.is_dir() else path.with_suffix(".py")
        assert 'if __name__ == "__main__"' in source.read_text(), module


def test_what_the_deployment_guide_sets_and_reads_is_in_the_templates() -> None:
    guide = (ROOT / "docs" / "howto" / "deploy.md").read_text()
    named = set(re.findall(r"\b([A-Z][a-z]+[A-Za-z]*)=", guide)) | set(
        re.findall(r"(?:output|outputs|parameter) `(\w+)`", guide)
    )
    assert {"SlackTeamId", "ExternalId", "DrillOwnAccount", "RequestUrl", "RoleArn"} <= named
    assert [name for name in named if not re.search(rf"^  {name}:$", TEMPLATES, re.MULTILINE)] == []
