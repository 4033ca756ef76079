"""The journal as a whole: following it, its newest end, and all of it in a file."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.library.life import ID, whole_life
from tests.library.office import clock, day, draft

from policylib import BackendError, Conflict, Library
from policylib.model.event import GENESIS


@pytest.fixture
def library(where: Path, papers: Path) -> Iterator[Library]:
    with whole_life(where, papers) as made:
        yield made


def test_following_the_journal(library: Library) -> None:
    whole = library.journal()
    assert [event.position for event in whole] == list(range(1, 10))
    assert library.journal(after=7) == whole[7:]
    assert library.journal(after=2, limit=3) == whole[2:5]
    assert library.journal(after=9) == ()


def test_the_newest_end(library: Library) -> None:
    whole = library.journal()
    assert library.recent() == whole
    assert library.recent(limit=3) == whole[-3:]
    assert library.recent(since=day("2024-03-25")) == whole[4:]
    assert library.recent(limit=2, since=day("2024-03-25")) == whole[-2:]
    assert library.recent(since=day("2026-03-03")) == ()
    assert library.recent(limit=0) == ()


def test_an_export_can_be_read_and_proved_without_the_library(
    library: Library, tmp_path: Path
) -> None:
    assert library.export_journal(tmp_path / "日志.jsonl") == 9
    previous = GENESIS
    lines = (tmp_path / "日志.jsonl").read_text("utf-8").split("\n")
    assert lines.pop() == ""
    for place, line in enumerate(lines, 1):
        fields = json.loads(line)
        assert line == json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        digest, before = fields.pop("digest"), fields.pop("previous")
        rest = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert (fields["position"], before) == (place, previous)
        assert digest == hashlib.sha256(f"{before}\n{rest}".encode()).hexdigest()
        previous = digest


def test_a_later_export_begins_like_an_earlier_one(
    library: Library, papers: Path, tmp_path: Path
) -> None:
    library.export_journal(tmp_path / "一.jsonl")
    draft(library, papers, "新草案")
    assert library.export_journal(tmp_path / "二.jsonl") == 10
    first, second = (tmp_path / f"{name}.jsonl" for name in "一二")
    assert second.read_bytes().startswith(first.read_bytes())


def test_an_empty_and_a_long_journal(tmp_path: Path, papers: Path) -> None:
    with Library.create(tmp_path / "空库") as library:
        assert library.export_journal(tmp_path / "空.jsonl") == 0
        assert (tmp_path / "空.jsonl").read_bytes() == b""
        rows = (json.dumps({"id": f"甲{n}", "title": f"甲{n}", "body": "文"}) for n in range(2_050))
        (papers / "批.jsonl").write_text("\n".join(rows), "utf-8")
        library.import_files([papers], by="档案员")
        assert library.export_journal(tmp_path / "长.jsonl") == 2_050
        assert len((tmp_path / "长.jsonl").read_bytes().splitlines()) == 2_050
        assert len(library.journal()) == 1_000


def test_an_export_replaces_nothing(library: Library, tmp_path: Path) -> None:
    library.export_journal(tmp_path / "日志.jsonl")
    with pytest.raises(BackendError, match="已存在，不覆盖"):
        library.export_journal(tmp_path / "日志.jsonl")


def test_a_dossier_is_of_one_state_while_others_write(
    library: Library, where: Path, papers: Path
) -> None:
    stop = threading.Event()

    def write() -> None:
        with Library.open(where, clock=clock()) as other:
            for number in range(20):
                if not stop.is_set():
                    draft(
                        other, papers, f"草案{number}", relations=[{"kind": "相关", "target": ID}]
                    )

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(20):
        try:
            found = library._dossier(ID, day("2026-03-02"))
        except Conflict:
            continue
        drafts = [other for other in found.others if other.startswith("草案")]
        assert len(drafts) == found.mark[0] - 9
    stop.set()
    writer.join()


def test_a_library_that_never_rests_is_a_conflict(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = library._store()
    marks = iter(range(1_000))
    monkeypatch.setattr(store, "mark", lambda: (next(marks), ""))
    with pytest.raises(Conflict, match="请稍后重试"):
        library.timeline(ID)
