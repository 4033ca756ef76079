"""What the public may know: the text in force, and nothing of drafts and closed papers."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.library.office import clock, day, draft, found, released

from policylib import Act, Library, NotFound, Refused, RelationKind, Role

OLD = "第一条　高龄津贴每人每月60元。\n"
NEW = "第一条　高龄津贴每人每月90元。\n"


def test_the_text_in_force_is_found_and_the_coming_one_only_from_its_day(
    library: Library, where: Path, papers: Path
) -> None:
    released(library, papers, "高龄津贴", OLD)
    released(library, papers, "修改决定", released_on="2026-03-01", effective_on="2026-03-01")
    library.act(
        Act.AMEND, "高龄津贴", by="王芳", role=Role.PUBLISHER, body=NEW,
        on=day("2026-07-01"), made_by="修改决定",
    )  # fmt: skip
    assert found(library, "“每月60元”") == {"高龄津贴"}
    assert found(library, "“每月90元”") == set()
    assert library.edition("高龄津贴", on=day("2026-06-30")).body.strip() == OLD.strip()
    with Library.open(where, clock=clock("2026-07-01")) as later:
        assert found(later, "“每月90元”") == {"高龄津贴"}
        assert found(later, "“每月60元”") == set()
        later.reindex()
        assert found(later, "“每月90元”") == {"高龄津贴"}


def test_a_draft_and_an_unknown_id_get_the_same_answer(library: Library, papers: Path) -> None:
    draft(library, papers, "草案")
    for name in ("草案", "没有的"):
        with pytest.raises(NotFound, match=f"没有公开的文件“{name}”"):
            library.public_document(name)


def test_relations_with_hidden_documents_are_not_public(library: Library, papers: Path) -> None:
    released(library, papers, "办法")
    tie = [{"kind": "相关", "target": "办法", "note": "内部说明"}]
    released(library, papers, "公开的", relations=tie)
    released(library, papers, "不公开的", relations=tie, disclosure="不予公开")
    draft(library, papers, "草案", relations=tie)
    assert len(library.relations("办法")) == 3
    (seen,) = library.public_relations("办法")
    assert (seen.subject_id, seen.kind, seen.note) == ("公开的", RelationKind.RELATED, None)


def test_a_reason_does_not_name_a_closed_document(library: Library, papers: Path) -> None:
    released(library, papers, "办法", effective_on="2024-02-01")
    released(
        library, papers, "秘密方案", title="秘密方案", disclosure="不予公开", effective_on="2025-01-01",
        relations=[{"kind": "废止", "target": "办法"}],
    )  # fmt: skip
    last = library.steps("办法")[-1]
    assert last.validity == "废止"
    assert "秘密方案" not in last.reason


def test_an_officers_note_stays_in_the_journal(library: Library, papers: Path) -> None:
    released(library, papers, "办法")
    released(library, papers, "决定", effective_on="2026-02-01")
    library.act(
        Act.REPEAL, "办法", by="王芳", role=Role.PUBLISHER, note="领导口头同意", made_by="决定"
    )
    assert library.history("办法")[-1].note == "领导口头同意"
    assert all(relation.note is None for relation in library.relations("办法"))


def test_the_header_signed_is_the_header_released(library: Library, papers: Path) -> None:
    draft(library, papers, "办法", doc_number="青政〔2026〕8号", written_on="2026-03-01")
    library.act(Act.REVIEW, "办法", by="审", role=Role.REVIEWER)
    library.act(Act.SIGN, "办法", by="签", role=Role.SIGNER)
    with pytest.raises(Refused, match="签发后不能再改title"):
        library.act(
            Act.RELEASE, "办法", by="发", role=Role.PUBLISHER, fields={"title": "另一个标题"}
        )
    assert library.health() == {"documents": 1, "journal": 3, "index": 3}
