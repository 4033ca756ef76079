from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.library.office import clock

from policylib import Library


@pytest.fixture
def where(tmp_path: Path) -> Path:
    return tmp_path / "文件库"


@pytest.fixture
def library(where: Path) -> Iterator[Library]:
    with Library.create(where, clock=clock()) as made:
        yield made
