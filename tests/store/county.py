"""What a county's office records: documents and changes for the stories in this folder."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from policylib.errors import Conflict
from policylib.model.document import Document, Edition
from policylib.model.event import Change, Offering, Record
from policylib.model.relation import Relation
from policylib.model.vocabulary import Act, RelationKind, Role, Stage

AT = datetime(2024, 7, 1, 1, 0, tzinfo=UTC)
OFFICE = "青山县人民政府办公室"


def document(id: str, **fields: Any) -> Document:
    return Document(**{"id": id, "title": f"{id}管理办法", "version": 1, **fields})


def change(
    document: Document,
    body: str | None = None,
    *,
    act: Act = Act.DRAFT,
    actor: str = "张三",
    number: int = 1,
    on: Any = None,
    relations: tuple[Relation, ...] = (),
    expects: dict[str, int] | None = None,
    detail: dict[str, Any] | None = None,
    measures: tuple[dict[str, Any], ...] = (),
    offering: Offering | None = None,
) -> Change:
    edition = None
    if body is not None:
        edition = Edition(
            document_id=document.id, number=number, effective_on=on, body=body, measures=measures
        )
    return Change(
        record=Record(
            document_id=document.id,
            act=act,
            actor=actor,
            role=Role.DRAFTER,
            at=AT,
            stage=document.stage,
            detail=detail or {},
        ),
        document=document,
        edition=edition,
        offering=offering,
        relations=relations,
        expects=expects or {},
    )


def revised(document: Document, **fields: Any) -> Document:
    return document.model_copy(update={"version": document.version + 1, **fields})


def relation(subject: str, target: str, object_id: str | None = None, **fields: Any) -> Relation:
    kind = fields.pop("kind", RelationKind.BASIS)
    return Relation(subject_id=subject, kind=kind, target=target, object_id=object_id, **fields)


def clerk(url: str, name: str, rounds: int) -> tuple[int, int]:
    """One officer at work: drafts own documents and takes turns on the shared one.

    Returns how many times the shared document was revised, and how often someone else was first.
    """
    from policylib.store import open_store

    done = conflicts = 0
    with open_store(url) as store:
        for turn in range(rounds):
            if turn % 2 == 0:
                store.record([change(document(f"{name}-{turn}"), f"第{turn}稿")])
                continue
            while True:
                shared = store.document("共同起草")
                try:
                    store.record([change(revised(shared), act=Act.REVISE, actor=name)])
                except Conflict:
                    conflicts += 1
                else:
                    done += 1
                    break
    return done, conflicts


def opener(url: str) -> int:
    """Open a library that may not be there yet."""
    from policylib.store import open_store

    with open_store(url, create=True) as store:
        return store.head()


def released(id: str, **fields: Any) -> Document:
    return document(id, stage=Stage.RELEASED, **fields)
