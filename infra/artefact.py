"""`make build`: what of this project goes into a function's artefact, and how it gets there.

`sam build` calls `make build-<function>` (its builder for makefiles: docs.aws.amazon.com/serverless-application-model,
"Building Lambda functions with custom runtimes"), which calls this with the folder to fill. Packages are wheels of the
lock for the platform that the template names, so that nothing is compiled and no container is needed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PYTHON = "3.13"
ARM64 = "aarch64-manylinux_2_28"
"""Lambda's python3.13 runs on Amazon Linux 2023, which has glibc 2.34: wheels for 2.28 and older run there."""
DOCUMENTS = "Executor"
"""The only function that makes documents, and so the only one with the packages for it."""
SERVICES = {
    "drs",
    "dynamodb",
    "ec2",
    "iam",
    "lambda",
    "s3",
    "secretsmanager",
    "service-quotas",
    "sqs",
    "ssm",
    "sts",
}
"""Whose models the artefact keeps: those of all of AWS are 25 MB, and the bot calls no others."""
USELESS = (
    "**/__pycache__",
    "**/tests",
    "bin",
    "boto3/data",
    "boto3/examples",
    "matplotlib/mpl-data/sample_data",
    "matplotlib/mpl-data/fonts/afm",
    "matplotlib/mpl-data/fonts/pdfcorefonts",
    "matplotlib/mpl-data/images",
    "**/*.pyi",
    "**/include",
)
"""What a function never reads."""


def build(function: str, into: Path, platform: str | None) -> None:
    """Fill a function's artefact. `platform`: uv's name of it; None: this machine's."""
    into.mkdir(parents=True, exist_ok=True)
    _install(_locked(documents=function == DOCUMENTS), into, platform)
    _copy(into)
    _trim(into)
    _compile(into)


def _uv(*arguments: str) -> str:
    uv = Path(sys.executable).with_name("uv")
    done = subprocess.run([uv, *arguments], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout


def _locked(*, documents: bool) -> str:
    """The lock's packages, as requirements with their hashes."""
    groups = ["--only-group", "documents"] if documents else []
    base = _uv("export", "--quiet", "--locked", "--no-dev", "--no-emit-project")
    return base + (_uv("export", "--quiet", "--locked", "--no-emit-project", *groups) if documents else "")


def _install(requirements: str, into: Path, platform: str | None) -> None:
    listed = into / "requirements.txt"
    listed.write_text(requirements)
    where = ["--python-platform", platform, "--python-version", PYTHON] if platform else []
    _uv(
        "pip", "install", "--quiet", "--target", str(into), "--only-binary", ":all:", "--no-deps", *where,
        "--requirements", str(listed),
    )  # fmt: skip
    listed.unlink()


def _copy(into: Path) -> None:
    """The bot itself, and every plan."""
    shutil.copytree(ROOT / "bot", into / "bot", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    (into / "plans").mkdir(exist_ok=True)
    for plan in sorted((ROOT / "plans").glob("*.yaml")):
        shutil.copy2(plan, into / "plans")


def _trim(into: Path) -> None:
    for found in (path for pattern in USELESS for path in list(into.glob(pattern))):
        shutil.rmtree(found) if found.is_dir() else found.unlink(missing_ok=True)
    for model in (into / "botocore" / "data").iterdir():
        if model.is_dir() and model.name not in SERVICES:
            shutil.rmtree(model)


def _compile(into: Path) -> None:
    """Bytecode, since a function cannot keep what it compiles, and each cold start would begin with that."""
    python = _python()
    if python is None:
        print(f"No Python {PYTHON} on this machine: without bytecode, cold starts take about a second longer.")
        return
    quiet = [python, "-m", "compileall", "-q", "-q", "-j", "0", "--invalidation-mode", "unchecked-hash", str(into)]
    subprocess.run(quiet, check=False)


def _python() -> str | None:
    """Lambda's Python on this machine: this one, that on the PATH, or one that pyenv keeps."""
    kept = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    named = (sys.executable, shutil.which(f"python{PYTHON}"), *sorted(kept.glob(f"{PYTHON}.*/bin/python")))
    return next((str(found) for found in named if found and _is_lambdas(found)), None)


def _is_lambdas(python: str | Path) -> bool:
    ask = [python, "-c", "import sys; print(*sys.version_info[:2], sep='.')"]
    answer = subprocess.run(ask, check=False, capture_output=True, text=True)
    return answer.stdout.strip() == PYTHON


def sizes(built: Path) -> Iterator[tuple[str, int, int]]:
    """Each artefact's name, files, and bytes unpacked (Lambda's limit: 250 MB)."""
    for artefact in sorted(path for path in built.iterdir() if path.is_dir()):
        files = [path for path in artefact.rglob("*") if path.is_file()]
        yield artefact.name, len(files), sum(path.stat().st_size for path in files)


def imports(artefact: Path, handler: str) -> float:
    """Seconds that a new process takes to import a handler from an artefact, and from nothing else."""
    code = f"import sys; sys.path.insert(0, {str(artefact)!r}); import {handler.rpartition('.')[0]}"
    begun = time.monotonic()
    subprocess.run([sys.executable, "-I", "-S", "-B", "-c", code], check=True)
    return time.monotonic() - begun


def main(arguments: Iterable[str] | None = None) -> int:
    """Build one, or print the sizes of all."""
    parser = argparse.ArgumentParser(prog="python -m infra.artefact", description=__doc__)
    parser.add_argument("function", nargs="?", help="the function's logical id in the template; absent: print sizes")
    parser.add_argument("into", type=Path, help="the folder to fill, or that holds the artefacts")
    parser.add_argument("--platform", default=ARM64, help="uv's name of the platform, or `host`")
    options = parser.parse_args(arguments if arguments is None else list(arguments))
    if options.function:
        build(options.function, options.into, None if options.platform == "host" else options.platform)
        return 0
    for name, files, size in sizes(options.into):
        print(f"{name:<14}{files:>6} files{size / 1e6:>8.1f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
