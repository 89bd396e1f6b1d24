"""Writes the files that are made from code: `python -m infra.generate`; with `--check` it only says which are stale.

To add one, write a function that returns its whole text and name it in `GENERATED`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bot.adapters.plan_schema import plan_schema
from infra import check_reference, command_reference, evidence_schema, state_diagram
from infra.plan_reference import with_reference

ROOT = Path(__file__).resolve().parent.parent
"""The project's own folder, to which every path in `GENERATED` is relative."""


def _plan_schema() -> str:
    return json.dumps(plan_schema(), indent=2, ensure_ascii=False) + "\n"


def _plans_readme() -> str:
    return with_reference((ROOT / "plans/README.md").read_text(encoding="utf-8"), plan_schema())


def _manifest() -> str:
    return command_reference.with_hint((ROOT / "infra/slack/manifest.yaml").read_text(encoding="utf-8"))


GENERATED: Mapping[str, Callable[[], str]] = {
    "plans/plan.schema.json": _plan_schema,
    "plans/README.md": _plans_readme,
    "docs/state-machine.md": state_diagram.text,
    "docs/reference/checks.md": check_reference.reference,
    "docs/reference/commands.md": command_reference.reference,
    "docs/reference/evidence.schema.json": evidence_schema.text,
    "infra/slack/manifest.yaml": _manifest,
}
"""Each generated file's path, and what makes its text."""


def stale(root: Path = ROOT, generated: Mapping[str, Callable[[], str]] = GENERATED) -> dict[str, str]:
    """The files that are missing or differ from what the code makes of them, each with the text it should have."""
    made = {path: make() for path, make in generated.items()}
    return {path: text for path, text in made.items() if _text_of(root / path) != text}


def _text_of(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.is_file() else None


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Write the stale files, or with `--check` only name them. Exit status 1: `--check` found some."""
    parser = argparse.ArgumentParser(prog="python -m infra.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is stale")
    check = parser.parse_args(arguments).check
    found = stale(root)
    for path, text in found.items():
        print(f"{path}: stale; run python -m infra.generate" if check else f"{path}: written")
        if not check:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
    return 1 if check and found else 0


if __name__ == "__main__":
    sys.exit(main())
