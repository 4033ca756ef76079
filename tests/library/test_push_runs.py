"""Runs of pushing: each message once whatever happens to a run, and nothing of a profile stays."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.library.office import ALLOWANCE, clock, day, released
from tests.library.subscribers import BODY, OLD, pushed, stocked, told

from policylib import Act, BackendError, Conflict, Library, NotFound, ParseError, Refused
from policylib.library.pushrun import PushSummary
from policylib.samesource.folders import alone

ROOT = Path(__file__).parents[2]


@pytest.fixture
def county(library: Library, papers: Path) -> Library:
    return stocked(library, papers)


# -- runs ---------------------------------------------------------------------------------------------


def test_without_a_day_a_run_goes_on_where_the_last_one_ended(
    county: Library, papers: Path
) -> None:
    assert pushed(county, on=day("2026-03-01")).since == day("2026-01-30")
    released(county, papers, "补贴", BODY, released_on="2026-03-01", measures=[ALLOWANCE])
    found = pushed(county, OLD, on=day("2026-03-08"))
    assert found.since == day("2026-02-28")  # the day of the last run is looked at again
    assert ("新出台", "allowance") in told(found)["甲"]


def test_trying_out_leaves_nothing_behind(county: Library, where: Path) -> None:
    found = pushed(county, on=day("2026-03-02"), dry_run=True)
    assert (found.messages, found.out) == (3, None)
    assert [each["subscriber"] for each in found.shown] == ["甲", "乙"]
    assert not (where / "push").exists()
    assert all(event.act is not Act.MATCH for event in county.journal())
    assert pushed(county, on=day("2026-03-02")).messages == 3
    assert pushed(county, on=day("2026-03-02"), dry_run=True).messages == 0


def test_wrong_subscriptions_are_told_by_their_line_and_the_rest_goes_on(
    county: Library, tmp_path: Path
) -> None:
    secret = "绝密值二五八"
    wrong = [
        '{"id": "a", "subject": "person", "facts": {"出生日期": "%s"}}'.replace("%s", secret),
        '{"id": "b", "subject": "person", "facts": {"%s": 1}}'.replace("%s", secret),
        '{"id": "c", "subject": "%s"}'.replace("%s", secret),
        '{"id": "d", "%s": 1}'.replace("%s", secret),
        '{"id": "%s\\ud800", "tags": ["高龄"]}'.replace("%s", secret),
        f"[{secret}", '{"id": "e"}', "[" * 5_000, '{"id": "f", "facts": {"年龄": 3}}', "7",
        '{"id": "g", "subject": "person", "facts": {"家庭人口": NaN}}',
    ]  # fmt: skip
    file = tmp_path / "订阅.jsonl"
    file.write_text("\n\n".join([*wrong, json.dumps(OLD)]), "utf-8")
    found = county.push(file, by="王芳", on=day("2026-03-02"))
    assert (found.subscribers, found.refused) == (1, len(wrong))
    assert [each.partition("行")[0] for each in found.faults] == [
        f"第{2 * at + 1}" for at in range(len(wrong))
    ]
    assert list(told(found)) == ["甲"]
    assert secret not in str(found.as_dict())


def test_odd_values_from_a_program_are_refused_one_by_one(county: Library) -> None:
    deep: list[Any] = []
    for _ in range(3_000):
        deep = [deep]
    looped: dict[str, Any] = {}
    looped["甲"] = looped
    odd = [
        {"id": "a", "subject": "person", "facts": {"家庭人口": deep}},
        {"id": "b", "subject": "person", "facts": looped},
        {"id": 10**5_000, "tags": ["高龄"]},
        {"id": "c", "subject": "person", "facts": {("甲", 1): object()}},
        {"id": "d", "subject": "person", "facts": {"家庭人口": object()}},
        None, 3, b"{}",
    ]  # fmt: skip
    found = pushed(county, *odd, OLD, on=day("2026-03-02"))
    assert (found.refused, found.subscribers) == (len(odd), 1)


def test_nothing_of_a_profile_stays_anywhere(county: Library, where: Path) -> None:
    marked = {
        "id": "身份甲乙丙", "subject": "person", "tags": ["高龄"],
        "facts": {"出生日期": "1931-07-13", "家庭人均月收入": 76543, "失业登记": False},
    }  # fmt: skip
    found = pushed(county, marked, on=day("2026-03-02"))
    assert found.out is not None
    said = found.out.read_text("utf-8")
    values = ("1931", "76543", "7654300")
    assert not any(value in said for value in values)
    for path in where.rglob("*"):
        if path.is_file() and path != found.out:
            data = path.read_bytes()
            assert not any(word.encode() in data for word in (*values, "身份甲乙丙")), path.name
    entered = [event for event in county.journal() if event.act is Act.MATCH]
    assert [event.note for event in entered] == ["精准推送"]
    assert (entered[0].detail["profiles"], entered[0].detail["refused"]) == (1, 0)
    assert str(entered[0].detail["digest"]).startswith("hmac-sha256:")
    assert all(word not in repr(marked and found) for word in ("1931", "身份"))


def test_outputs_and_ledger_are_private(county: Library, where: Path) -> None:
    found = pushed(county, on=day("2026-03-02"))
    assert found.out is not None
    if os.name != "nt":
        assert [path.stat().st_mode & 0o077 for path in (found.out, where / "push/ledger.db")] == [
            0, 0,
        ]  # fmt: skip


def test_a_run_waits_for_nobody_but_is_told(county: Library, where: Path) -> None:
    with alone(where / "push", "推送"), pytest.raises(Conflict, match="正在推送"):
        pushed(county, on=day("2026-03-02"))
    assert pushed(county, on=day("2026-03-02")).messages == 3


def test_many_at_once_tell_everything_once(county: Library, where: Path) -> None:
    done: list[PushSummary] = []

    def one() -> None:
        with Library.open(where, clock=clock()) as mine:
            for _ in range(200):
                try:
                    done.append(pushed(mine, on=day("2026-03-02")))
                except Conflict:
                    continue
                return

    threads = [threading.Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(each.messages for each in done) == 3


def test_what_cannot_be_run_is_refused_before_anything_is_done(
    county: Library, tmp_path: Path, where: Path
) -> None:
    with pytest.raises(ParseError, match="晚于"):
        pushed(county, since=day("2026-03-03"), on=day("2026-03-02"))
    with pytest.raises(Refused, match="用途"):
        pushed(county, purpose=" ")
    with pytest.raises(Refused, match="经办人"):
        county.push([OLD], by="")
    with pytest.raises(NotFound, match=r"无\.jsonl"):
        county.push(tmp_path / "无.jsonl", by="王芳")
    with pytest.raises(BackendError, match="没有文件夹"):
        pushed(county, to=tmp_path / "无")
    assert not list(where.glob("push/out/*"))
    assert pushed(county, on=day("2026-03-02")).messages == 3


def test_an_output_of_the_same_name_is_never_replaced(county: Library, tmp_path: Path) -> None:
    there = tmp_path / "push-2026-03-02-0001.jsonl"
    there.write_text("别的", "utf-8")
    found = pushed(county, on=day("2026-03-02"), to=tmp_path)
    assert there.read_text("utf-8") == "别的"
    assert found.out == tmp_path / "push-2026-03-02-0002.jsonl"


# -- crashes ------------------------------------------------------------------------------------------

PEOPLE = 300
CRASH = """
import os, sys
from datetime import date
from tests.library.office import clock
from policylib import Library
from policylib.library import pushrun
from policylib.store import outbox
where, at = sys.argv[1], sys.argv[2]
people = [{"id": f"s{n}", "subject": "person", "facts": {"出生日期": "1940-01-01"}}
          for n in range(int(sys.argv[3]))]

def stop(*_):
    os._exit(9)

if at == "reading":
    whole = people
    def broken():
        yield from whole[:200]
        stop()
    people = broken()
elif at == "flush":
    outbox.disk.flush = stop
elif at == "ready":
    outbox.Outbox._finish = stop
elif at == "renamed":
    flush = outbox.disk.flush
    outbox.disk.flush = lambda path: stop() if path.is_dir() else flush(path)
elif at == "begun":
    pushrun.Pusher.lines = stop
print("begun", flush=True)
with Library.open(where, clock=clock()) as library:
    library.push(people, by="王芳", on=date(2026, 3, 2))
"""


def whole(where: Path) -> None:
    """A run from beginning to end."""
    going = start(where)
    going.communicate()
    assert going.returncode == 0


def start(where: Path, at: str = "") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CRASH, str(where), at, str(PEOPLE)], stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def everything(where: Path) -> Counter[tuple[str, str, str]]:
    """All that is in the outputs."""
    found: Counter[tuple[str, str, str]] = Counter()
    for path in where.glob("push/out/*.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            each = json.loads(line)
            found.update(
                (each["subscriber"], message["kind"], message["measure"])
                for message in each["messages"]
            )
    return found


@pytest.mark.parametrize("at", ["begun", "reading", "flush", "ready", "renamed"])
def test_a_run_that_dies_anywhere_tells_everything_once_in_the_end(
    county: Library, where: Path, at: str
) -> None:
    died = start(where, at)
    died.communicate()
    assert died.returncode == 9
    assert len(everything(where)) in {0, 2 * PEOPLE}
    whole(where)
    assert set(everything(where).values()) == {1}
    assert len(everything(where)) == 2 * PEOPLE
    assert not list(where.glob("push/out/.*"))


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_runs_killed_at_any_moment_tell_everything_once(county: Library, where: Path) -> None:
    for wait in (0.2, 0.45, 0.7, 0.95):
        going = start(where)
        assert going.stdout is not None
        going.stdout.readline()
        try:
            going.wait(timeout=wait)
        except subprocess.TimeoutExpired:
            going.send_signal(signal.SIGKILL)
        going.communicate()
    whole(where)
    assert set(everything(where).values()) == {1}
    assert len(everything(where)) == 2 * PEOPLE
