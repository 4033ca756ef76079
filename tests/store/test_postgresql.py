"""The same library on PostgreSQL; runs where ``POLICYLIB_TEST_POSTGRESQL`` names a server.

The value is an SQLAlchemy address without a database, such as
``postgresql+psycopg://user@host:5432``; each story gets a database of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import secrets
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from tests.store.county import change, clerk, document, opener, relation, revised

from policylib.errors import BackendError, Conflict, NotFound, ParseError, Refused
from policylib.store import open_store, read_head
from policylib.store.sql import SqlStore

SERVER = os.environ.get("POLICYLIB_TEST_POSTGRESQL", "")
pytestmark = pytest.mark.skipif(not SERVER, reason="no PostgreSQL server named")


@pytest.fixture
def url() -> Iterator[str]:
    name = f"policylib_{secrets.token_hex(6)}"
    engine = create_engine(f"{SERVER}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        yield f"{SERVER}/{name}"
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def test_a_library_is_made_only_when_asked(url: str) -> None:
    assert read_head(url) == 0
    with pytest.raises(NotFound):
        open_store(url)


def test_a_document_and_its_surroundings(store: SqlStore, url: str) -> None:
    work = document("甲", doc_number="青政〔2024〕1号", released_on=date(2024, 1, 1))
    store.record([change(work, "初版"), change(document("乙"))])
    second = change(revised(work), "二版", number=2, on=date(2024, 6, 1))
    store.record([second])
    store.record([change(document("丙"), relations=(relation("丙", "甲", "甲"),))])
    store.record([change(document("丁"), relations=(relation("丁", "《某条例》"),))])
    store.record([], resolved=dict.fromkeys(store.unresolved(["某条例"]), "乙"))

    texts = [store.edition("甲", day) for day in (date(2024, 5, 31), date(2024, 6, 1), None)]
    assert [text and text.body for text in texts] == ["初版", "二版", "二版"]
    assert second.edition is not None
    assert store.snapshot(["甲"]) == {"甲": (second.document, second.edition.digest)}
    assert store.list(limit=2)[0].id == "甲"
    assert {each.id for each in store.iter_documents(batch=2)} == {"甲", "乙", "丙", "丁"}
    assert len(store.relations_touching(["甲", "乙"])) == 2
    assert store.changed_since(2) == (5, ("甲", "丙", "丁"))
    assert read_head(url) == 5
    assert store.verify() == ()
    with pytest.raises(Conflict):
        store.record([change(revised(work))])
    with pytest.raises(Refused):
        store.record([change(document("戊", doc_number="青政〔2024〕1号"))])
    with pytest.raises(ParseError):
        store.record([change(document("戊"), "\x00")])
    assert store.head() == 5


def test_the_journal_refuses_to_be_changed(store: SqlStore) -> None:
    store.record([change(document("甲"))])
    for statement in ("UPDATE events SET actor = '别人'", "DELETE FROM events", "TRUNCATE events"):
        with (
            pytest.raises((BackendError, DBAPIError), match="只能追加"),
            store._database.writing() as connection,
        ):
            connection.execute(text(statement))


def test_eight_officers_at_once_lose_nothing(url: str) -> None:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(8, mp_context=spawn) as office:
        assert [job.result() for job in [office.submit(opener, url) for _ in range(8)]] == [0] * 8
        with open_store(url) as store:
            store.record([change(document("共同起草"))])
            jobs = [office.submit(clerk, url, f"科员{number}", 20) for number in range(8)]
            assert sum(job.result()[0] for job in jobs) == 8 * 10
            assert store.head() == 1 + 8 * 20
            assert store.verify() == ()


def test_backups_are_the_servers(store: SqlStore, tmp_path: Path) -> None:
    with pytest.raises(BackendError, match="pg_dump"):
        store.backup(tmp_path / "备份.db")
