"""``due`` from a timer: one run at a time, a line of each, codes a monitor can use, files to export."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from tests.cli.conftest import Run
from tests.library.office import draft, paper, to_stage

from policylib import Library
from policylib.cli import reading
from policylib.errors import BackendError
from policylib.library.running import LOCK, LOG, alone, note_run, run_folder


@pytest.fixture
def quiet(tmp_path: Path) -> Path:
    """A library in which nothing is due."""
    folder = tmp_path / "静"
    paper(tmp_path / "静文件", "甲", released_on="2015-01-10", needs_interpretation="否")
    with Library.create(folder) as library:
        library.import_files([tmp_path / "静文件"], by="档案员")
    return folder


def log(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / LOG).read_text("utf-8").splitlines()]


def test_a_run_with_nothing_wrong_ends_with_0(run: Run, quiet: Path) -> None:
    said = run("due", "--run", "--library", quiet)
    assert (said.code, said.out) == (0, "自动办理：公布 0 件，提示 0 条，未办 0 件，逾期 0 项\n")
    assert said.err.startswith("policylib due --run: released 0, notices 0, refused 0, overdue 0, ")
    said = run("due", "--run", "--library", quiet, "--json")
    assert (said.code, said.json["released"], said.json["overdue"]) == (0, [], 0)
    first, second = log(quiet)
    assert set(first) == {"at", "released", "noticed", "refused", "overdue", "seconds"}
    assert first["at"] <= second["at"]
    assert stat.S_IMODE((quiet / LOG).stat().st_mode) & 0o077 == 0


def test_what_is_refused_or_overdue_ends_with_1(run: Run, quiet: Path, tmp_path: Path) -> None:
    with Library.open(quiet) as library:
        draft(library, tmp_path / "稿", "乙", "第一条　按本办法第九条办理。\n", document_class="其他文件",
              written_on="2020-03-01")  # fmt: skip
        to_stage(library, "乙", "签发", released_on="2020-03-02")
    said = run("due", "--run", "--library", quiet)
    assert said.code == 1
    assert "未办 1 件" in said.out
    assert "乙：" in said.out
    assert log(quiet)[-1]["refused"][0]["document"] == "乙"


def test_a_second_run_says_so_and_leaves(run: Run, quiet: Path) -> None:
    with alone(quiet) as first:
        assert first
        said = run("due", "--run", "--library", quiet)
        assert (said.code, said.out) == (3, "")
        assert "另一次自动办理正在进行" in said.err
        said = run("due", "--run", "--library", quiet, "--json")
        assert (said.code, "另一次自动办理正在进行" in said.json["error"]) == (3, True)
        assert run("due", "--library", quiet).code == 0  # looking waits for nobody
    assert run("due", "--run", "--library", quiet).code == 0
    assert len(log(quiet)) == 1


def test_a_lock_ends_with_its_process(run: Run, quiet: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from policylib.library.running import alone\n"
        "with alone(Path(sys.argv[1])) as first: print(first, flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(quiet)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdin
    assert holder.stdout
    assert holder.stdout.readline().strip() == b"True"
    assert run("due", "--run", "--library", quiet).code == 3
    holder.kill()
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    assert (quiet / LOCK).exists()
    assert run("due", "--run", "--library", quiet).code == 0


def test_a_run_that_fails_is_in_the_log(
    run: Run, quiet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise BackendError("文件库正忙")

    monkeypatch.setattr(Library, "run_due", fail)
    said = run("due", "--run", "--library", quiet)
    assert (said.code, "文件库正忙" in said.err) == (1, True)
    assert log(quiet)[-1]["error"] == "文件库正忙"
    monkeypatch.undo()
    assert run("due", "--run", "--library", quiet).code == 0


def test_without_a_place_to_write_there_is_no_lock_and_no_log(tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("", "utf-8")
    with alone(tmp_path / "文件" / "库") as first, alone(tmp_path / "文件" / "库") as second:
        assert first
        assert second
    note_run(tmp_path / "文件" / "库", {"at": "2026-03-02"})
    assert (tmp_path / "文件").read_text("utf-8") == ""


def test_where_lock_and_log_lie(tmp_path: Path) -> None:
    assert run_folder(tmp_path) == tmp_path
    assert run_folder(tmp_path / "别名.db") == tmp_path / "别名.db"
    server = run_folder("postgresql+psycopg://县/库")
    assert server.parent == Path.home() / ".cache" / "policylib"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("--within -3d", "--within"),
        ("--within=-3d", "“-3d”不是期限，请写成如 30d"),
        ("--within -30", "“-30”不是期限"),
        ("--back 1000y", "最长 100 年"),
        ("--within 1e3", "不是期限"),
        ("--within d", "不是期限"),
        ("--within", "后面应写一个值"),
        ("--on 2026-02-30", "2026年2月只有1日至28日"),
        ("--on 明天", "不是可识别的日期"),
        ("--on 10000-01-01", "日期"),
        ("--format xlsx", "没有“xlsx”，可选：table、json、csv、ics"),
        ("--run --on 2026-03-02", "--run 按当天办理"),
        ("--run --format ics", "--run 按当天办理"),
        ("--rules 没有的", "没有的"),
    ],
)
def test_a_slip_is_told_in_chinese(run: Run, quiet: Path, typed: str, told: str) -> None:
    said = run("due", *typed.split(), "--library", quiet)
    assert (said.code, said.out) == (2, "")
    assert told in said.err
    assert not (quiet / LOG).exists()


@pytest.mark.parametrize("typed", ["--on 0001-01-01", "--on 9999-12-31", "--within 0 --back 0"])
def test_the_first_and_the_last_day_there_are(run: Run, quiet: Path, typed: str) -> None:
    said = run("due", "--within", "100y", "--back", "100y", *typed.split(), "--library", quiet)
    assert said.code == 0


def test_files_for_a_spreadsheet_and_a_calendar(
    where: Path, process: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """Byte for byte, whatever the terminal: redirected into a file they must open elsewhere."""
    words = ("-m", "policylib", "due", "--on", "2026-12-01", "--library", where, "--format")
    said = process(*words, "csv")
    assert said.returncode == 0
    assert said.stdout.startswith("\ufeff期限,")
    assert "高龄津贴" in said.stdout
    raw = subprocess.run(
        [sys.executable, *map(str, words), "ics"], capture_output=True, check=True,
        env={"PATH": "", "PYTHONIOENCODING": "ascii", "PYTHONPATH": "src"},
    )  # fmt: skip
    assert raw.stdout.count(b"\r\n") == raw.stdout.count(b"\n") > 5
    (event,) = Calendar.from_ical(raw.stdout.decode("utf-8")).walk("VEVENT")
    assert "高龄津贴" in event["summary"]


def test_the_codes_are_those_of_the_manual() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")
    for code in (0, 1, 2, reading._BUSY):
        assert f"| {code} |" in manual
    assert LOCK in manual
    assert LOG in manual
