#!/usr/bin/env python3
"""The one check: format, lint, types, layers, tests and docs drift.

``python3 check.py`` needs nothing but Python 3.11 or newer and the package registry: it makes
``.venv`` beside itself, installs the locked requirements, and runs everything. Steps can be named:
``python3 check.py format lint types layers tests``; ``fix`` formats and mends what can be mended.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
LOCK = ROOT / "requirements" / "dev.txt"
CODE = ["src", "tests", "benchmarks", "examples", "docs", "check.py"]

STEPS = {
    "format": [["ruff", "format", "--check", "--quiet", *CODE]],
    "lint": [["ruff", "check", "--quiet", *CODE]],
    "types": [["mypy"], ["mypy", "examples", "docs/build.py"]],
    "layers": [["lint-imports"]],
    "tests": [["python", "-m", "pytest"]],
}
FIX = [["ruff", "format", "--quiet", *CODE], ["ruff", "check", "--fix", "--quiet", *CODE]]


def install() -> None:
    """Make the environment when it is missing or the lock has changed."""
    done = VENV / "locked"
    wanted = LOCK.read_text("utf-8") + (ROOT / "pyproject.toml").read_text("utf-8")
    if done.exists() and done.read_text("utf-8") == wanted:
        return
    if not (BIN / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    pip = [str(BIN / "python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--require-hashes", "-r", str(LOCK)], check=True)
    subprocess.run([*pip, "--no-deps", "--editable", str(ROOT)], check=True)
    done.write_text(wanted, "utf-8")


def run(command: list[str]) -> bool:
    """Run one command of the environment; whether it passed."""
    print("$", " ".join(command), flush=True)
    program = str(BIN / command[0])
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    environment.pop("PYTHONPATH", None)
    return (
        subprocess.run([program, *command[1:]], cwd=ROOT, env=environment, check=False).returncode
        == 0
    )


def main(names: list[str]) -> int:
    """Run the named steps, all by default; 0 when every one passed."""
    unknown = [name for name in names if name not in STEPS and name != "fix"]
    if unknown:
        print(f"no such step: {', '.join(unknown)}; steps: {', '.join(STEPS)}, fix")
        return 2
    install()
    if "fix" in names:
        return 0 if all([run(command) for command in FIX]) else 1
    failed = [
        name
        for name in names or STEPS
        if not all([run(command) for command in STEPS[name]])  # run every command
    ]
    print("failed: " + ", ".join(failed) if failed else "all checks passed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
