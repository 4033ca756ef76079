"""The journal is append-only, and what was done behind its back comes to light."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.store.county import change, document, relation, revised

from policylib.store import open_store
from policylib.store.head import sqlite_path
from policylib.store.sql import SqlStore

TRIGGERS = ("events_no_update", "events_no_delete", "events_no_replace")


@pytest.fixture
def file(store: SqlStore, url: str) -> Iterator[sqlite3.Connection]:
    """A library with some history, and a hand in its file."""
    a, b = document("甲"), document("乙")
    store.record([change(a, "甲的正文"), change(b, "乙的正文")])
    store.record([change(revised(a), "甲的第二版", number=2)])
    store.record([change(revised(b), relations=(relation("乙", "甲", "甲"),))])
    assert store.verify() == ()
    with closing(sqlite3.connect(str(sqlite_path(url)), isolation_level=None)) as connection:
        yield connection


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET actor = '别人' WHERE position = 1",
        "DELETE FROM events WHERE position = 4",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events SELECT * FROM events WHERE position = 1",
        "REPLACE INTO events SELECT 9, document_id, seq, act, actor, role, at, stage, payload,"
        " previous, digest FROM events WHERE position = 1",
    ],
)
def test_the_journal_refuses_to_be_changed(file: sqlite3.Connection, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="只能追加"):
        file.execute(statement)


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE events SET actor = '别人' WHERE position = 2", "登记项（actor）"),
        (
            "UPDATE events SET actor = '别人', payload = replace(payload, '张三', '别人')"
            " WHERE position = 2",
            "内容与摘要不符",
        ),
        ("UPDATE events SET payload = '{}' WHERE position = 2", "无法读取"),
        ("UPDATE events SET digest = previous WHERE position = 2", "接不上"),
        ("DELETE FROM events WHERE position = 2", "缺少记录"),
        ("DELETE FROM events WHERE position = 4", "末尾标记"),
        ("DELETE FROM events", "末尾标记"),
        ("UPDATE events SET position = 9 WHERE position = 4", "缺少记录"),
        ("UPDATE events SET seq = 5 WHERE position = 4", "编号不连续"),
        ("UPDATE events SET seq = 3 - seq + 10 WHERE document_id = '甲'", "编号不连续"),
        ("UPDATE heads SET position = 3", "末尾标记"),
        ("DELETE FROM heads", "末尾标记"),
        ("UPDATE documents SET version = 7 WHERE id = '甲'", "第 7 版，办理日志中却有 2 条"),
        ("UPDATE documents SET stage = '公布' WHERE id = '甲'", "最后一条办理记录却是“起草”"),
        ("UPDATE documents SET title = '别的' WHERE id = '甲'", "登记项（title）"),
        ("UPDATE documents SET payload = '坏' WHERE id = '甲'", "“甲”的内容无法读取"),
        (
            "UPDATE editions SET body = '改过' WHERE number = 1",
            "第 1 版正文",
        ),
        ("UPDATE relations SET kind = '废止'", "登记项（kind）"),
        ("DELETE FROM documents WHERE id = '甲'", "没有这份文件"),
    ],
)
def test_tampering_comes_to_light(
    file: sqlite3.Connection, store: SqlStore, statement: str, found: str
) -> None:
    for trigger in TRIGGERS:
        file.execute(f"DROP TRIGGER {trigger}")
    file.execute(statement)
    assert found in "\n".join(store.verify())


def test_a_history_turned_around_comes_to_light(file: sqlite3.Connection, store: SqlStore) -> None:
    for trigger in TRIGGERS:
        file.execute(f"DROP TRIGGER {trigger}")
    for old, new in ((1, 91), (2, 1), (91, 2)):
        file.execute("UPDATE events SET seq = ? WHERE document_id = '甲' AND seq = ?", (new, old))
    assert "先后颠倒" in "\n".join(store.verify())


def test_a_long_list_of_problems_is_cut(file: sqlite3.Connection, store: SqlStore) -> None:
    store.record([change(document(f"文件{number}"), "正文") for number in range(300)])
    file.execute("UPDATE editions SET body = '改过'")
    problems = store.verify()
    assert len(problems) == 201
    assert "其余未列出" in problems[-1]


def test_torn_pages_are_a_finding_not_a_crash(tmp_path: Path, url: str) -> None:
    with open_store(url, create=True) as store:
        store.record([change(document(f"文件{number}"), "正文" * 500) for number in range(200)])
    path = sqlite_path(url)
    assert path is not None
    content = bytearray(path.read_bytes())
    half = len(content) // 2
    content[half : half + 40960] = b"\xa5" * 40960
    path.write_bytes(content)
    with open_store(url) as store:
        assert store.verify() != ()


def test_a_text_changed_with_its_digest_is_noticed(
    store: SqlStore, file: sqlite3.Connection
) -> None:
    forged = "甲的正文，每人每月600元"
    digest = hashlib.sha256(forged.encode()).hexdigest()
    file.execute(
        "UPDATE editions SET body = ?, digest = ? WHERE document_id = '甲' AND number = 1",
        (forged, digest),
    )
    assert any("签下的摘要不符" in problem for problem in store.verify())


def test_a_header_changed_in_payload_and_columns_is_noticed(
    store: SqlStore, file: sqlite3.Connection
) -> None:
    file.execute(
        "UPDATE documents SET title = replace(title, '管理', '补贴'),"
        " payload = replace(payload, '管理', '补贴') WHERE id = '甲'"
    )
    assert any("登记项与办理日志" in problem for problem in store.verify())
