"""一件一档: one document in one zip, for the office and for the public."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.library.life import ID, NEW, OLD, SECRET, whole_life
from tests.library.office import OFFICERS, clock, draft, released

from policylib import BackendError, DocumentFile, Event, Library, NotFound, Role

ALWAYS = {
    "README.txt", "events.jsonl", "header.json", "manifest.json", "relations.json",
    "timeline.svg", "validity.json",
}  # fmt: skip


@pytest.fixture
def library(where: Path, papers: Path) -> Iterator[Library]:
    with whole_life(where, papers) as made:
        yield made


def inside(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == sorted(archive.namelist())
        return {name: archive.read(name) for name in archive.namelist()}


def value(files: dict[str, bytes], name: str) -> Any:
    return json.loads(files[name])


# -- for the office -----------------------------------------------------------------------------


def test_everything_is_in_it(library: Library, tmp_path: Path) -> None:
    library.bundle(ID, tmp_path / "档.zip")
    files = inside(tmp_path / "档.zip")
    texts = {"版本1_草稿.md", "版本2_自2024-05-01.md", "版本3_自2026-07-01.md"}
    assert files.keys() == ALWAYS | texts
    assert value(files, "header.json")["doc_number"] == "青政〔2024〕5号"
    assert value(files, "header.json")["stage"] == "公布"
    assert [r["kind"] for r in value(files, "relations.json")["relations"]] == [
        "依据", "解读", "相关", "修改",
    ]  # fmt: skip
    assert value(files, "relations.json")["documents"]["密件"] == "内部方案"
    assert value(files, "validity.json")["validity"] == "现行有效"
    assert [s["from"] for s in value(files, "validity.json")["why"]] == [
        None, "2024-05-01", "2029-05-01",
    ]  # fmt: skip
    readme = files["README.txt"].decode()
    assert all(name in readme for name in files if name != "README.txt")
    assert "内部" in readme


def test_the_texts_are_document_files(library: Library, tmp_path: Path) -> None:
    library.bundle(ID, tmp_path / "档.zip")
    files = inside(tmp_path / "档.zip")
    for name, text in (("版本2_自2024-05-01.md", OLD), ("版本3_自2026-07-01.md", NEW)):
        file = DocumentFile.parse(files[name], name=name)
        assert file.body.strip() == text.strip()
        assert (file.header.id, file.header.doc_number) == (ID, "青政〔2024〕5号")
        assert [(r.kind, r.target) for r in file.header.relations] == [("依据", "皖政〔2020〕3号")]
    with Library.create(tmp_path / "另一库") as other:
        (tmp_path / "取出").mkdir()
        (tmp_path / "取出" / "甲.md").write_bytes(files["版本2_自2024-05-01.md"])
        assert other.import_files([tmp_path / "取出"], by="档案员").refused == []
        assert other.validity(ID) == library.validity(ID)


def test_the_events_are_those_of_the_journal(library: Library, tmp_path: Path) -> None:
    library.bundle(ID, tmp_path / "档.zip")
    files = inside(tmp_path / "档.zip")
    events = [Event.model_validate_json(line) for line in files["events.jsonl"].splitlines()]
    assert tuple(events) == library.history(ID)
    assert all(event.is_intact() for event in events)
    last = library.journal()[-1]
    manifest = value(files, "manifest.json")
    assert manifest["journal"] == {"position": last.position, "digest": last.digest}
    assert last.digest in files["README.txt"].decode()


def test_the_manifest_proves_every_file(library: Library, tmp_path: Path) -> None:
    for take, name in ((library.bundle, "内.zip"), (library.public_bundle, "公.zip")):
        take(ID, tmp_path / name)
        files = inside(tmp_path / name)
        manifest = value(files, "manifest.json")
        assert manifest["files"].keys() == files.keys() - {"manifest.json"}
        for each, facts in manifest["files"].items():
            assert facts == {
                "bytes": len(files[each]),
                "sha256": hashlib.sha256(files[each]).hexdigest(),
            }
        assert manifest["made_at"] == "2026-03-02T09:00:00+08:00"


def test_the_same_state_and_time_give_the_same_bytes(
    library: Library, where: Path, tmp_path: Path
) -> None:
    at = clock("2026-03-05")()
    library.bundle(ID, tmp_path / "一.zip", at=at)
    with Library.open(where) as again:
        again.bundle(ID, tmp_path / "二.zip", at=at)
        again.bundle(ID, tmp_path / "三.zip", at=clock("2026-03-06")())
    first, second, third = ((tmp_path / f"{n}.zip").read_bytes() for n in "一二三")
    assert first == second
    assert first != third
    with zipfile.ZipFile(tmp_path / "一.zip") as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_draft_is_a_file_too_and_hostile_names_do_not_matter(
    library: Library, papers: Path, tmp_path: Path
) -> None:
    title = '<script>&"' + "很长" * 200 + "🎉"
    draft(library, papers, "C:/甲?*|\\乙", title=title)
    library.bundle("C:/甲?*|\\乙", tmp_path / "档.zip")
    files = inside(tmp_path / "档.zip")
    assert files.keys() == ALWAYS | {"版本1_草稿.md"}
    assert DocumentFile.parse(files["版本1_草稿.md"]).header.title == title


def test_more_relations_than_a_head_can_hold(
    library: Library, papers: Path, tmp_path: Path
) -> None:
    ties = [{"kind": "相关", "target": f"文件{n}", "note": "说明" * 100} for n in range(900)]
    (papers / "多").mkdir()
    lines = json.dumps({"id": "多", "title": "多", "body": "正文", "relations": ties})
    (papers / "多" / "多.jsonl").write_text(lines, "utf-8")
    assert library.import_files([papers / "多"], by="档案员").refused == []
    library.bundle("多", tmp_path / "档.zip")
    files = inside(tmp_path / "档.zip")
    assert len(value(files, "relations.json")["relations"]) == 900
    assert DocumentFile.parse(files["版本1.md"]).header.relations == ()


# -- for the public -----------------------------------------------------------------------------


def test_the_public_gets_nothing_of_the_office(library: Library, tmp_path: Path) -> None:
    library.public_bundle(ID, tmp_path / "公.zip")
    files = inside(tmp_path / "公.zip")
    assert files.keys() == ALWAYS | {"版本2_自2024-05-01.md"}
    everything = b"\n".join(files.values()).decode()
    officers = [who for role, who in OFFICERS.items() if role is not Role.ROBOT]
    for hidden in (*officers, SECRET, "密件", "内部方案", "草稿一", NEW.strip()):
        assert hidden not in everything
    digests = [event.digest for event in library.journal()]
    assert not any(digest in everything for digest in digests)
    lines = [json.loads(line) for line in files["events.jsonl"].splitlines()]
    assert [line["act"] for line in lines] == ["公布", "修改"]
    assert all(line.keys() <= {"act", "at", "document_id", "effective_on"} for line in lines)
    assert not {"stage", "version"} & value(files, "header.json").keys()
    assert value(files, "relations.json")["documents"].keys() == {"解读", "修改决定"}
    assert value(files, "manifest.json")["journal"] == {"position": library.journal()[-1].position}
    assert "公开" in files["README.txt"].decode()


def test_the_amended_text_is_public_from_its_day(library: Library, tmp_path: Path) -> None:
    library.public_bundle(ID, tmp_path / "公.zip", at=clock("2026-07-01")())
    files = inside(tmp_path / "公.zip")
    assert {name for name in files if name.endswith(".md")} == {
        "版本2_自2024-05-01.md",
        "版本3_自2026-07-01.md",
    }


def test_a_text_released_before_its_day_is_public(
    library: Library, papers: Path, tmp_path: Path
) -> None:
    released(library, papers, "将来", released_on="2026-03-01", effective_on="2026-09-01")
    library.public_bundle("将来", tmp_path / "公.zip")
    assert "版本1_自2026-09-01.md" in inside(tmp_path / "公.zip")


def test_a_closed_document_that_ends_it_is_not_named(
    library: Library, papers: Path, tmp_path: Path
) -> None:
    released(
        library, papers, "密令", title="秘密命令", disclosure="不予公开",
        effective_on="2026-02-20", relations=[{"kind": "废止", "target": ID}],
    )  # fmt: skip
    library.public_bundle(ID, tmp_path / "公.zip")
    files = inside(tmp_path / "公.zip")
    assert value(files, "validity.json")["validity"] == "废止"
    everything = b"\n".join(files.values()).decode()
    assert "密令" not in everything
    assert "秘密命令" not in everything


def test_the_public_timeline_is_the_one_in_the_bundle(library: Library, tmp_path: Path) -> None:
    library.public_bundle(ID, tmp_path / "公.zip")
    drawn = inside(tmp_path / "公.zip")["timeline.svg"].decode()
    found = library.public_timeline(ID)
    assert found.to_svg() == drawn
    assert all(entry.by is None and entry.note is None for entry in found.entries)
    assert {entry.document for entry in found.entries} == {None, "解读", "修改决定"}


@pytest.mark.parametrize("name", ["没有的", "草案", "密件"])
def test_what_is_not_public_is_answered_as_what_is_not_there(
    library: Library, papers: Path, tmp_path: Path, name: str
) -> None:
    draft(library, papers, "草案")
    for ask in (library.public_timeline, lambda id: library.public_bundle(id, tmp_path / "公.zip")):
        with pytest.raises(NotFound, match=f"^没有公开的文件“{name}”$"):
            ask(name)
    assert not (tmp_path / "公.zip").exists()


# -- writing it ---------------------------------------------------------------------------------


def test_an_unknown_document_writes_nothing(library: Library, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        library.bundle("没有的", tmp_path / "档.zip")
    with pytest.raises(NotFound):
        library.timeline("没有的")
    assert not (tmp_path / "档.zip").exists()


def test_an_existing_file_is_never_replaced(library: Library, tmp_path: Path) -> None:
    target = tmp_path / "档.zip"
    target.write_text("旧档", "utf-8")
    for write in (library.bundle, library.public_bundle):
        with pytest.raises(BackendError, match=r"“档\.zip”已存在，不覆盖"):
            write(ID, target)
    assert target.read_text("utf-8") == "旧档"
    (tmp_path / "链接.zip").symlink_to(tmp_path / "不存在")
    with pytest.raises(BackendError, match="已存在"):
        library.bundle(ID, tmp_path / "链接.zip")


def test_a_folder_that_is_not_there(library: Library, tmp_path: Path) -> None:
    with pytest.raises(BackendError, match="没有文件夹“无”"):
        library.bundle(ID, tmp_path / "无" / "档.zip")


def test_a_folder_that_cannot_be_written_to(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deny(*words: Any, **options: Any) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", deny)  # root may write everywhere
    with pytest.raises(BackendError, match=r"无法写入“档\.zip”"):
        library.bundle(ID, tmp_path / "档.zip")


def test_a_full_disk_leaves_nothing_behind(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    before = set(tmp_path.iterdir())
    with pytest.raises(BackendError, match="磁盘空间"):
        library.bundle(ID, tmp_path / "档.zip")
    assert set(tmp_path.iterdir()) == before


def test_a_file_system_without_links(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(*words: Any) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    library.bundle(ID, tmp_path / "档.zip")
    assert inside(tmp_path / "档.zip").keys() >= ALWAYS


@pytest.mark.skipif(os.name == "nt", reason="modes of files")
def test_only_the_owner_may_read_it(library: Library, tmp_path: Path) -> None:
    library.bundle(ID, tmp_path / "档.zip")
    assert (tmp_path / "档.zip").stat().st_mode & 0o777 == 0o600
