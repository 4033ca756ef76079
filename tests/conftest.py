"""What tests of several layers share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """The folder in which a test writes the files of its documents."""
    folder = tmp_path / "文件"
    folder.mkdir()
    return folder
