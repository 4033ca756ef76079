"""The sample county as index entries, an engine over them, and the oracle."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from policylib.files.documentfile import DocumentFile
from policylib.model.document import Document
from policylib.model.vocabulary import Stage
from policylib.search import segmenter
from policylib.search.analysis import Analyser
from policylib.search.engine import Engine
from policylib.search.entry import Entry
from policylib.search.scan import Scan
from policylib.text.outline import Outline
from policylib.workflow.validity import steps

SAMPLES = Path(__file__).parents[2] / "sample_docs"
TODAY = date(2026, 11, 22)


def entry_of(path: Path, stage: Stage) -> Entry:
    file = DocumentFile.parse(path.read_bytes(), name=path.name)
    values = file.header.model_dump(exclude={"id", "relations"})
    document = Document(id=file.header.id or path.stem, stage=stage, **values)
    return Entry(
        id=document.id,
        title=document.title,
        public=document.is_public,
        stage=str(stage),
        doc_number=document.doc_number,
        number_key=document.number_key,
        index_number=document.index_number,
        type=str(document.type),
        kind=document.kind,
        form=document.form,
        issuers=document.issuers,
        themes=document.themes,
        tags=document.tags,
        keywords=document.keywords,
        audience=document.audience,
        released_on=document.released_on.isoformat() if document.released_on else None,
        steps=tuple(
            (s.start.isoformat() if s.start else "", str(s.validity)) for s in steps(document)
        ),
        body=file.body,
        provisions=tuple((p.span.start, str(at)) for at, p in Outline.parse(file.body).walk()),
    )


@pytest.fixture(scope="session")
def entries() -> list[Entry]:
    released = sorted((SAMPLES / "released").rglob("*.md"))
    drafts = sorted((SAMPLES / "drafts").rglob("*.md"))
    return [entry_of(path, Stage.RELEASED) for path in released] + [
        entry_of(path, Stage.DRAFTED) for path in drafts
    ]


@pytest.fixture(scope="session")
def engine(entries: list[Entry], tmp_path_factory: pytest.TempPathFactory) -> Engine:
    made = Engine.create(tmp_path_factory.mktemp("index"), segmenter.load)
    half = len(entries) // 2
    assert made.update(entries[:half], position=1, timeout=5)
    assert made.update(entries[half:], position=2, timeout=5)
    return made


@pytest.fixture(scope="session")
def scan(entries: list[Entry]) -> Scan:
    return Scan(entries, Analyser(segmenter.load()))
