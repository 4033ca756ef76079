"""Eight processes at once, and processes that die."""

from __future__ import annotations

import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

from tests.library import crowd
from tests.library.office import act, draft, found, paper, to_stage

import crash
from policylib import Act, Conflict, Library, Role, Stage

SPAWN = multiprocessing.get_context("spawn")
OFFICERS = int(os.environ.get("POLICYLIB_OFFICERS", "8"))


def test_eight_processes_lose_nothing_and_all_is_found(
    library: Library, papers: Path, where: Path, tmp_path: Path
) -> None:
    draft(library, papers, "共同起草")
    draft(library, papers, "抢着公布")
    to_stage(library, "抢着公布", "签发")
    names = [f"科室{number}" for number in range(OFFICERS)]
    with ProcessPoolExecutor(OFFICERS, mp_context=SPAWN) as office:
        jobs = [office.submit(crowd.officer, str(where), str(tmp_path), name) for name in names]
        done = [job.result() for job in jobs]
    shared = sum(each["shared"] for each in done)
    assert library.document("共同起草").version == 1 + shared
    assert len(library.editions("共同起草")) == 1 + shared
    assert [event.seq for event in library.history("共同起草")] == list(range(1, shared + 2))
    assert sum(each["releases"] for each in done) == 1
    assert sum(each["refusals"] for each in done) == OFFICERS - 1
    own = {f"{name}草稿{turn}" for name in names for turn in range(crowd.OWN)}
    imported = {
        f"{name}存量{turn}{number}"
        for name in names
        for turn in range(crowd.OWN)
        for number in range(crowd.IMPORTED // crowd.OWN)
    }
    expected = own | imported | {"抢着公布"}
    assert {d.id for d in library.documents(stage=Stage.RELEASED)} == expected
    hits = library.search("", limit=1_000).hits
    assert {hit.id for hit in hits} == expected
    assert len(hits) == len(expected)
    health = library.health()
    assert health["journal"] == health["index"]
    assert library.verify() == ()


def test_threads_of_a_portal_share_one_library(library: Library, papers: Path) -> None:
    draft(library, papers, "甲")
    to_stage(library, "甲", "签发")
    for number in range(8):
        draft(library, papers, f"草稿{number}")
        to_stage(library, f"草稿{number}", "签发")
    together = threading.Barrier(8)

    def portal(number: int) -> str:
        together.wait()
        act(library, Act.RELEASE, f"草稿{number}", Role.PUBLISHER)
        assert f"草稿{number}" in found(library, f"草稿{number}")
        try:
            act(library, Act.RETURN, "甲", Role.SIGNER)
        except Conflict:
            return "冲突"
        except Exception as error:  # noqa: BLE001 - counted below
            return type(error).__name__
        return "退回"

    with ThreadPoolExecutor(8) as threads:
        outcomes = list(threads.map(portal, range(8)))
    assert outcomes.count("退回") == 1
    assert set(outcomes) <= {"退回", "冲突", "Refused"}
    assert found(library, "") == {f"草稿{number}" for number in range(8)}
    assert library.verify() == ()


def test_many_processes_open_a_library_without_an_index(
    library: Library, papers: Path, where: Path
) -> None:
    for number in range(20):
        paper(papers, f"办法{number}", released_on="2024-01-10")
    library.import_files([papers], by="档案员")
    for path in sorted((where / "index").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    with ProcessPoolExecutor(4, mp_context=SPAWN) as office:
        jobs = [office.submit(crowd.searcher, str(where)) for _ in range(4)]
        assert [job.result() for job in jobs] == [20] * 4
    assert list((where / "index").glob(".building-*")) == []


def test_what_was_acknowledged_survives_kill_9_and_is_found(tmp_path: Path) -> None:
    made = crash.run(tmp_path, rounds=int(os.environ.get("POLICYLIB_CRASH_ROUNDS", "6")), seed=3)
    assert made.violations == []
    assert made.counts["documents acknowledged"] > 0
