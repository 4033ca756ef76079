from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.library.office import draft, paper

from policylib import Library
from policylib.cli import main


@dataclass(frozen=True)
class Said:
    """What a command printed and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON value on standard output."""
        return json.loads(self.out)


SAMPLES = Path(__file__).parents[2] / "sample_docs"
Run = Callable[..., Said]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Type a command."""
    monkeypatch.delenv("POLICYLIB_LIBRARY", raising=False)

    def type_(*words: object) -> Said:
        code = main([str(word) for word in words])
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return type_


@pytest.fixture
def where(tmp_path: Path, papers: Path) -> Path:
    """A library with four released documents and one draft."""
    folder = tmp_path / "文件库"
    with Library.create(folder) as library:
        paper(
            papers, "高龄", "第一条　高龄津贴每月一百元。\n\n第二条　由县民政部门发放。\n",
            title="青山县高龄津贴发放办法", doc_number="青政〔2024〕1号",
            released_on="2024-01-10", expires_on="2026-12-31",
        )  # fmt: skip
        paper(papers, "低保", title="青山县最低生活保障办法", released_on="2024-02-10")
        paper(papers, "住房", title="青山县公共租赁住房办法", released_on="2024-03-10")
        paper(papers, "决定", title="青山县关于废止文件的决定", released_on="2024-04-10")
        library.import_files([papers], by="档案员")
        draft(library, papers, "草稿", title="青山县创业补贴办法")
    return folder


@pytest.fixture
def county(run: Run, tmp_path: Path) -> Path:
    """The sample documents of one policy, and a draft with its draft interpretation."""
    where = tmp_path / "县库"
    chosen = sorted((SAMPLES / "released").glob("*/*gaoling*.md"))
    drafts = [SAMPLES / "drafts" / name for name in ("linshi-2027.md", "jd-linshi-2027.md")]
    assert run("init", "--library", where, "--organs", SAMPLES / "organs.yaml").code == 0
    assert run("import", *chosen, "--released", "--by", "王芳", "--library", where).code == 0
    assert run("add", *drafts, "--by", "李明", "--library", where).code == 0
    return where


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run Python in a process of its own."""
    monkeypatch.delenv("POLICYLIB_LIBRARY", raising=False)

    def start(*words: object, **options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *map(str, words)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            check=False,
            **options,
        )

    return start
