from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from policylib.store import open_store, sqlite_url
from policylib.store.sql import SqlStore


@pytest.fixture
def url(tmp_path: Path) -> str:
    return sqlite_url(tmp_path / "文件库" / "library.db")


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    with open_store(url, create=True) as opened:
        yield opened
