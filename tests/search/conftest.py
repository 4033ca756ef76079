"""The sample county as index entries, an engine over them, and the oracle."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from policylib.files.documentfile import DocumentFile
from policylib.library.indexing import entry_of
from policylib.model.document import Document, Edition
from policylib.model.vocabulary import Stage
from policylib.search import segmenter
from policylib.search.analysis import Analyser
from policylib.search.engine import Engine
from policylib.search.entry import Entry
from policylib.search.rows import Stamp
from policylib.search.scan import Scan

SAMPLES = Path(__file__).parents[2] / "sample_docs"
TODAY = date(2026, 11, 22)


def read(path: Path, stage: Stage) -> Entry:
    file = DocumentFile.parse(path.read_bytes(), name=path.name)
    values = file.header.model_dump(exclude={"id", "relations", "measures"})
    document = Document(id=file.header.id or path.stem, stage=stage, **values)
    return entry_of(document, Edition(document_id=document.id, body=file.body), ())


@pytest.fixture(scope="session")
def entries() -> list[Entry]:
    released = sorted((SAMPLES / "released").rglob("*.md"))
    drafts = sorted((SAMPLES / "drafts").rglob("*.md"))
    return [read(path, Stage.RELEASED) for path in released] + [
        read(path, Stage.DRAFTED) for path in drafts
    ]


@pytest.fixture(scope="session")
def engine(entries: list[Entry], tmp_path_factory: pytest.TempPathFactory) -> Engine:
    made = Engine.create(tmp_path_factory.mktemp("index"), segmenter.load)
    half = len(entries) // 2
    assert made.update(entries[:half], stamp=Stamp(1), timeout=5)
    assert made.update(entries[half:], stamp=Stamp(2), timeout=5)
    return made


@pytest.fixture(scope="session")
def scan(entries: list[Entry]) -> Scan:
    return Scan(entries, Analyser(segmenter.load()))
