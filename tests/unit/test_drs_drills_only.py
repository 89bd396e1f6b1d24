"""Drills only: nothing in the bot can send anything but a drill to DRS."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

BOT = Path(__file__).parents[2] / "bot"
LAUNCHER = BOT / "adapters" / "drs.py"
NAMES = {"start_recovery", "StartRecovery"}
FILES = sorted(BOT.rglob("*.py"))


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def names_in_code(tree: ast.Module) -> Iterator[str]:
    """Every name and text that code could act on: attributes, variables, arguments, keywords, whole strings."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr=name) | ast.Name(id=name) | ast.keyword(arg=str(name)) | ast.arg(arg=name):
                yield name
            case ast.Constant(value=str(name)):
                yield name


def launch_calls(tree: ast.Module) -> list[ast.Call]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "start_recovery"]


def test_the_scan_sees_the_bot() -> None:
    assert LAUNCHER in FILES


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(BOT)))
def test_only_the_drs_adapter_names_start_recovery_in_code(file: Path) -> None:
    named = NAMES & set(names_in_code(parsed(file)))
    assert named == (NAMES if file == LAUNCHER else set())


def test_start_recovery_is_called_in_one_place_with_a_literal_true() -> None:
    tree = parsed(LAUNCHER)
    (call,) = launch_calls(tree)
    assert [name for name in names_in_code(tree) if name == "start_recovery"] == ["start_recovery"]
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    assert None not in given, "a `**` could carry another isDrill"
    assert not call.args
    drill = given["isDrill"]
    assert isinstance(drill, ast.Constant)
    assert drill.value is True


def test_nothing_else_in_the_bot_sends_is_drill() -> None:
    keywords = (node for file in FILES for node in ast.walk(parsed(file)) if isinstance(node, ast.keyword))
    assert [keyword.arg for keyword in keywords if keyword.arg == "isDrill"] == ["isDrill"]


@pytest.mark.parametrize("back_door", ["_make_api_call", "getattr", "make_request"])
def test_the_drs_adapter_has_no_back_door_to_operations(back_door: str) -> None:
    for file in LAUNCHER.parent.glob("drs*.py"):
        assert back_door not in set(names_in_code(parsed(file)))
