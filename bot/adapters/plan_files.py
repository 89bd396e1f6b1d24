"""Drill plans in a folder: `plans/payments.yaml` is the plan `payments`.

A file that is wrong in any way is refused whole, with every problem that could be found: file, line, column,
what is wrong and what would be right. Rules that look at a whole plan (a server in two waves, too few
approvers) are checked once each single value is right.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from bot.adapters.plan_places import Problem, Unreadable, Written
from bot.adapters.plan_problems import explain
from bot.adapters.plan_yaml import MAX_BYTES, read
from bot.domain.errors import UnknownPlan, UnsafePlan
from bot.domain.plan import NAME_PATTERN, Plan
from bot.domain.plan_parts import Place
from bot.domain.written import none_named

_NAME = re.compile(NAME_PATTERN)


class PlanFileError(UnsafePlan):
    """A plan file that cannot be used. Its text is one line for each problem: `file:line:column: what is wrong`.

    Attributes:
        name: the plan's name.
        file: the file as people know it: `plans/payments.yaml`.
        problems: in the order of the file; at least one.
    """

    def __init__(self, file: Path, problems: tuple[Problem, ...]) -> None:
        self.name = file.stem
        self.file = f"{file.parent.name}/{file.name}"
        self.problems = problems
        super().__init__("\n".join(f"{self.file}:{problem}" for problem in problems))


@dataclass(frozen=True, slots=True)
class AllPlans:
    """What a folder holds: one bad file takes no other plan away."""

    plans: tuple[Plan, ...]
    refused: tuple[PlanFileError, ...]


class PlanFiles:
    """The plans of one folder. Nothing is kept: each call reads what is there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()

    def names(self) -> tuple[str, ...]:
        """Every plan's name in alphabetical order. Opens no file, so a name does not promise a usable plan.

        Raises:
            FileNotFoundError: there is no such folder.
        """
        files = [path for path in self._folder.iterdir() if path.suffix == ".yaml" and path.is_file()]
        return tuple(sorted(path.stem for path in files if _NAME.fullmatch(path.stem)))

    def load(self, name: str) -> Plan:
        """Read and check one plan.

        Raises:
            UnknownPlan: there is no plan of that name. What a person typed never becomes part of a path.
            PlanFileError: its file is wrong.
        """
        names = self.names()
        if name not in names:
            there_are = f"There are: {', '.join(names)}." if names else "There are no plans yet."
            raise UnknownPlan(f"{none_named('plan', name)} {there_are}")
        return _load(self._folder / f"{name}.yaml")

    def all(self) -> AllPlans:
        """Read and check every plan."""
        plans: list[Plan] = []
        refused: list[PlanFileError] = []
        for name in self.names():
            try:
                plans.append(_load(self._folder / f"{name}.yaml"))
            except PlanFileError as error:
                refused.append(error)
        return AllPlans(tuple(plans), tuple(refused))


def _load(file: Path) -> Plan:
    try:
        with file.open("rb") as opened:
            written = read(opened.read(MAX_BYTES + 1))
    except Unreadable as error:
        raise PlanFileError(file, (error.problem,)) from error
    plan, found = _checked(written, file.stem)
    problems = _one_for_each_place([*written.problems, *found])
    if plan is None or problems:
        raise PlanFileError(file, problems)
    return plan


def _checked(written: Written, name: str) -> tuple[Plan | None, list[Problem]]:
    try:
        # By way of JSON, since only there pydantic's strict mode takes a list for a tuple and a text for an enum.
        plan = Plan.model_validate_json(json.dumps(written.content), strict=True)
    except ValidationError as error:
        plan, problems = None, list(explain(error, written))
    else:
        problems = []
    return plan, [*problems, *_misnamed(written, name)]


def _misnamed(written: Written, name: str) -> Iterator[Problem]:
    place: Place = ("name",)
    text = written.scalars.get(place)
    if text is not None and text != name:
        yield Problem(written.values[place], place, f"{text!r} is not the file's own name; write {name}")


def _one_for_each_place(problems: list[Problem]) -> tuple[Problem, ...]:
    """The first problem of each place: an alias that is not read is no missing value as well."""
    first: dict[Place | None, Problem] = {}
    for problem in problems:
        first.setdefault(problem.place, problem)
    return tuple(sorted(first.values(), key=lambda problem: problem.position))
