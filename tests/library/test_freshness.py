"""The index is right before every search: after each act, in every process, after every accident."""

from __future__ import annotations

import gc
import os
import random
import shutil
import stat
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.library.office import act, clock, day, draft, found, paper, released, to_stage

from policylib import Act, BackendError, Library, Role
from policylib.library.address import Address


@pytest.fixture
def county(library: Library, papers: Path) -> Library:
    """A library of thirty released documents and one draft."""
    for number in range(30):
        paper(papers, f"办法{number}", released_on="2024-01-10")
    library.import_files([papers], by="档案员")
    draft(library, papers, "高龄津贴")
    return library


EVERYTHING = {f"办法{number}" for number in range(30)}


def test_a_release_is_found_at_once_here_and_in_what_is_already_open(
    county: Library, where: Path
) -> None:
    with Library.open(where, clock=clock()) as other:
        assert found(other, "高龄津贴") == set()
        child = subprocess.Popen(
            [sys.executable, "-c", _ASK, str(where)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        assert child.stdin is not None
        assert child.stdout is not None

        def ask() -> str:
            child.stdin.write("高龄津贴\n")
            child.stdin.flush()
            return child.stdout.readline().strip()

        assert ask() == ""
        to_stage(county, "高龄津贴", "公布")
        assert "高龄津贴" in found(county, "高龄津贴")
        assert "高龄津贴" in found(other, "高龄津贴")
        assert ask() == "高龄津贴"
        act(county, Act.REPEAL, "高龄津贴", Role.PUBLISHER, on=day("2026-03-02"), note="会议")
        assert other.search("高龄津贴").hits[0].validity == "废止"
        child.stdin.close()
        assert child.wait(30) == 0
        child.stdout.close()


_ASK = """
import sys
from policylib import Library
library = Library.open(sys.argv[1])
for line in sys.stdin:
    print(" ".join(hit.id for hit in library.search(line.strip()).hits), flush=True)
"""


def test_a_change_outside_the_library_object_is_seen(county: Library, where: Path) -> None:
    """The index is behind the journal when an import died before indexing."""
    index = where / "index"
    shutil.copytree(index, where.parent / "旧索引")
    to_stage(county, "高龄津贴", "公布")
    shutil.rmtree(index)
    (where.parent / "旧索引").rename(index)
    assert "高龄津贴" in found(county, "高龄津贴")
    with Library.open(where) as other:
        assert other.health()["index"] == other.health()["journal"]


def files_of(index: Path) -> list[Path]:
    return [file for file in index.rglob("*") if file.is_file()]


def rewrite(file: Path, data: bytes) -> None:
    """Put another file in its place: readers that have the old one open keep it."""
    file.unlink()
    file.write_bytes(data)


def remove(index: Path) -> None:
    shutil.rmtree(index)


def empty(index: Path) -> None:
    for file in files_of(index):
        rewrite(file, b"")


def cut(index: Path) -> None:
    for file in files_of(index):
        rewrite(file, file.read_bytes()[: file.stat().st_size // 2])


def scribble(index: Path) -> None:
    chance = random.Random(7)
    for file in files_of(index):
        rewrite(file, chance.randbytes(max(64, file.stat().st_size)))


def take_contents(index: Path) -> None:
    for file in files_of(index):
        if file.suffix == ".toc":
            file.unlink()


def take_segments(index: Path) -> None:
    for file in files_of(index):
        if file.suffix == ".seg":
            file.unlink()


def put_a_file_in_its_place(index: Path) -> None:
    shutil.rmtree(index)
    index.mkdir()
    for name in ("aaaaaaaaaaaa", ".building-1"):
        (index / name).write_text("不是文件夹")


def damaging(test: Any) -> Any:
    """Whoosh leaves a damaged table of contents to the garbage collector to close."""
    for mark in (
        pytest.mark.filterwarnings("ignore::ResourceWarning"),
        pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
        pytest.mark.usefixtures("swept"),
    ):
        test = mark(test)
    return test


@pytest.fixture
def swept() -> Iterator[None]:
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


HARM = (remove, empty, cut, scribble, take_contents, take_segments, put_a_file_in_its_place)


@damaging
@pytest.mark.parametrize("harm", HARM)
@pytest.mark.parametrize("opened", ["已打开", "重新打开"])
def test_a_damaged_index_heals_by_itself(
    county: Library, where: Path, harm: Callable[[Path], None], opened: str
) -> None:
    assert found(county, "办法") == EVERYTHING
    harm(where / "index")
    if opened == "重新打开":
        with Library.open(where) as other:
            assert found(other, "办法") == EVERYTHING
    to_stage(county, "高龄津贴", "公布")
    county.reindex()
    assert found(county, "办法") == {*EVERYTHING, "高龄津贴"}
    with Library.open(where) as other:
        assert found(other, "办法") == {*EVERYTHING, "高龄津贴"}


@damaging
def test_single_faults_anywhere_in_the_index_are_survived(county: Library, where: Path) -> None:
    index, keep, chance = where / "index", where.parent / "好索引", random.Random(11)
    assert found(county, "办法") == EVERYTHING
    county.close()
    shutil.copytree(index, keep)
    for _ in range(40):
        shutil.rmtree(index)
        shutil.copytree(keep, index)
        file = chance.choice(files_of(index))
        data = file.read_bytes()
        file.write_bytes(data[: chance.randrange(len(data) + 1)])
        with Library.open(where) as library:
            assert found(library, "办法") == EVERYTHING


def test_an_act_counts_even_when_the_index_cannot_be_written(
    county: Library, where: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from policylib.search.engine import Engine

    def full(*_: object, **__: object) -> bool:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Engine, "update", full)
        to_stage(county, "高龄津贴", "公布")
        with pytest.raises(BackendError, match=r"检索索引无法使用.*reindex"):
            county.search("高龄津贴")
    assert county.document("高龄津贴").stage == "公布"
    assert "高龄津贴" in found(county, "高龄津贴")


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no such modes")
def test_the_index_is_private(county: Library, where: Path) -> None:
    county.search("办法")
    folders = [where / "index", *(f for f in (where / "index").iterdir() if f.is_dir())]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}


def test_a_wrong_question_is_no_damage(county: Library, where: Path) -> None:
    county.search("办法")
    before = {file.name: file.stat().st_mtime_ns for file in files_of(where / "index")}
    for wrong in ({"limit": "5"}, {"on": "2026-01-01"}, {"released_from": "2026"}):
        with pytest.raises((TypeError, ValueError, AttributeError)):
            county.search("办法", **wrong)
    assert {file.name: file.stat().st_mtime_ns for file in files_of(where / "index")} == before


# -- other libraries in the same place ------------------------------------------------------------


def test_after_an_older_backup_the_index_shows_only_what_is_there(
    county: Library, where: Path, tmp_path: Path
) -> None:
    county.backup(tmp_path / "早上.backup")
    to_stage(county, "高龄津贴", "公布")
    assert "高龄津贴" in found(county, "高龄津贴")
    county.close()
    for file in where.glob("library.db*"):
        file.unlink()
    with Library.restore(tmp_path / "早上.backup", where) as restored:
        assert "高龄津贴" not in found(restored, "高龄津贴")
        assert found(restored, "办法") == EVERYTHING


@pytest.mark.parametrize("opened", ["已打开", "重新打开"])
def test_a_backup_put_back_by_hand_with_as_many_events(
    county: Library, where: Path, tmp_path: Path, papers: Path, opened: str
) -> None:
    """Two journals of the same length: the position alone would not tell them apart."""
    county.backup(tmp_path / "早上.backup")
    released(county, papers, "撤回的文件")
    head = county.health()["journal"]
    assert "撤回的文件" in found(county, "撤回的文件")
    if opened == "重新打开":
        county.close()
    put_back(tmp_path / "早上.backup", where)
    with Library.open(where, clock=clock()) as library:
        act(library, Act.REVIEW, "高龄津贴", Role.REVIEWER)
        assert library.health() == {**library.health(), "journal": head, "index": head}
        assert "撤回的文件" not in found(library, "", staff=True)
        assert found(library, "办法") == EVERYTHING
    if opened == "已打开":
        assert "撤回的文件" not in found(county, "", staff=True)
        assert county.document("高龄津贴").stage == "审核"


@pytest.mark.parametrize("more", [0, 1, 5])
def test_a_backup_put_back_by_hand_that_went_on(
    county: Library, where: Path, tmp_path: Path, papers: Path, more: int
) -> None:
    county.backup(tmp_path / "早上.backup")
    released(county, papers, "撤回的文件")
    assert "撤回的文件" in found(county, "撤回的文件")
    county.close()
    put_back(tmp_path / "早上.backup", where)
    shutil.copytree(where / "index", where.parent / "旧索引")
    names = {f"后来{number}" for number in range(more)}
    with Library.open(where) as library:
        for name in sorted(names):
            released(library, papers, name)
    shutil.rmtree(where / "index")
    (where.parent / "旧索引").rename(where / "index")
    with Library.open(where) as library:
        assert found(library, "") == EVERYTHING | names


def test_two_libraries_change_places(tmp_path: Path, papers: Path) -> None:
    one, two = tmp_path / "甲库", tmp_path / "乙库"
    for where, name in ((one, "甲文件"), (two, "乙文件")):
        with Library.create(where) as library:
            released(library, papers, name)
            assert found(library, "") == {name}
    with Library.open(one) as opened:
        assert found(opened, "") == {"甲文件"}
        aside = tmp_path / "旁"
        (one / "library.db").rename(aside)
        (two / "library.db").rename(one / "library.db")
        aside.rename(two / "library.db")
        assert found(opened, "") == {"乙文件"}
        assert opened.document("乙文件").id == "乙文件"
    with Library.open(two) as library:
        assert found(library, "") == {"甲文件"}


def test_a_new_empty_library_in_the_old_place(county: Library, where: Path) -> None:
    assert found(county, "办法") == EVERYTHING
    county.close()
    for file in where.glob("library.db*"):
        file.unlink()
    with Library.create(where) as library:
        assert found(library, "", staff=True) == set()


def put_back(backup: Path, where: Path) -> None:
    for file in where.glob("library.db*"):
        file.unlink()
    shutil.copy(backup, where / "library.db")


def test_two_libraries_in_one_folder_have_two_indexes(tmp_path: Path, papers: Path) -> None:
    with (
        Library.create(f"sqlite:///{tmp_path}/a.db") as one,
        Library.create(f"sqlite:///{tmp_path}/b.db") as two,
    ):
        released(one, papers, "甲文件")
        released(two, papers, "乙文件")
        for _ in range(2):
            assert (found(one, ""), found(two, "")) == ({"甲文件"}, {"乙文件"})


def test_a_folder_and_its_address_are_one_library(county: Library, where: Path) -> None:
    assert Address.of(where) == Address.of(f"sqlite:///{where}/library.db")
    with Library.open(f"sqlite:///{where}/library.db") as library:
        assert found(library, "办法") == EVERYTHING


# -- what is left behind --------------------------------------------------------------------------


def dead_process() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    return child.pid


def test_reindex_cleans_up_what_died_builds_left_and_nothing_else(
    county: Library, where: Path
) -> None:
    index, dead = where / "index", dead_process()
    stale = [f".building-{dead}-1", f".building-{dead}", f".old-{dead}-1", "0123456789ab"]
    others = [f".building-{os.getpid()}-1", "我的资料", "笔记.txt"]
    for name in (*stale, *others):
        (index / name).mkdir()
    assert county.reindex() == 31
    left = {path.name for path in index.iterdir()}
    assert left & set(stale) == set()
    assert set(others) <= left
    assert found(county, "办法") == EVERYTHING


def test_restore_leaves_strangers_files_in_the_index_folder_alone(
    county: Library, tmp_path: Path
) -> None:
    county.backup(tmp_path / "备份")
    mine = tmp_path / "新库" / "index" / "我的资料"
    mine.mkdir(parents=True)
    with Library.restore(tmp_path / "备份", f"sqlite:///{tmp_path}/新库/library.db") as library:
        assert found(library, "办法") == EVERYTHING
    assert mine.is_dir()


def test_reindex_serves_searches_meanwhile(county: Library, where: Path) -> None:
    seen = []
    with Library.open(where) as other:
        county.reindex(lambda _: seen.append(found(other, "办法")))
        assert found(other, "办法") == EVERYTHING
    assert seen == [EVERYTHING]
