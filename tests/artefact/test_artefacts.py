"""What `make build` has made for Lambda: for its processor and Python, no larger than it may be, and nothing too much.

`make artefact-test` runs it, after `make build`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.artefact import ROOT, SERVICES, sizes

BUILT = ROOT / ".aws-sam" / "build"
FUNCTIONS = ("Executor", "Finder", "Notifier", "Poller", "SlackEvents")
DOCUMENTS = {"matplotlib", "fpdf", "numpy", "PIL", "fontTools"}
AARCH64 = 183
"""`e_machine` in an ELF header (elf.h: EM_AARCH64)."""
GLIBC = (2, 34)
"""Amazon Linux 2023's, on which python3.13 runs."""
MOST = {"Executor": 200e6}
"""Bytes unpacked. Lambda's own limit is 250 MB; a large artefact takes longer to start."""
MOST_OF_OTHERS = 45e6


@pytest.fixture(scope="module", params=FUNCTIONS)
def artefact(request: pytest.FixtureRequest) -> Path:
    found: Path = BUILT / request.param
    assert found.is_dir(), "run `make build` first"
    return found


def test_each_function_of_the_template_has_one() -> None:
    assert tuple(sorted(path.name for path in BUILT.iterdir() if path.is_dir())) == FUNCTIONS


def test_none_is_larger_than_it_may_be() -> None:
    too_large = {name: size for name, _, size in sizes(BUILT) if size > MOST.get(name, MOST_OF_OTHERS)}
    assert too_large == {}


def test_only_the_executor_carries_what_makes_documents(artefact: Path) -> None:
    carried = {name for name in DOCUMENTS if (artefact / name).exists()}
    assert carried == (DOCUMENTS if artefact.name == "Executor" else set())


def test_there_is_the_bot_with_every_plan_and_nothing_else_of_the_project(artefact: Path) -> None:
    assert {path.name for path in (artefact / "plans").iterdir()} == {
        path.name for path in (ROOT / "plans").glob("*.yaml")
    }
    shipped = {path.relative_to(artefact / "bot") for path in (artefact / "bot").rglob("*.py")}
    assert shipped == {path.relative_to(ROOT / "bot") for path in (ROOT / "bot").rglob("*.py")}
    assert not [
        name for name in ("infra", "tests", "docs", "template.yaml", "requirements.txt") if (artefact / name).exists()
    ]


def test_whatever_is_compiled_is_for_lambdas_processor(artefact: Path) -> None:
    libraries = [path for path in artefact.rglob("*") if re.search(r"\.so(\.|$)", path.name)]
    assert libraries
    assert [path.name for path in libraries if machine(path) != AARCH64] == []


def machine(library: Path) -> int:
    header = library.read_bytes()[:20]
    assert header[:4] == b"\x7fELF", library
    return int.from_bytes(header[18:20], "little")


def test_each_wheel_is_for_lambdas_python_and_libc(artefact: Path) -> None:
    tags = [tag for wheel in artefact.glob("*.dist-info/WHEEL") for tag in tags_of(wheel)]
    assert len(tags) > 15
    assert [tag for tag in tags if not fits(tag)] == []


def tags_of(wheel: Path) -> Iterator[str]:
    for line in wheel.read_text().splitlines():
        if line.startswith("Tag: "):
            yield line.removeprefix("Tag: ")


def fits(tag: str) -> bool:
    python, abi, platform = tag.split("-")
    if platform == "any":
        return python in {"py3", "py2"} and abi == "none"
    found = re.fullmatch(r"manylinux_(\d+)_(\d+)_aarch64|manylinux(2014)_aarch64", platform)
    glibc = (int(found[1] or 2), int(found[2] or 17)) if found else (99, 0)
    return glibc <= GLIBC and (abi in {"cp313", "abi3", "none"}) and python.startswith(("cp3", "py3"))


def test_bytecode_is_there_for_the_bot_itself(artefact: Path) -> None:
    compiled = list((artefact / "bot").rglob("*.cpython-313.pyc"))
    if not compiled:
        pytest.skip("no Python 3.13 on this machine, as the build has said")
    assert len(compiled) == len(list((artefact / "bot").rglob("*.py")))


def test_of_awss_services_only_those_that_are_called_are_described(artefact: Path) -> None:
    described = {path.name for path in (artefact / "botocore" / "data").iterdir() if path.is_dir()}
    assert described == SERVICES
