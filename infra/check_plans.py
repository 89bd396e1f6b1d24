"""Reads every plan as the bot does: `python -m infra.check_plans [folder]`. Exit status 1 if one cannot be used."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.adapters.plan_files import PlanFiles
from bot.domain.plan import Plan

NOT_PLANS = frozenset({"README.md", "plan.schema.json"})
"""What else belongs into the folder."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each plan that can be used, and the problems of each that cannot."""
    parser = argparse.ArgumentParser(prog="python -m infra.check_plans", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=Path("plans"))
    folder = parser.parse_args(arguments).folder.absolute()
    if not folder.is_dir():
        parser.error(f"{folder} is no folder")
    found = PlanFiles(folder).all()
    troubles = [*map(str, found.refused), *_never_read(folder)]
    for line in [*(_summary(folder, plan) for plan in found.plans), *troubles]:
        print(line)
    return 1 if troubles else 0


def _summary(folder: Path, plan: Plan) -> str:
    counts = [_count(len(plan.waves), "wave")]
    if plan.server_ids:
        counts.append(_count(len(plan.server_ids), "server"))
    if plan.selects:
        counts.append("servers by their tags")
    return f"{folder.name}/{plan.name}.yaml: OK, {', '.join(counts)}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _never_read(folder: Path) -> Iterator[str]:
    """A plan under a wrong file name would be missing without a word."""
    read = NOT_PLANS | {f"{name}.yaml" for name in PlanFiles(folder).names()}
    for stray in sorted(path.name for path in folder.iterdir() if path.name not in read):
        yield f"{folder.name}/{stray}: never read; name a plan's file like payments.yaml (a-z, 0-9 and -)"


if __name__ == "__main__":
    sys.exit(main())
